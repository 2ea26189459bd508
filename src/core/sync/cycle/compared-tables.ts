import { trackingTableName } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { DueTables, Taken } from './due-tables.ts';
import type { LinkMemory } from './link.ts';
import type { SyncSide } from './side-link.ts';

/**
 * The way of engines without MIN_ACTIVE_ROWVERSION. The last rowversion given out is no bound: a transaction that is open
 * below it would be skipped for ever when it commits. So such a side has no windows of changes: a table is compared as a
 * whole whenever the committed rows of its tracking table are others than at the last comparison. What commits later
 * changes them, whatever its rowversion is.
 */
export async function readMarks(
  session: SqlSession,
  tables: readonly Taken[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (tables.length === 0) return new Map();
  const asked = tables.map(
    ({ name }) => `SELECT ${quoteString(fold(name))} AS name, CAST(COUNT_BIG(*) AS varchar(20)) + '/' +
  ISNULL(CAST(SUM(CAST(CAST([local_update_peer_timestamp] AS bigint) AS numeric(38, 0))) AS varchar(40)), '') + '/' +
  ISNULL(CAST(CAST(MAX([local_update_peer_timestamp]) AS bigint) AS varchar(20)), '') AS mark
FROM ${quoteNames('dbo', trackingTableName(name))}`,
  );
  const rows = await session.query<{ name: string; mark: string }>(asked.join('\nUNION ALL '), {}, signal);
  return new Map(rows.map(({ name, mark }) => [name, mark]));
}

/** What was compared is remembered as long as the link lives; a new one compares everything once. */
export function comparedDue(
  source: SyncSide,
  marks: ReadonlyMap<string, string>,
  retries: ReadonlySet<string>,
  { compared }: LinkMemory,
): DueTables {
  const place = (name: string) => `${source} ${fold(name)}`;
  return {
    has: (name) => retries.has(fold(name)) || marks.get(fold(name)) !== compared.get(place(name)),
    settled(names) {
      for (const name of names) {
        const mark = marks.get(fold(name));
        if (mark !== undefined) compared.set(place(name), mark);
      }
    },
  };
}
