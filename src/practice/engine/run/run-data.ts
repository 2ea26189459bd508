/** Runs SELECT, INSERT, UPDATE, DELETE, MERGE, TRUNCATE: compiles, executes, fires triggers, sends the answer. */

import type { DataStatement, DataTarget, QueryStatement, Statement } from '../../language/syntax.ts';
import { commands, type DataOutcome, type DataPlan } from '../data/data-plan.ts';
import { compileInsert } from '../data/insert.ts';
import { compileMerge } from '../data/merge.ts';
import { compileTruncate } from '../data/truncate.ts';
import { compileDelete, compileUpdate } from '../data/update.ts';
import { prepareBulk } from '../procedures/bulk.ts';
import { executeCall } from '../procedures/execute.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { compileQuery } from '../query/query.ts';
import type { ResultColumn, Row, Value } from '../types.ts';
import { type Collected, collectRows } from './collect-rows.ts';
import { planOf } from './compile.ts';
import { doomed } from './connection.ts';
import type { Execution } from './context.ts';
import { takeIdentity } from './identity-function.ts';
import { giveTurn, isTurnDue, pace } from './pace.ts';
import type { Run } from './run.ts';
import { checkColumnNames, intoOf, runSelectInto } from './select-into.ts';
import { fireTriggers } from './triggers.ts';

export type DataOrQuery = Statement & { readonly kind: (QueryStatement | DataStatement)['kind'] };

/** `assigns`: SELECT @v = ..., which sends nothing. `columns`: of a query that sends rows, known before it runs. */
export type Plan = DataPlan & {
  readonly assigns?: boolean;
  readonly writes: boolean;
  readonly columns?: readonly ResultColumn[];
};

export const compileData = (statement: DataOrQuery, context: CompileContext): Plan => {
  switch (statement.kind) {
    case 'query': {
      const into = intoOf(statement.query);
      const written = into === undefined ? statement.query : takeIdentity(statement.query).query;
      const query = compileQuery(written, context, undefined);
      if (into !== undefined) checkColumnNames(query.columns, into);
      return {
        assigns: query.assigns,
        writes: false,
        ...(query.assigns ? {} : { columns: query.columns }),
        *run(execution: Execution) {
          const rows: Row[] = [];
          for (const row of query.rows(execution, undefined)) {
            if (rows.length >= execution.rowLimit) break;
            if (row === undefined || (rows.push(row) & 1023) === 0 || pace.isOverdue) yield;
          }
          return {
            result: query.assigns ? undefined : { columns: query.columns, rows },
            count: rows.length,
            command: commands.select,
            changes: [],
            identity: undefined,
          };
        },
      };
    }
    case 'insert':
      return change(statement.target, compileInsert(statement, context));
    case 'update':
      return change(statement.target, compileUpdate(statement, context));
    case 'delete':
      return change(statement.target, compileDelete(statement, context));
    case 'merge':
      return change(statement.target, compileMerge(statement, context));
    case 'truncate':
      return { ...compileTruncate(statement.table, context), writes: true };
    case 'insert-bulk':
      throw new Error('a bulk load has no plan');
  }
};

const change = (target: DataTarget, plan: DataPlan): Plan => ({
  ...plan,
  writes: true,
  // Table variables are outside of transactions, and so is what changes them.
  run:
    target.kind === 'table'
      ? (execution, given) => plan.run({ ...execution, isChange: true }, given)
      : plan.run,
});

export const runData = async (run: Run, statement: DataOrQuery): Promise<void> => {
  const { connection } = run;
  const { state } = connection;
  if (statement.kind === 'insert-bulk') {
    prepareBulk(run, statement);
    return;
  }
  const into = statement.kind === 'query' ? intoOf(statement.query) : undefined;
  if (statement.kind === 'query' && into !== undefined) {
    await send(run, await runSelectInto(run, statement, into), false);
    return;
  }
  const plan = planOf(run, statement, (context) => compileData(statement, context));
  if (plan.writes && connection.state.transactionState === -1) throw doomed();
  const given =
    statement.kind === 'insert' && statement.source.kind === 'execute'
      ? await rowsOfCall(run, statement.source.execute)
      : undefined;
  if (
    state.options.has('implicit_transactions') &&
    connection.transaction === undefined &&
    touchesTables(statement)
  ) {
    connection.begin('', run.sink);
  }
  if (plan.writes) connection.instance.trouble?.write(state);
  const outcome = await changeData(run, (execution) => plan.run(execution, given), plan.assigns === true);
  await send(run, outcome, plan.assigns === true);
};

/** A SELECT without FROM begins no implicit transaction. */
const touchesTables = (statement: DataOrQuery): boolean =>
  statement.kind !== 'query' ||
  statement.query.body.kind !== 'select' ||
  statement.query.body.from.length > 0;

/** INSERT ... EXEC: the rows that the call would have sent. */
const rowsOfCall = async (
  run: Run,
  call: Parameters<typeof executeCall>[1],
): Promise<readonly Collected[]> => {
  const { sink, sets } = collectRows(run.sink);
  await executeCall({ ...run, sink }, call);
  return sets;
};

/** Runs a plan with its triggers in one statement: all of it stays or none. */
export const changeData = async (
  run: Run,
  make: (execution: Execution) => ReturnType<DataPlan['run']>,
  assigns: boolean,
): Promise<DataOutcome> => {
  const { connection } = run;
  const { state } = connection;
  const mark = connection.mark;
  const before = assigns ? valuesOf(run) : undefined;
  let isFirst = true;
  try {
    const outcome = await connection.work(run, (execution) => {
      // Begun again after waiting for a lock: assignments of the first attempt do not count.
      if (!isFirst && before !== undefined) restoreValues(run, before);
      isFirst = false;
      return make(execution);
    });
    if (outcome.identity !== undefined) {
      state.lastIdentity = outcome.identity;
      state.scopeIdentity = outcome.identity;
    }
    state.rowCount = BigInt(outcome.count);
    if (outcome.changes.length > 0) await fireTriggers(run, outcome.changes);
    state.rowCount = BigInt(outcome.count);
    connection.endStatement();
    return outcome;
  } catch (problem) {
    connection.failStatement(mark);
    throw problem;
  }
};

const valuesOf = (run: Run): Map<string, Value> =>
  new Map([...run.activation.variables].map(([name, variable]) => [name, variable.value]));

const restoreValues = (run: Run, values: ReadonlyMap<string, Value>): void => {
  for (const [name, value] of values) {
    const variable = run.activation.variables.get(name);
    if (variable !== undefined) variable.value = value;
  }
};

const send = async (run: Run, outcome: DataOutcome, assigns: boolean): Promise<void> => {
  const { sink, connection, activation } = run;
  const { result } = outcome;
  if (result !== undefined) await sendRows(run, result.columns, result.rows);
  const isCounted = !assigns && outcome.isUncounted !== true && !connection.state.options.has('nocount');
  sink.statementDone({
    ...(isCounted ? { count: outcome.count } : {}),
    command: assigns ? commands.select : outcome.command,
    isError: false,
    isInProcedure: activation.isInner,
  });
};

export const sendRows = async (
  run: Run,
  columns: readonly ResultColumn[],
  rows: Iterable<Row>,
): Promise<void> => {
  run.sink.columns(columns);
  let steps = 0;
  for (const row of rows) {
    const wait = run.sink.row(row);
    if (wait !== undefined) await wait;
    if (run.signal.aborted) return;
    if ((++steps & 255) === 0 && isTurnDue()) await giveTurn();
  }
};
