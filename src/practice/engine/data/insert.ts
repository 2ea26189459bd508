/** INSERT. */

import type { DataStatement, Expression } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { Binding } from '../query/binding.ts';
import { bindCommonTables } from '../query/common-tables.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { compileTop } from '../query/ordering.ts';
import { compileQuery } from '../query/query.ts';
import type { Collected } from '../run/collect-rows.ts';
import type { Execution, RowFrame, Work } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import { compileExpression, storeConverter } from '../scalar/index.ts';
import type { ResultColumn, Value } from '../types.ts';
import { wrongWidth } from './data-errors.ts';
import { commands, type DataOutcome, type DataPlan } from './data-plan.ts';
import { insertColumns } from './insert-columns.ts';
import { compileOutput } from './output.ts';
import { writerContext, writerFor } from './table-writer.ts';
import { findTarget } from './targets.ts';
import { type Change, insertRows, nextIdentity } from './write-rows.ts';

type Insert = DataStatement & { readonly kind: 'insert' };

/** Sets one value of a new row; undefined leaves the column to its default. */
type Cell = ((frame: RowFrame) => Value) | undefined;

export const compileInsert = (statement: Insert, outer: CompileContext): DataPlan => {
  const options = statement.source.kind === 'query' ? statement.source.query.options : [];
  const context = statement.with.length === 0 ? outer : bindCommonTables(statement.with, outer, options);
  const target = findTarget(statement.target, context, 'INSERT');
  const { table } = target;
  const { ordinals, problem } = insertColumns(statement, target, context);
  const columnType = (i: number) => table.columns[ordinals[i] ?? -1]?.type ?? { kind: 'null' as const };
  const source = compileSource(statement, ordinals.length, columnType, context);
  const binding = new Binding(context, undefined);
  const output = compileOutput(statement.output, table, binding, { inserted: true, deleted: false });
  const top = compileTop(statement.top, new Binding(context, undefined), compileExpression);

  function* run(execution: Execution, given?: readonly Collected[]): Work<DataOutcome> {
    if (problem !== undefined) throw problem;
    const actual = target.resolve(execution);
    const writer = writerFor(actual, target.database, writerContext(execution));
    const empty: RowFrame = { runtime: execution, rows: [], outer: undefined };
    const limit = Math.min(top?.(execution)(0) ?? Number.POSITIVE_INFINITY, execution.rowLimit);
    let identity: bigint | undefined;

    function* rows(): Generator<Value[] | undefined, void> {
      let count = 0;
      for (const values of source(execution, given)) {
        if (values === undefined) {
          yield undefined;
          continue;
        }
        if (count++ >= limit) return;
        const made = newRow(writer, ordinals, values, empty);
        identity = made.identity ?? identity;
        yield made.row;
      }
    }
    // All rows are read before the first one is written: the source may be the target itself.
    const collected: Value[][] = [];
    for (const row of rows()) {
      if (row === undefined || (collected.push(row) & 1023) === 0 || pace.isOverdue) yield;
    }
    const inserted = yield* insertRows(writer, collected, execution);
    for (const row of inserted) output?.collect(execution, [], row, undefined);
    const answer = output === undefined ? undefined : yield* output.finish(execution);
    const change: Change = {
      table: actual,
      database: target.database,
      event: 'insert',
      inserted,
      deleted: [],
      assigned: new Set(actual.columns.map((column) => column.id)),
    };
    return {
      result:
        output?.columns === undefined ? undefined : { columns: output.columns, rows: answer?.rows ?? [] },
      count: inserted.length,
      command: commands.insert,
      changes: [change, ...(answer?.changes ?? [])],
      identity,
    };
  }
  return { run };
};

