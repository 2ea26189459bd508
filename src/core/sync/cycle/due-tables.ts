import { trackingTableName } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import { type RowVersion, rowVersionText } from '../window/enumerate.ts';
import { comparedDue, readMarks } from './compared-tables.ts';
import type { Seat } from './enter.ts';
import type { LinkMemory } from './link.ts';
import type { SyncScope } from './scopes.ts';

/** The tables of one direction that have something for the other side. */
export type DueTables = {
  has(name: string): boolean;
  /** The scope of these tables has been moved. */
  settled(names: readonly string[]): void;
};

/**
 * Which they are: those with changes beyond the anchor that the other side keeps, and those of which it wants to try
 * parked rows again. One trip to the source, whatever the number of tables.
 */
export async function readDue(
  source: Seat,
  destination: Seat,
  scopes: readonly SyncScope[],
  memory: LinkMemory,
  signal: AbortSignal,
): Promise<DueTables> {
  const { session, abilities } = source.control;
  const tables = scopes
    .flatMap(({ tables: each }) => each)
    .flatMap(({ name }): readonly Taken[] => {
      const anchor = destination.found.anchors.get(fold(name));
      const isThere = source.found.tables.get(fold(name))?.hasTracking === true;
      return isThere && anchor?.state === 'incremental' ? [{ name, after: anchor.timestamp }] : [];
    });
  const { retries } = destination.found;
  if (!abilities.knowsCommitted)
    return comparedDue(source.side.side, await readMarks(session, tables, signal), retries, memory);
  const changed = await readChanged(session, tables, source.found.upper, abilities.readsPast, signal);
  const has = (name: string) => changed.has(fold(name)) || retries.has(fold(name));
  return { has, settled: () => undefined };
}

/** A tracked table and how far its changes have been taken. */
export type Taken = { readonly name: string; readonly after: RowVersion };

/**
 * The tables with changes beyond what was taken: one seek each. Rows that somebody is writing are passed over; they lie
 * above the bound by the time they are committed. A row of whichever origin counts: an anchor has to pass over what came
 * back as well.
 */
export async function readChanged(
  session: SqlSession,
  tables: readonly Taken[],
  upper: RowVersion,
  readsPast: boolean,
  signal: AbortSignal,
): Promise<Set<string>> {
  if (tables.length === 0) return new Set();
  const hint = readsPast ? ' WITH (READPAST)' : '';
  const asked = tables.map(
    ({ name, after }) =>
      `SELECT ${quoteString(name)} AS name WHERE EXISTS (SELECT 1 FROM ${quoteNames('dbo', trackingTableName(name))}${hint} WHERE [local_update_peer_timestamp] > ${rowVersionText(after)} AND [local_update_peer_timestamp] <= @upper)`,
  );
  // Only the bound differs from one idle cycle to the next: the server keeps the plan.
  const rows = await session.query<{ name: string }>(
    `DECLARE @upper binary(8); SET @upper = CAST(CAST(@bound AS bigint) AS binary(8));\n${asked.join('\nUNION ALL ')}`,
    { bound: String(upper) },
    signal,
  );
  return new Set(rows.map(({ name }) => fold(name)));
}
