/** Runs a text in a scope of its own: EXEC('...'), sp_executesql, prepared statements. */

import type { Batch } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { allErrors, BadStatement, checkStatements } from '../run/check-body.ts';
import type { Variable } from '../run/context.ts';
import { runStatements } from '../run/interpreter.ts';
import { LocatedError } from '../run/located.ts';
import { enterModule } from '../run/modules.ts';
import { newActivation, type Run } from '../run/run.ts';
import { requireSameCount } from '../run/transaction-statements.ts';
import { resolveType } from '../scalar/index.ts';
import { parsed } from './parsed-texts.ts';
import type { PreparedParameter } from './prepared.ts';

export const parseText = (run: Run, text: string, parameters: string): Batch =>
  parsed(text, run.connection.state.options.has('quoted_identifier'), parameters);

/** `@a int, @b nvarchar(10) output` as the declarations of a procedure. */
export const parseParameters = (run: Run, text: string): readonly PreparedParameter[] => {
  if (text.trim() === '') return [];
  const [statement] = parsed(`create procedure p ${text} as return`, true, '').statements;
  if (statement?.kind !== 'create-procedure') throw new SqlError(102, `Incorrect syntax near '${text}'.`, 15);
  const { database } = run.connection.state;
  return statement.parameters.map((parameter) => ({
    name: parameter.name,
    type: resolveType(parameter.type, database),
    isOutput: parameter.isOutput,
  }));
};

/** Runs the batch with these variables; the map has their values afterwards. */
export const runText = async (run: Run, batch: Batch, variables: Map<string, Variable>): Promise<void> => {
  const activation = newActivation({
    caller: run.activation,
    isInner: true,
    variables,
    home: undefined,
    hasOwnerRights: false,
  });
  const { state } = run.connection;
  const { database, user, transactionCount } = state;
  await enterModule(run, activation, 0, batch.statements, async (inner) => {
    try {
      checkStatements(inner, batch.statements);
    } catch (problem) {
      if (problem instanceof BadStatement) throw new LocatedError(allErrors(problem), problem.line);
      throw problem;
    }
    await runStatements(inner, batch.statements);
  });
  // USE inside the text ends with it.
  if (state.database !== database) {
    run.sink.environment({ kind: 'database', old: state.database.name, new: database.name });
    state.database = database;
    state.user = user;
  }
  requireSameCount(transactionCount, state.transactionCount);
};
