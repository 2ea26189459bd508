import { rowVersionText } from './enumerate.ts';
import type { WindowOrder } from './order.ts';
import { outputParked } from './park.ts';
import { baseOf, firstKey, match, rowDiffers, type StagedTable, trackingOf } from './staged-table.ts';

/** What happens to a staged row that the destination knows otherwise. */
type ConflictRule =
  /** Download: it overwrites. */
  | 'overwrite'
  /** Upload: what is not this register's own stays, and the register's row is parked. Gone rows are not told. */
  | 'keep-others'
  /** Bidirectional, to the store: what changed there since the register last looked stays. */
  | 'store-wins'
  /** Bidirectional, to the register: what a till has changed since is left for the next cycle. */
  | 'hold';

export function conflictRule({
  direction,
  towards,
}: Pick<WindowOrder, 'direction' | 'towards'>): ConflictRule {
  if (direction === 'download') return 'overwrite';
  if (direction === 'upload') return 'keep-others';
  return towards === 'store' ? 'store-wins' : 'hold';
}

/** Held rows, as many as there are, by the table's place. */
export const declareHeld = 'DECLARE @held TABLE (TableNo int NOT NULL);';

/**
 * Takes rows in conflict out of the staging table. First the rows of the destination are locked under the staged keys,
 * those that are not there too, then it is asked who changed them: nobody can change them between that and our write.
 * Two statements, because one could read the tracking table before it waits for a till's row.
 */
export function takeConflictsOut(
  table: StagedTable,
  place: number,
  order: Pick<WindowOrder, 'direction' | 'towards' | 'sourceId' | 'isAfterRestore'>,
): string {
  const rule = conflictRule(order);
  if (rule === 'overwrite') return '';
  const base = baseOf(table);
  const isThere = `b.${firstKey(table)} IS NOT NULL`;
  const differs = `(s.[storedb_gone] = 1 OR ${rowDiffers(table)})`;
  const theirs = changedByOthers(table, order);
  const isKnown = `t.${firstKey(table)} IS NOT NULL`;
  // A row that is not here was deleted here when the tracking table says so; otherwise it is a new one.
  const wasDeleted =
    rule === 'keep-others'
      ? ''
      : ` OR (NOT ${isThere} AND s.[storedb_gone] = 0 AND t.[sync_row_is_tombstone] = 1 AND ${theirs})`;
  const isChanged = rule === 'hold' ? `${isKnown} AND ${theirs}` : theirs;
  const output =
    rule === 'hold' ? `OUTPUT ${place} INTO @held (TableNo)` : outputParked(table, place, words[rule]);
  return `SELECT @differing = COUNT(*) FROM ${table.staging} AS s JOIN ${base} AS b WITH (UPDLOCK, HOLDLOCK) ON ${match(table, 'b')} WHERE ${differs};
DELETE s ${output}
FROM ${table.staging} AS s LEFT JOIN ${base} AS b ON ${match(table, 'b')} LEFT JOIN ${trackingOf(table)} AS t ON ${match(table, 't')}
WHERE (${isThere} AND ${differs} AND ${isChanged})${wasDeleted};`;
}

/** That somebody else than the source made the row of the destination what it is, and the source has not seen it. */
function changedByOthers(
  { opposite }: StagedTable,
  order: Pick<WindowOrder, 'direction' | 'towards' | 'sourceId' | 'isAfterRestore'>,
): string {
  const origin = `(t.[update_scope_local_id] IS NULL OR t.[update_scope_local_id] <> ${order.sourceId})`;
  if (order.towards === 'store' && (order.isAfterRestore || opposite === 'untracked')) return '1 = 1';
  if (order.direction === 'upload' || typeof opposite !== 'bigint') return origin;
  return `(${origin} AND t.[local_update_peer_timestamp] > ${rowVersionText(opposite)})`;
}

/** Reason, number and message of what is parked. */
const words = {
  'keep-others': "N'same-key', NULL, N'The store has another row under this key.'",
  'store-wins': "N'store-wins', NULL, N'The store changed this row too; its version stays.'",
} as const;
