/** Functions and @@variables that read the session's state. */

import type { SessionState } from '../../model.ts';
import type { SqlType, Value } from '../../types.ts';
import { BIGINT, INT, numeric, nvarchar } from '../type-facts.ts';
import { ofRuntime, type ScalarFunction } from './definition.ts';

const SMALLINT: SqlType = { kind: 'smallint' };
const TINYINT: SqlType = { kind: 'tinyint' };

const ofSession = (
  name: string,
  type: SqlType,
  read: (session: SessionState) => Value,
  isNullable = false,
): ScalarFunction => ofRuntime(name, type, ({ session }) => read(session), isNullable);

/** The bits of @@OPTIONS: https://learn.microsoft.com/sql/database-engine/configure-windows/configure-the-user-options-server-configuration-option */
const optionBits: Readonly<Record<string, number>> = {
  implicit_transactions: 2,
  cursor_close_on_commit: 4,
  ansi_warnings: 8,
  ansi_padding: 16,
  ansi_nulls: 32,
  arithabort: 64,
  arithignore: 128,
  quoted_identifier: 256,
  nocount: 512,
  ansi_null_dflt_on: 1024,
  ansi_null_dflt_off: 2048,
  concat_null_yields_null: 4096,
  numeric_roundabort: 8192,
  xact_abort: 16_384,
};

const optionsOf = (session: SessionState): number => {
  let bits = 0;
  for (const option of session.options) bits |= optionBits[option] ?? 0;
  return bits;
};

const clampToInt = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** What SET CONTEXT_INFO stored, padded with zeros to its 128 bytes; NULL before it was set. */
const contextInfo = (session: SessionState): Value => {
  if (session.contextInfo.length === 0) return null;
  const padded = Buffer.alloc(128);
  padded.set(session.contextInfo.subarray(0, 128));
  return padded;
};

export const sessionFunctions: readonly ScalarFunction[] = [
  ofSession('@@ROWCOUNT', INT, (session) => clampToInt(session.rowCount)),
  ofSession('ROWCOUNT_BIG', BIGINT, (session) => session.rowCount),
  ofSession('@@ERROR', INT, (session) => session.lastError),
  // Inside of INSERT, UPDATE and DELETE at least 2: the user's transaction and the statement's own.
  ofRuntime(
    '@@TRANCOUNT',
    INT,
    ({ session, isChange }) =>
      isChange === true ? Math.max(session.transactionCount, 1) + 1 : session.transactionCount,
    false,
  ),
  ofSession('@@IDENTITY', numeric(38, 0), (session) => session.lastIdentity ?? null, true),
  ofSession('SCOPE_IDENTITY', numeric(38, 0), (session) => session.scopeIdentity ?? null, true),
  ofSession('@@SPID', SMALLINT, (session) => session.id),
  ofSession('@@NESTLEVEL', INT, (session) => session.nestLevel),
  ofSession('TRIGGER_NESTLEVEL', INT, (session) => session.triggerNestLevel),
  ofSession('@@PROCID', INT, (session) => session.moduleId),
  ofSession('@@LANGUAGE', nvarchar(128), (session) => session.language),
  // us_english is the only language here; its number is 0.
  ofSession('@@LANGID', SMALLINT, () => 0),
  ofSession('@@DATEFIRST', TINYINT, (session) => session.dateFirst),
  ofSession('@@LOCK_TIMEOUT', INT, (session) => session.lockTimeout),
  ofSession('@@TEXTSIZE', INT, (session) => session.textSize),
  ofSession('@@OPTIONS', INT, optionsOf),
  ofSession('XACT_STATE', SMALLINT, (session) => session.transactionState),
  ofSession('CONTEXT_INFO', { kind: 'varbinary', length: 128 }, contextInfo, true),
  ofSession('APP_NAME', nvarchar(128), (session) => session.application),
  ofSession('HOST_NAME', nvarchar(128), (session) => session.host, true),
  ofSession('HOST_ID', { kind: 'char', length: 10 }, (session) =>
    String(session.processId).padEnd(10, ' ').slice(0, 10),
  ),
  ofSession('ERROR_NUMBER', INT, ({ caught }) => caught?.number ?? null, true),
  ofSession('ERROR_MESSAGE', nvarchar(4000), ({ caught }) => caught?.text ?? null, true),
  ofSession('ERROR_SEVERITY', INT, ({ caught }) => caught?.severity ?? null, true),
  ofSession('ERROR_STATE', INT, ({ caught }) => caught?.state ?? null, true),
  ofSession('ERROR_LINE', INT, ({ caught }) => caught?.line ?? null, true),
  ofSession('ERROR_PROCEDURE', nvarchar(128), ({ caught }) => caught?.procedure ?? null, true),
];
