import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import { type Checked, known, type OtherStore } from '../detected.ts';
import { ask, fold } from './ask.ts';

export type OtherStores = {
  readonly otherStores: Checked<readonly OtherStore[]>;
  /** Names of databases that refused the question. */
  readonly unaskedDatabases: readonly string[];
};

/**
 * Looks in the server's other databases for one that says it is the store database of the same store: a store has
 * one, and a second one splits its sales. Each database is asked alone, since one of them may be locked or broken.
 */
export async function findOtherStores(
  master: SqlSession,
  storeId: string | undefined,
  ownDatabase: string,
  signal: AbortSignal,
): Promise<OtherStores> {
  if (storeId === undefined) return { otherStores: known([]), unaskedDatabases: [] };
  const names = await ask(() => readOpenDatabases(master, signal));
  if (!names.known) return { otherStores: names, unaskedDatabases: [] };
  const found: OtherStore[] = [];
  const unasked: string[] = [];
  for (const database of names.value) {
    if (fold(database) === fold(ownDatabase)) continue;
    const answer = await ask(() => readStoreId(master, database, signal));
    if (!answer.known) unasked.push(database);
    else if (answer.value !== undefined && fold(answer.value) === fold(storeId))
      found.push({ database, storeId: answer.value });
  }
  return { otherStores: known(found), unaskedDatabases: unasked };
}

async function readOpenDatabases(master: SqlSession, signal: AbortSignal): Promise<readonly string[]> {
  const rows = await master.query<{ name: string }>(
    `SELECT name FROM sys.databases
WHERE state = 0 AND HAS_DBACCESS(name) = 1 AND LOWER(name) NOT IN (N'master', N'tempdb', N'model', N'msdb')
ORDER BY name`,
    {},
    signal,
  );
  return rows.map(({ name }) => name);
}

async function readStoreId(
  master: SqlSession,
  database: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const table = quoteNames(database, 'storedb', 'DatabaseIdentity');
  const rows = await master.query<{ storeId: string | null }>(
    `IF OBJECT_ID(${quoteString(table)}) IS NOT NULL
  SELECT StoreId AS storeId FROM ${table} WHERE Kind = N'store'`,
    {},
    signal,
  );
  return rows[0]?.storeId ?? undefined;
}
