/** TRUNCATE TABLE. */

import { requirePermission } from '../../catalog/index.ts';
import type { ObjectName } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { nameText } from '../query/compile-context.ts';
import { findObject } from '../query/objects.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { Execution, Work } from '../run/context.ts';
import { commands, type DataOutcome, type DataPlan } from './data-plan.ts';
import { referencesTo } from './foreign-keys.ts';

export const compileTruncate = (name: ObjectName, context: CompileContext): DataPlan => {
  const found = findObject(name, context);
  if (found?.object.kind !== 'table') {
    throw new SqlError(
      4701,
      `Cannot find the object "${nameText(name)}" because it does not exist or you do not have permissions.`,
      16,
      1,
    );
  }
  const { object: table, database } = found;
  return {
    *run(execution: Execution): Work<DataOutcome> {
      if (!table.name.startsWith('#')) {
        requirePermission(execution.session, database, 'ALTER', { kind: 'object', object: table });
      }
      if (referencesTo(table, database).some((constraint) => constraint.parentId !== table.id)) {
        throw new SqlError(
          4712,
          `Cannot truncate table '${nameText(name)}' because it is being referenced by a FOREIGN KEY constraint.`,
        );
      }
      const { transaction } = execution;
      execution.instance.locks.lockTable(table, database.id, transaction, 'Sch-M');
      const storage = rowsOf(table);
      let steps = 0;
      for (const row of [...storage.rows.values()]) {
        if (row.values !== null) storage.replace(row, null, transaction);
        if ((++steps & 1023) === 0) yield;
      }
      const { identity } = table;
      if (identity !== undefined) {
        const before = identity.last;
        identity.last = undefined;
        transaction.log(() => {
          identity.last = before;
        });
      }
      yield;
      return {
        result: undefined,
        count: 0,
        isUncounted: true,
        command: commands.other,
        changes: [],
        identity: undefined,
      };
    },
  };
};
