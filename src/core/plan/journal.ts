import { hashFormat } from '../schema/hash.ts';
import { quoteString } from '../sql/identifiers.ts';
import { journalTable } from './bookkeeping.ts';
import type { JournaledScript } from './plan.ts';
import type { Operator } from './setup.ts';

/** Which row of the journal is meant; a run has at most one row in work per script. */
export type JournalKey = { readonly runId: string; readonly scriptId: string };

/*
 * These texts are sent as plain batches, not as parameterised statements: those run in a scope of their own, in which
 * SET options are undone and a transaction must not be left open. Every value goes through quoteString.
 */

const columns =
  'RunId, Pack, ScriptId, Version, Sha256, HashFormat, StartedUtc, FinishedUtc, DurationMs, Host, OsUser, SqlLogin, ToolVersion, Outcome, ErrorNumber';

function insertRow(
  script: Omit<JournaledScript, 'isTransactional'>,
  runId: string,
  operator: Operator,
  outcome: { readonly name: 'started' | 'recorded' | 'refused'; readonly errorNumber?: number },
): string {
  const isOpen = outcome.name === 'started';
  const values = [
    quoteString(runId),
    quoteString(script.pack),
    quoteString(script.id),
    quoteString(script.version),
    quoteString(script.sha256),
    String(hashFormat),
    'SYSUTCDATETIME()',
    isOpen ? 'NULL' : 'SYSUTCDATETIME()',
    isOpen ? 'NULL' : '0',
    quoteString(operator.host.slice(0, 128)),
    quoteString(operator.osUser.slice(0, 128)),
    'SUSER_SNAME()',
    quoteString(operator.toolVersion.slice(0, 40)),
    quoteString(outcome.name),
    outcome.errorNumber === undefined ? 'NULL' : String(outcome.errorNumber),
  ];
  return `INSERT INTO ${journalTable} (${columns})\nVALUES (${values.join(', ')});`;
}

const openRow = ({ runId, scriptId }: JournalKey): string =>
  `RunId = ${quoteString(runId)} AND ScriptId = ${quoteString(scriptId)} AND Outcome = 'started'`;

const closing = `FinishedUtc = SYSUTCDATETIME(), DurationMs = DATEDIFF(millisecond, StartedUtc, SYSUTCDATETIME())`;

/**
 * The row 'started', committed by itself so that an interrupted script is visible, and then the transaction: one
 * round trip. An earlier script may have left SET options behind, so they are set again.
 */
export function beginScript(script: JournaledScript, runId: string, operator: Operator): string {
  const lines = [
    'SET XACT_ABORT ON; SET NOCOUNT ON; SET ANSI_NULLS ON; SET QUOTED_IDENTIFIER ON;',
    insertRow(script, runId, operator, { name: 'started' }),
  ];
  if (script.isTransactional) lines.push('BEGIN TRANSACTION;');
  return lines.join('\n');
}

/**
 * The row 'done' and the commit, in one round trip and only when the script left things as it found them: the same
 * database, and the one transaction still open. A script that ended it would have left half of itself behind.
 */
export function finishScript(script: JournaledScript, key: JournalKey, database: string): string {
  const depth = script.isTransactional ? 1 : 0;
  const update = `UPDATE ${journalTable} SET ${closing}, Outcome = 'done' WHERE ${openRow(key)};`;
  return `IF @@TRANCOUNT <> ${depth} OR LOWER(DB_NAME()) <> LOWER(${quoteString(database)})
BEGIN
  IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
  RAISERROR (N'The script ended its transaction, left one open, or changed to another database with USE.', 16, 1);
END
ELSE
BEGIN
  ${update}${script.isTransactional ? '\n  COMMIT TRANSACTION;' : ''}
END;`;
}

/** Undoes what an interrupted script had done and closes its row. */
export function abandonScript(
  key: JournalKey,
  outcome: 'failed' | 'cancelled',
  errorNumber: number | undefined,
): string {
  return `IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
UPDATE ${journalTable} SET ${closing}, Outcome = '${outcome}', ErrorNumber = ${errorNumber ?? 'NULL'} WHERE ${openRow(key)};`;
}

/** A script that is known to have run before the journal was there. */
export function recordScript(script: JournaledScript, runId: string, operator: Operator): string {
  return insertRow(script, runId, operator, { name: 'recorded' });
}

/** An optional action that this engine cannot do; see refused-before.ts. */
export function recordRefusal(
  action: { readonly id: string; readonly sha256: string; readonly errorNumber: number },
  runId: string,
  operator: Operator,
): string {
  const row = {
    pack: 'storedb',
    id: `action:${action.id}`,
    version: operator.toolVersion,
    sha256: action.sha256,
  };
  return insertRow(row, runId, operator, { name: 'refused', errorNumber: action.errorNumber });
}
