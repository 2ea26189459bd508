/** Entering and leaving procedures, triggers and dynamic text: what changes for their time, and comes back. */

import type { Statement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { Connection } from './connection.ts';
import type { Activation } from './context.ts';
import { declareVariables } from './declarations.ts';
import { revertTo } from './impersonation.ts';
import { ScopeAborted } from './outcomes.ts';
import type { Run } from './run.ts';
import { dropTemporary } from './temporary-tables.ts';

/**
 * Runs the body in its own activation. SET options, the identity of the scope, temporary tables and the nesting
 * level are the caller's again afterwards. An error that ends the scope ends only this one.
 */
export const enterModule = async (
  run: Run,
  activation: Activation,
  moduleId: number,
  body: readonly Statement[],
  execute: (inner: Run) => Promise<unknown>,
): Promise<void> => {
  const { connection } = run;
  const { state } = connection;
  if (state.nestLevel >= 32) {
    throw new SqlError(
      217,
      'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
    );
  }
  const restore = remember(connection);
  state.nestLevel += 1;
  state.moduleId = moduleId;
  state.scopeIdentity = undefined;
  const inner: Run = { ...run, activation };
  try {
    declareVariables(inner, body);
    await execute(inner);
  } catch (problem) {
    if (!(problem instanceof ScopeAborted) || problem.activation !== activation) throw problem;
  } finally {
    dropTemporary(connection, activation);
    restore();
  }
};

/** Settings that a module may change only for itself. */
const remember = (connection: Connection): (() => void) => {
  const { state } = connection;
  const options = new Set(state.options);
  const {
    nestLevel,
    moduleId,
    scopeIdentity,
    dateFirst,
    dateFormat,
    language,
    lockTimeout,
    textSize,
    isolation,
  } = state;
  const { rowLimit, actedBeforeModule } = connection;
  const actedBefore = connection.actedBefore.length;
  connection.actedBeforeModule = actedBefore;
  return () => {
    revertTo(connection, actedBefore);
    connection.actedBeforeModule = actedBeforeModule;
    state.options.clear();
    for (const option of options) state.options.add(option);
    Object.assign(state, {
      nestLevel,
      moduleId,
      scopeIdentity,
      dateFirst,
      dateFormat,
      language,
      lockTimeout,
      textSize,
      isolation,
    });
    connection.rowLimit = rowLimit;
  };
};
