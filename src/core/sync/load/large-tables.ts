import { quoteNames } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { WindowTable } from '../window/order.ts';

/** Up to here a table comes whole with the window of its scope, which shows all its tables of one moment. */
const rowsOfWindow = 20_000;

/** Of tables that have never come, those that are too large for one window; and those whose first load is under way. */
export async function largeTables(
  source: SqlSession,
  tables: readonly WindowTable[],
  signal: AbortSignal,
): Promise<readonly WindowTable[]> {
  const asked = tables.filter(({ anchor }) => anchor === undefined);
  const large = new Set(asked.length === 0 ? [] : await largeOnes(source, asked, signal));
  return tables.filter((table) => table.anchor?.state === 'initial' || large.has(table));
}

async function largeOnes(
  source: SqlSession,
  tables: readonly WindowTable[],
  signal: AbortSignal,
): Promise<readonly WindowTable[]> {
  // Engines that are compatible with SQL Server know no row counts in sys.partitions. A till that is at work changes
  // nothing about the size of a table, so nobody waits for it.
  const counts = tables.map(
    ({ from }, index) =>
      `SELECT ${index} AS place, COUNT(*) AS rows FROM (SELECT TOP (${rowsOfWindow + 1}) 1 AS one FROM ${quoteNames(from.schema, from.name)} WITH (NOLOCK)) AS t`,
  );
  const found = await source.query<{ place: number; rows: number }>(counts.join('\nUNION ALL '), {}, signal);
  const places = new Set(found.filter(({ rows }) => rows > rowsOfWindow).map(({ place }) => place));
  return tables.filter((_, index) => places.has(index));
}
