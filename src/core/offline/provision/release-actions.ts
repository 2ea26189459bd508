import { planned } from '../../plan/actions/target.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Action, DatabaseTarget } from '../../plan/plan.ts';
import { refusal } from '../../plan/refusal.ts';
import { quoteNames, quoteString } from '../../sql/identifiers.ts';
import { anchorTable, syncTableTable, trackingTableName, trackingTriggerName } from '../tracking/names.ts';
import type { Provisioning } from './detect-provisioning.ts';
import type { PendingUploads } from './pending.ts';
import type { ProfileTable } from './provision-actions.ts';

/**
 * Takes the tracking away from tables of an offline database that its profile does not have any more; the tables and
 * their rows stay. Throws `rows-wait-for-upload` while changes of such a table have not reached the store.
 */
export function releaseActions(
  tables: readonly Pick<ProfileTable, 'shape'>[],
  found: Provisioning,
  pending: PendingUploads,
  target: DatabaseTarget,
): readonly Action[] {
  const kept = new Set(tables.map(({ shape }) => fold(shape.name)));
  const stale = [...found.recorded].filter(([name]) => !kept.has(name));
  const waiting = stale.filter(([name]) => pending.has(name));
  if (waiting.length > 0)
    throw refusal(
      'rows-wait-for-upload',
      `These tables are no longer in the profile, but rows of theirs have not reached the store: ${waiting
        .map(([name, { name: table }]) => `${table} (${pending.get(name) ?? 0})`)
        .join(', ')}.`,
      'Let the register synchronise with its present profile first, then run this again.',
      { tables: waiting.length },
    );
  if (stale.length === 0) return [];
  return [
    {
      id: 'release',
      kind: 'run-units',
      title: `Stop tracking ${stale.length === 1 ? '1 table' : `${stale.length} tables`} that left the profile`,
      risk: 'changes',
      need: 'necessary',
      target,
      unit: 'tables',
      units: stale.map(([, { name }]) => ({ names: [name], batches: [planned(releaseSql(name))] })),
    },
  ];
}

/** The trigger goes first: without its table it would stop every sale. */
export function releaseSql(table: string): string {
  const trigger = quoteNames('dbo', trackingTriggerName(table));
  const tracking = quoteNames('dbo', trackingTableName(table));
  return `SET XACT_ABORT ON; SET NOCOUNT ON;
BEGIN TRANSACTION;
IF OBJECT_ID(${quoteString(trigger)}) IS NOT NULL EXEC (N'DROP TRIGGER ${trigger.replaceAll("'", "''")}');
IF OBJECT_ID(${quoteString(tracking)}) IS NOT NULL DROP TABLE ${tracking};
DELETE FROM ${anchorTable} WHERE TableName = ${quoteString(table)};
DELETE FROM ${syncTableTable} WHERE TableName = ${quoteString(table)};
COMMIT TRANSACTION;`;
}
