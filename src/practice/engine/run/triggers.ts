/** AFTER triggers. */

import type { Change } from '../data/write-rows.ts';
import { SqlError } from '../extension.ts';
import type { Trigger } from '../model.ts';
import { actAsModule } from './impersonation.ts';
import { runStatements } from './interpreter.ts';
import { enterModule } from './modules.ts';
import { newActivation, type Run } from './run.ts';

/** Fires what the changes ask for. A trigger that ends the transaction ends the batch (3609). */
export const fireTriggers = async (run: Run, changes: readonly Change[]): Promise<void> => {
  for (const change of changes) {
    for (const trigger of change.table.triggers) {
      if (trigger.isDisabled || !trigger.events.includes(change.event)) continue;
      if (isRunning(run, trigger)) continue;
      await fire(run, trigger, change);
    }
  }
};

/** RECURSIVE_TRIGGERS is off, as it is by default: a trigger does not fire itself. */
const isRunning = (run: Run, trigger: Trigger): boolean =>
  run.activation.trigger !== undefined && run.connection.state.moduleId === trigger.id;

const fire = async (run: Run, trigger: Trigger, change: Change): Promise<void> => {
  const { connection } = run;
  const { state, transaction } = connection;
  const isAutocommit = connection.isAutocommit;
  // Inside a trigger there always is a transaction.
  if (isAutocommit) {
    state.transactionCount = 1;
    state.transactionState = 1;
  }
  const count = state.transactionCount;
  const activation = newActivation({
    caller: run.activation,
    isInner: true,
    procedure: trigger.name,
    home: { database: change.database, schema: trigger.schema },
    hasOwnerRights: true,
    trigger: {
      table: change.table,
      inserted: change.inserted,
      deleted: change.deleted,
      assigned: change.assigned,
    },
  });
  state.triggerNestLevel += 1;
  try {
    await enterModule(run, activation, trigger.id, trigger.body, (inner) => {
      actAsModule(inner, trigger.runAs, change.database);
      return runStatements(inner, trigger.body);
    });
  } finally {
    state.triggerNestLevel -= 1;
    if (isAutocommit && connection.transaction === transaction && state.transactionState === 1) {
      state.transactionCount = 0;
      state.transactionState = 0;
    }
  }
  if (connection.transaction !== transaction || (!isAutocommit && state.transactionCount < count)) {
    throw new SqlError(3609, 'The transaction ended in the trigger. The batch has been aborted.', 16, 1);
  }
};
