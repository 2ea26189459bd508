import { anchorTable, replicaTable } from '../../offline/tracking/names.ts';
import { ask, fold } from '../../plan/detect/ask.ts';
import { quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';

/**
 * The tables of an offline database whose rows have all come from its present store once, by folded name: their anchor
 * there is finished. None where the synchronisation's records are not there yet.
 */
export async function readLoadedTables(
  offline: SqlSession,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const rows = await offline.query<{ name: string }>(
    `IF OBJECT_ID(N'storedb.Anchor') IS NOT NULL AND OBJECT_ID(N'storedb.Replica') IS NOT NULL
  SELECT a.TableName AS name FROM ${anchorTable} AS a JOIN ${replicaTable} AS r ON r.LocalId = a.PeerId
  WHERE r.Kind = N'store' AND r.RetiredUtc IS NULL AND a.State <> 'initial'`,
    {},
    signal,
  );
  return new Set(rows.map(({ name }) => fold(name)));
}

/**
 * How many rows the tables of a database hold, as its catalog knows without reading them; undefined where the engine
 * does not say. Good enough to tell how long something takes, not to prove anything.
 */
export async function countRows(
  session: SqlSession,
  tables: readonly string[],
  signal: AbortSignal,
): Promise<number | undefined> {
  if (tables.length === 0) return 0;
  const names = tables.map((name) => quoteString(fold(name))).join(', ');
  const answer = await ask(() =>
    session.query<{ count: string | number | null }>(
      `SELECT SUM(p.rows) AS count FROM sys.partitions AS p
JOIN sys.tables AS t ON t.object_id = p.object_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE p.index_id IN (0, 1) AND s.name = N'dbo' AND LOWER(t.name) IN (${names})`,
      {},
      signal,
    ),
  );
  const count = answer.known ? answer.value[0]?.count : undefined;
  return count === undefined || count === null ? undefined : Number(count);
}
