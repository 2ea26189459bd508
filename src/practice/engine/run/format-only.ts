/**
 * SET FMTONLY ON: queries answer with their columns and no rows, nothing is read or changed. It is how bulk copy
 * programs (freebcp, SqlBulkCopy) learn a table's columns.
 * https://learn.microsoft.com/sql/t-sql/statements/set-fmtonly-transact-sql
 */

import type { Statement } from '../../language/syntax.ts';
import { commands } from '../data/data-plan.ts';
import { Refusal } from '../extension.ts';
import { planOf } from './compile.ts';
import type { Run } from './run.ts';
import { compileData, type Plan } from './run-data.ts';
import { intoOf } from './select-into.ts';

/** Statements that only concern the session, and texts, whose own statements come here one by one. */
const executed: ReadonlySet<Statement['kind']> = new Set([
  'block',
  'declare',
  'declare-table',
  'set-option',
  'set-value',
  'set-variable',
  'use',
]);

/**
 * True when the statement was answered with its columns alone; false when it is one to be executed as ever. Throws
 * Refusal for statements that data is changed by, and for control flow, of which SQL Server walks every branch.
 */
export const describeOnly = (run: Run, statement: Statement): boolean => {
  if (executed.has(statement.kind)) return false;
  if (statement.kind === 'execute' && statement.target.kind === 'text') return false;
  if (statement.kind !== 'query' || intoOf(statement.query) !== undefined) {
    throw new Refusal(`${statement.kind.toUpperCase().replaceAll('-', ' ')} under SET FMTONLY ON`);
  }
  const plan: Plan = planOf(run, statement, (context) => compileData(statement, context));
  const { sink, activation } = run;
  if (plan.columns !== undefined) sink.columns(plan.columns);
  sink.statementDone({
    count: 0,
    command: commands.select,
    isError: false,
    isInProcedure: activation.isInner,
  });
  return true;
};
