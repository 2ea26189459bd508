import { trackingTableName } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { SyncScope } from '../cycle/scopes.ts';
import type { SideFound } from '../cycle/side-found.ts';
import { rowVersionText } from '../window/enumerate.ts';

/** A side as a source: its session, what it said, and whether it passes over rows that somebody is writing. */
type WaitingSource = {
  readonly session: SqlSession;
  readonly found: SideFound;
  readonly readsPast: boolean;
};

/**
 * Rows of each scope that the source has for the other side, in one trip: changes beyond the anchor, what is not
 * committed yet left out. Of a table that was never taken, or is to be compared, all rows, as the catalog counts them.
 */
export async function readWaiting(
  { session, found, readsPast }: WaitingSource,
  anchors: SideFound['anchors'],
  scopes: readonly SyncScope[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const hint = readsPast ? ' WITH (READPAST)' : '';
  const asked = scopes.flatMap(({ name: scope, tables }) =>
    tables.flatMap(({ name }) => {
      if (found.tables.get(fold(name))?.hasTracking !== true) return [];
      const anchor = anchors.get(fold(name));
      const rows =
        anchor?.state === 'incremental'
          ? `SELECT COUNT(*) FROM ${quoteNames('dbo', trackingTableName(name))}${hint} WHERE [local_update_peer_timestamp] > ${rowVersionText(anchor.timestamp)} AND ([update_scope_local_id] IS NULL OR [update_scope_local_id] <> ${found.peerId ?? 0})`
          : `SELECT ISNULL(SUM(CAST(rows AS int)), 0) FROM sys.partitions WHERE object_id = OBJECT_ID(${quoteString(quoteNames('dbo', name))}) AND index_id IN (0, 1)`;
      return [`SELECT ${quoteString(scope)} AS scope, (${rows}) AS waiting`];
    }),
  );
  if (asked.length === 0) return new Map();
  const rows = await session.query<{ scope: string; waiting: number }>(
    `SELECT w.scope AS scope, SUM(w.waiting) AS waiting FROM (\n${asked.join('\nUNION ALL ')}\n) AS w GROUP BY w.scope`,
    {},
    signal,
  );
  const waiting = new Map(scopes.map(({ name }) => [name, 0]));
  for (const row of rows) waiting.set(row.scope, row.waiting);
  return waiting;
}
