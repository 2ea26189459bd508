import { fold } from '../../plan/detect/ask.ts';
import type { ColumnShape, TableShape } from '../tables/table-shape.ts';
import { typeText } from '../tracking/column-type.ts';
import { keyColumns, trackingColumns, type trackingStatements } from '../tracking/statements.ts';
import type { Provisioning, TrackingColumn } from './detect-provisioning.ts';

/** How far a table of the profile is provisioned in a database. */
export type TableState = {
  /** 'other-key' = ours, but made for another primary key, or for one of other types or collations. */
  readonly table: 'missing' | 'ours' | 'other-key' | 'foreign';
  readonly hasIndex: boolean;
  /**
   * 'unreadable' = there and enabled, but the server does not show its text; 'outdated' = as an earlier edition of
   * storedb made it; 'changed' = as nobody of us made it.
   */
  readonly trigger: 'missing' | 'ours' | 'outdated' | 'changed' | 'disabled' | 'unreadable';
};

export function stateOf(
  shape: TableShape,
  { triggerHash }: Pick<ReturnType<typeof trackingStatements>, 'triggerHash'>,
  found: Provisioning,
): TableState {
  const name = fold(shape.name);
  const tracking = found.trackingTables.get(name);
  return {
    table: tableState(shape, tracking?.columns, found.foreignTriggers.has(name)),
    hasIndex: tracking?.hasIndex === true,
    trigger: triggerState(triggerHash, name, found),
  };
}

/** A table that Sync Framework tracks has columns that ours never had, or its triggers. */
function tableState(
  shape: TableShape,
  columns: readonly TrackingColumn[] | undefined,
  hasForeignTriggers: boolean,
): TableState['table'] {
  if (hasForeignTriggers) return 'foreign';
  if (columns === undefined) return 'missing';
  const ours = trackingColumns.map(([column]) => fold(column));
  const has = (column: string) => columns.some(({ name }) => name === column);
  if (!ours.every(has) || has('local_update_peer_key')) return 'foreign';
  const marked = columns.filter(({ name }) => !ours.includes(name));
  const key = keyColumns(shape);
  const fits = marked.length === key.length && marked.every((column, index) => isCopyOf(column, key[index]));
  return fits ? 'ours' : 'other-key';
}

/**
 * A copy that is too narrow, or compares otherwise, would let every sale fail. A collation that is not known (the
 * database's own, of a database that is not there yet) is not compared.
 */
function isCopyOf(copy: TrackingColumn, column: ColumnShape | undefined): boolean {
  if (column === undefined || copy.name !== fold(column.name)) return false;
  if (typeText(copy) !== typeText(column)) return false;
  if (copy.collation === undefined || column.collation === undefined) return true;
  return fold(copy.collation) === fold(column.collation);
}

function triggerState(expected: string, name: string, found: Provisioning): TableState['trigger'] {
  const trigger = found.triggers.get(name);
  if (trigger === undefined) return 'missing';
  if (trigger.isDisabled) return 'disabled';
  if (trigger.hash === expected) return 'ours';
  const recorded = found.recorded.get(name)?.triggerHash;
  if (trigger.hash === undefined) return recorded === expected ? 'unreadable' : 'outdated';
  return trigger.hash === recorded ? 'outdated' : 'changed';
}

/** Whether there is nothing to do for the table itself. */
export const isProvisioned = ({ table, hasIndex, trigger }: TableState): boolean =>
  table === 'ours' && hasIndex && (trigger === 'ours' || trigger === 'unreadable');

/** What let changes go by unseen, if anything did: a destination must compare the whole table then. */
export type TrackingGap = 'off' | 'changed' | 'missing' | 'other-key';

export function gapOf({ table, trigger }: TableState): TrackingGap | undefined {
  if (table === 'other-key') return 'other-key';
  if (trigger === 'disabled') return 'off';
  if (table === 'missing' || trigger === 'missing') return 'missing';
  return trigger === 'changed' ? 'changed' : undefined;
}
