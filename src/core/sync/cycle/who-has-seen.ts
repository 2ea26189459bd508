import { anchorTable, replicaTable, seenTable } from '../../offline/tracking/names.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { RowVersion } from '../window/enumerate.ts';

/**
 * Tables that some register brings up, by folded name; true = a live one has not said how far the store's changes have
 * come with it: its word was lost, or it takes none of this table.
 */
export async function readBroughtUp(
  session: SqlSession,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await session.query<{ name: string; unsaid: number }>(
    `SELECT LOWER(a.TableName) AS name, MAX(CASE WHEN r.LocalId IS NULL OR s.PeerId IS NOT NULL THEN 0 ELSE 1 END) AS unsaid
FROM ${anchorTable} AS a
LEFT JOIN ${replicaTable} AS r ON r.LocalId = a.PeerId AND r.RetiredUtc IS NULL
LEFT JOIN ${seenTable} AS s ON s.PeerId = a.PeerId AND LOWER(s.TableName) = LOWER(a.TableName)
GROUP BY LOWER(a.TableName)`,
    {},
    signal,
  );
  return new Map(rows.map(({ name, unsaid }) => [name, unsaid === 1]));
}

export type Seen = { readonly name: string; readonly replicaId: string; readonly at: RowVersion };

/** How far the live replicas are, as far as they have said so; of a table that only comes down, the others compare. */
export async function readSeen(session: SqlSession, signal: AbortSignal): Promise<readonly Seen[]> {
  const rows = await session.query<{ name: string; replicaId: string; at: string }>(
    `SELECT LOWER(s.TableName) AS name, CAST(r.ReplicaId AS varchar(36)) AS replicaId, CAST(CAST(s.[Timestamp] AS bigint) AS varchar(20)) AS at
FROM ${seenTable} AS s JOIN ${replicaTable} AS r ON r.LocalId = s.PeerId WHERE r.RetiredUtc IS NULL`,
    {},
    signal,
  );
  return rows.map(({ name, replicaId, at }) => ({
    name,
    replicaId: replicaId.toUpperCase(),
    at: BigInt(at),
  }));
}
