/** Runs a change of definitions: transactional like data, with the compiled plans thrown away. */

import { doomed } from './connection.ts';
import type { Execution, Work } from './context.ts';
import type { Run } from './run.ts';

/** The change registers how each of its steps is undone. May throw LockWait: then it starts again after the wait. */
export const changeDefinition = async <Result>(
  run: Run,
  change: (undo: (step: () => void) => void, execution: Execution) => Result,
): Promise<Result> =>
  changeWithWork(run, function* (undo, execution) {
    yield;
    return change(undo, execution);
  });

/** The same for changes that read many rows. */
export const changeWithWork = async <Result>(
  run: Run,
  change: (undo: (step: () => void) => void, execution: Execution) => Work<Result>,
): Promise<Result> => {
  const { connection } = run;
  const { instance, state } = connection;
  if (state.transactionState === -1) throw doomed();
  if (state.options.has('implicit_transactions') && connection.transaction === undefined)
    connection.begin('', run.sink);
  const mark = connection.mark;
  try {
    instance.trouble?.write(state);
    const result = await connection.work(run, (execution) => {
      const undo = (step: () => void): void =>
        execution.transaction.log(() => {
          step();
          instance.catalogVersion += 1;
        });
      return change(undo, execution);
    });
    instance.catalogVersion += 1;
    connection.endStatement();
    state.rowCount = 0n;
    return result;
  } catch (problem) {
    instance.catalogVersion += 1;
    connection.failStatement(mark);
    throw problem;
  }
};
