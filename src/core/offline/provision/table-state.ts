import { fold } from '../../plan/detect/ask.ts';
import type { TableShape } from '../tables/table-shape.ts';
import { trackingColumns, type trackingStatements } from '../tracking/statements.ts';
import type { Provisioning } from './detect-provisioning.ts';

/** How far a table of the profile is provisioned in a database. */
export type TableState = {
  /** 'other-key' = ours, but made for another primary key. */
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
  columns: readonly string[] | undefined,
  hasForeignTriggers: boolean,
): TableState['table'] {
  if (hasForeignTriggers) return 'foreign';
  if (columns === undefined) return 'missing';
  const ours = trackingColumns.map(([column]) => fold(column));
  if (!ours.every((column) => columns.includes(column)) || columns.includes('local_update_peer_key'))
    return 'foreign';
  const key = columns.filter((column) => !ours.includes(column));
  return key.join('\0') === shape.primaryKey.map(fold).join('\0') ? 'ours' : 'other-key';
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