/** A whole row from the values of some columns; undefined values and the other columns get their defaults. */
export const newRow = (
  writer: ReturnType<typeof writerFor>,
  ordinals: readonly number[],
  values: readonly (Value | undefined)[],
  frame: RowFrame,
): { readonly row: Value[]; readonly identity: bigint | undefined } => {
  const { columns } = writer.table;
  const row: Value[] = new Array(columns.length).fill(null);
  const isSet: boolean[] = [];
  values.forEach((value, i) => {
    const ordinal = ordinals[i];
    if (ordinal === undefined || value === undefined) return;
    row[ordinal] = value;
    isSet[ordinal] = true;
  });
  let identity: bigint | undefined;
  columns.forEach((column, i) => {
    if (isSet[i] === true) return;
    if (i === writer.identityOrdinal) {
      identity = nextIdentity(writer);
      row[i] = identityValue(identity, column.type.kind);
    } else row[i] = writer.rules[i]?.fallback?.(frame) ?? null;
  });
  if (isSet[writer.identityOrdinal] === true) {
    identity = BigInt(row[writer.identityOrdinal] as number | bigint);
    noteIdentity(writer, identity);
  }
  return { row, identity };
};

/** An identity column's value in the column's own representation. */
export const identityValue = (value: bigint, kind: string | undefined): Value =>
  kind === 'bigint' || kind === 'numeric' || kind === 'decimal' ? value : Number(value);

/** An explicit identity value beyond the last one moves the counter on. */
export const noteIdentity = (writer: ReturnType<typeof writerFor>, value: bigint): void => {
  const { identity } = writer.table;
  if (identity === undefined) return;
  const isBeyond =
    identity.last === undefined || (identity.increment > 0n ? value > identity.last : value < identity.last);
  if (isBeyond) identity.last = value;
};

/** Yields for each new row the values of the listed columns; undefined values take the default. */
type RowSupply = (
  execution: Execution,
  given?: readonly Collected[],
) => Generator<(Value | undefined)[] | undefined, void>;

const compileSource = (
  { source }: Insert,
  width: number,
  typeOf: (i: number) => ResultColumn['type'],
  context: CompileContext,
): RowSupply => {
  switch (source.kind) {
    case 'default-values':
      return function* () {
        yield [];
      };
    case 'values': {
      for (const row of source.rows) {
        if (row.length === width) continue;
        if (row.length !== source.rows[0]?.length) {
          throw new SqlError(
            10709,
            'The number of columns for each row in a table value constructor must be the same.',
          );
        }
        throw wrongWidth(width, row.length, 'values');
      }
      const binding = new Binding(context, undefined);
      const cell = (expression: Expression, i: number): Cell => {
        if (expression.kind === 'default') return undefined;
        const compiled = compileExpression(expression, binding);
        const store = storeConverter(compiled.type, typeOf(i), context.session);
        return (frame) => store(compiled.evaluate(frame));
      };
      const rows = source.rows.map((row) => row.map(cell));
      return function* (execution) {
        const frame: RowFrame = { runtime: execution, rows: [], outer: undefined };
        for (const row of rows) yield row.map((value) => value?.(frame));
      };
    }
    case 'query': {
      const query = compileQuery(source.query, context, undefined);
      if (query.columns.length !== width) throw wrongWidth(width, query.columns.length, 'select');
      const stores = query.columns.map((column, i) =>
        storeConverter(column.type, typeOf(i), context.session),
      );
      return function* (execution) {
        for (const row of query.rows(execution, undefined)) {
          yield row === undefined ? undefined : stores.map((store, i) => store(row[i] ?? null));
        }
      };
    }
    case 'execute':
      return function* (_execution, given) {
        for (const { columns, rows } of given ?? []) {
          if (columns.length !== width) {
            throw new SqlError(
              213,
              'Column name or number of supplied values does not match table definition.',
              16,
              7,
            );
          }
          const stores = columns.map((column, i) => storeConverter(column.type, typeOf(i), context.session));
          for (const row of rows) yield stores.map((store, i) => store(row[i] ?? null));
        }
      };
  }
};
