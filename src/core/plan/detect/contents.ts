import type { SqlSession } from '../../sql/session.ts';
import { identityTable, journalTable, ownSchema } from '../bookkeeping.ts';
import type { DatabaseContents, JournalEntry, RecordedIdentity } from '../detected.ts';
import { askAccess } from './access.ts';
import { ask, fold, only } from './ask.ts';

/** Whose database it is and how far it has come, from a session in it. */
export async function detectContents(
  session: SqlSession,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<DatabaseContents> {
  const objects = await readObjects(session, signal);
  const own = objects.filter(({ schema }) => schema === ownSchema).map(({ name }) => name);
  const others = objects.filter(({ schema }) => schema !== ownSchema);
  const hasTable = (table: string) =>
    others.some(({ schema, name, type }) => schema === 'dbo' && name === table && type === 'U');
  const hasPosInfo = hasTable('posisinfo');
  return {
    foreignObjects: others.length,
    bookkeeping: own,
    hasPosInfo,
    dbVersion: hasPosInfo ? await readVersion(session, signal) : undefined,
    isHeadOffice: hasTable('sqldictionary') && hasTable('sysuserinfo'),
    journal: own.includes('journal') ? await readJournal(session, signal) : [],
    identity: own.includes('databaseidentity') ? await readRecordedIdentity(session, signal) : undefined,
    mayChange: await ask(() => readMayChange(session, signal)),
    access: await askAccess(session, groups, signal),
  };
}

type Named = { readonly schema: string; readonly name: string; readonly type: string };

async function readObjects(session: SqlSession, signal: AbortSignal): Promise<readonly Named[]> {
  const rows = await session.query<Named>(
    `SELECT s.name AS [schema], o.name AS name, o.type AS type
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'P', 'FN', 'IF', 'TF')`,
    {},
    signal,
  );
  // type is char(2) and comes padded.
  return rows.map(({ schema, name, type }) => ({
    schema: fold(schema),
    name: fold(name),
    type: type.trim(),
  }));
}

async function readVersion(session: SqlSession, signal: AbortSignal): Promise<string | undefined> {
  const rows = await session.query<{ dbVersion: string | null }>(
    `SELECT [TEXT] AS dbVersion FROM dbo.POSISINFO WHERE ID = N'DBVERSION'`,
    {},
    signal,
  );
  return rows[0]?.dbVersion?.trim() || undefined;
}

async function readJournal(session: SqlSession, signal: AbortSignal): Promise<readonly JournalEntry[]> {
  const rows = await session.query<{
    pack: string;
    scriptId: string;
    version: string;
    sha256: string;
    hashFormat: number;
    outcome: JournalEntry['outcome'];
    errorNumber: number | null;
  }>(
    `SELECT Pack AS pack, ScriptId AS scriptId, Version AS version, Sha256 AS sha256, HashFormat AS hashFormat,
  Outcome AS outcome, ErrorNumber AS errorNumber
FROM ${journalTable} ORDER BY EntryId`,
    {},
    signal,
  );
  return rows.map((row) => ({
    ...row,
    sha256: row.sha256.trim(),
    errorNumber: row.errorNumber ?? undefined,
  }));
}

async function readRecordedIdentity(
  session: SqlSession,
  signal: AbortSignal,
): Promise<RecordedIdentity | undefined> {
  const [row] = await session.query<{ kind: string; storeId: string | null; dataAreaId: string | null }>(
    `SELECT Kind AS kind, StoreId AS storeId, DataAreaId AS dataAreaId FROM ${identityTable}`,
    {},
    signal,
  );
  if (row === undefined) return undefined;
  return { kind: row.kind, storeId: row.storeId ?? undefined, dataAreaId: row.dataAreaId ?? undefined };
}

async function readMayChange(session: SqlSession, signal: AbortSignal): Promise<boolean> {
  const row = only(
    await session.query<{ mayAlter: number | null; isOwner: number | null }>(
      `SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER') AS mayAlter, IS_MEMBER('db_owner') AS isOwner`,
      {},
      signal,
    ),
  );
  return row.mayAlter === 1 || row.isOwner === 1;
}
