/** ENABLE and DISABLE TRIGGER. */

import type { ObjectName } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName, type Table } from '../model.ts';
import { nameText } from '../query/compile-context.ts';
import type { Undo } from './build-table.ts';
import { type Change, tableForChange } from './change.ts';

export const enableTriggers = (
  change: Change,
  name: ObjectName,
  names: readonly string[] | 'all',
  enable: boolean,
): void => {
  const missing = new SqlError(
    1088,
    `Cannot find the object "${nameText(name)}" because it does not exist or you do not have permissions.`,
    16,
    120,
  );
  const { table } = tableForChange(name, change, missing);
  setTriggerState(table, names, enable, change.undo);
};

export const setTriggerState = (
  table: Table,
  names: readonly string[] | 'all',
  enable: boolean,
  undo: Undo,
): void => {
  const triggers =
    names === 'all'
      ? table.triggers
      : names.map((wanted) => {
          const trigger = table.triggers.find((candidate) => foldName(candidate.name) === foldName(wanted));
          if (trigger === undefined) {
            throw new SqlError(
              4920,
              `ALTER TABLE failed because trigger '${wanted}' on table '${table.name}' does not exist.`,
            );
          }
          return trigger;
        });
  for (const trigger of triggers) {
    const before = trigger.isDisabled;
    trigger.isDisabled = !enable;
    undo(() => {
      trigger.isDisabled = before;
    });
  }
};
