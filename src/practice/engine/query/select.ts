/** Compiles one SELECT: from, where, group, having, windows, select list, distinct, order, top. */

import type { Expression, Query, QueryBody, SelectItem } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { rowKey } from '../rows/index-key.ts';
import type { Execution, RowFrame } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import { type Compiled, compileCondition, compileExpression } from '../scalar/index.ts';
import type { ResultColumn, Row, Value } from '../types.ts';
import { assignmentOf, type VariableAssignment } from './assignments.ts';
import { Binding } from './binding.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';
import { bindFrom } from './from.ts';
import { Grouping, hasAggregate } from './grouping.ts';
import { compareKeys, compileOffset, compileTop, type SortKey, sorted } from './ordering.ts';
import { planSource } from './plan-source.ts';
import { predicatesOf } from './predicates.ts';
import { singleRow } from './row-source.ts';
import { outputPosition } from './set-operations.ts';
import { contains } from './syntax-walk.ts';
import { Windows } from './windows.ts';

export type Ordering = { readonly orderBy: Query['orderBy']; readonly offset?: Query['offset'] & {} };
export type SelectBody = QueryBody & { readonly kind: 'select' };
export type OutputItem = {
  readonly compiled: Compiled;
  readonly column: ResultColumn;
  readonly expression: Expression | undefined;
};

export const compileSelect = (
  body: SelectBody,
  ordering: Ordering,
  context: CompileContext,
  outer: Binding | undefined,
): CompiledQuery => {
  const binding = new Binding(context, outer);
  const tree = bindFrom(body.from, binding);
  refuseAggregates(body);
  const where = predicatesOf(body.where, binding);
  const source = tree === undefined ? filteredSingle(where) : planSource(tree, where, new Set(), undefined);

  const isGrouped =
    body.groupBy.length > 0 ||
    body.having !== undefined ||
    body.items.some((item) => item.kind !== 'star' && hasAggregate(item.expression)) ||
    ordering.orderBy.some((item) => hasAggregate(item.expression));
  const grouping = isGrouped ? new Grouping(binding, body.groupBy) : undefined;
  binding.grouped = grouping;
  const windows = new Windows(binding);

  if (grouping !== undefined) grouping.clause = 'having';
  const having = body.having === undefined ? undefined : compileCondition(body.having, binding);
  if (grouping !== undefined) grouping.clause = 'select';
  binding.windows = (expression) => windows.computed(expression);

  const assignments: VariableAssignment[] = [];
  const items: OutputItem[] = [];
  for (const item of body.items) {
    if (item.kind === 'assignment') assignments.push(assignmentOf(item, binding));
    else items.push(...compileItem(item, binding));
  }
  if (assignments.length > 0 && items.length > 0) {
    throw new SqlError(
      141,
      'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
      15,
    );
  }

  refuseDependentAssignments(body.items);
  const columns = items.map((item) => item.column);
  if (grouping !== undefined) grouping.clause = 'order';
  const sort = compileSort(ordering, items, columns, binding, body.distinct);
  const empty = new Binding(context, undefined);
  const offset = compileOffset(ordering.offset, empty, compileExpression);
  const top = compileTop(body.top, empty, compileExpression);
  const withTies = body.top?.withTies === true;
  if (withTies && sort.length === 0) {
    throw new SqlError(
      1062,
      'The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.',
      15,
    );
  }
  const key = body.distinct
    ? rowKey(
        columns.map((_, i) => i),
        columns.map((column) => column.type),
      )
    : undefined;
  const positions = sort.flatMap(({ position }) => position ?? []);
  // Keys that are all of the output are compared where they stand.
  const sortsOutput = positions.length === sort.length;
  const compareSort = sortsOutput ? compareKeys(sort, positions) : compareKeys(sort);
  const slots = (): number[] => Array.from({ length: binding.slotCount }, (_, i) => i);

  /** Leaves one combination of rows after another in the frame: after WHERE, or after grouping and HAVING. */
  function* frames(frame: RowFrame): Generator<boolean, void> {
    let stage: Generator<boolean, void> = source.open(frame);
    if (grouping !== undefined) stage = grouping.groups(stage, frame);
    if (having !== undefined) stage = keep(stage, () => having(frame) === true);
    if (windows.isUsed) stage = windows.rows(stage, frame, slots());
    yield* stage;
  }

  return {
    columns,
    get isIndependent() {
      return !binding.isCorrelated;
    },
    assigns: assignments.length > 0,
    *rows(execution: Execution, outerFrame: RowFrame | undefined) {
      const frame: RowFrame = { runtime: execution, rows: [], outer: outerFrame };
      const range = offset(execution);
      const limit = top?.(execution);
      const isPlainTop = limit !== undefined && body.top?.isPercent !== true;
      const seen = new Set<unknown>();

      if (assignments.length > 0) {
        yield* assign(frame, assignments, frames(frame), sort, limit);
        return;
      }
      const project = (): Row | undefined => {
        const row: Value[] = new Array(items.length);
        for (let i = 0; i < items.length; i++) row[i] = items[i]?.compiled.evaluate(frame) ?? null;
        if (key === undefined) return row;
        const value = key(row);
        if (seen.has(value)) return undefined;
        seen.add(value);
        return row;
      };

      if (sort.length === 0 && (limit === undefined || isPlainTop)) {
        const most = limit?.(0) ?? Number.POSITIVE_INFINITY;
        let count = 0;
        if (most === 0) return;
        for (const isRow of frames(frame)) {
          if (!isRow) {
            yield undefined;
            continue;
          }
          const row = project();
          if (row === undefined) continue;
          yield row;
          if (++count >= most) return;
        }
        return;
      }

      let collected: { readonly row: Row; readonly keys: readonly Value[] }[] = [];
      for (const isRow of frames(frame)) {
        if (!isRow) {
          yield undefined;
          continue;
        }
        const row = project();
        if (row === undefined) continue;
        collected.push({
          row,
          keys: sortsOutput
            ? row
            : sort.map((item) =>
                item.position === undefined ? item.read(frame) : (row[item.position] ?? null),
              ),
        });
        if ((collected.length & 1023) === 0 || pace.isOverdue) yield undefined;
        // Of a TOP only the first rows so far are kept.
        if (sort.length > 0 && isPlainTop && !withTies && collected.length >= 4096) {
          const most = limit?.(0) ?? collected.length;
          if (collected.length < 2 * most) continue;
          collected = yield* sorted(collected, (a, b) => compareSort(a.keys, b.keys));
          collected.length = Math.min(collected.length, most);
        }
      }
      if (sort.length > 0) collected = yield* sorted(collected, (a, b) => compareSort(a.keys, b.keys));
      let end = limit === undefined ? collected.length : Math.min(collected.length, limit(collected.length));
      const last = collected[end - 1];
      if (withTies && last !== undefined) {
        while (end < collected.length && compareSort(collected[end]?.keys ?? [], last.keys) === 0) end++;
      }
      const from = range.skip;
      const to = Math.min(end, from + range.take);
      for (let i = from; i < to; i++) yield collected[i]?.row;
    },
  };

  function* assign(
    frame: RowFrame,
    list: readonly VariableAssignment[],
    stage: Generator<boolean, void>,
    keys: readonly Sort[],
    limit: ((total: number) => number) | undefined,
  ): Generator<Row | undefined, void> {
    // One empty row is yielded for each row that was assigned from: they are counted, not sent.
    if (keys.length === 0 && body.top?.isPercent !== true) {
      const most = limit?.(0) ?? Number.POSITIVE_INFINITY;
      let count = 0;
      if (most === 0) return;
      for (const isRow of stage) {
        if (!isRow) {
          yield undefined;
          continue;
        }
        for (const assignment of list) assignment(frame);
        yield [];
        if (++count >= most) return;
      }
      return;
    }
    let collected: { readonly rows: Row[]; readonly keys: readonly Value[] }[] = [];
    for (const isRow of stage) {
      if (isRow) collected.push({ rows: frame.rows.slice(), keys: keys.map((item) => item.read(frame)) });
      else yield undefined;
    }
    const compare = compareKeys(keys);
    collected = yield* sorted(collected, (a, b) => compare(a.keys, b.keys));
    const end = limit === undefined ? collected.length : Math.min(collected.length, limit(collected.length));
    for (const { rows } of collected.slice(0, end)) {
      rows.forEach((row, i) => {
        frame.rows[i] = row;
      });
      for (const assignment of list) assignment(frame);
      yield [];
    }
  }
};

type Sort = SortKey & { read(frame: RowFrame): Value };

const compileSort = (
  ordering: Ordering,
  items: readonly OutputItem[],
  columns: readonly ResultColumn[],
  binding: Binding,
  isDistinct: boolean,
): Sort[] =>
  ordering.orderBy.map(({ expression, descending }) => {
    let position = outputPosition(expression, columns);
    if (position === undefined) {
      const meaning = binding.meaningOf(expression);
      const same = items.findIndex(
        (item) => item.expression !== undefined && binding.meaningOf(item.expression) === meaning,
      );
      if (same >= 0) position = same;
    }
    const compiled =
      position === undefined ? compileExpression(expression, binding) : items[position]?.compiled;
    if (position === undefined && isDistinct) {
      throw new SqlError(
        145,
        'ORDER BY items must appear in the select list if SELECT DISTINCT is specified.',
        15,
      );
    }
    if (expression.kind === 'literal' && position === undefined) {
      throw new SqlError(408, 'A constant expression was encountered in the ORDER BY list, position 1.', 15);
    }
    return {
      type: compiled?.type ?? { kind: 'null' },
      descending,
      ...(position === undefined ? {} : { position }),
      read: (frame: RowFrame) => compiled?.evaluate(frame) ?? null,
    };
  });

/** An item of a select list; a star is several. */
export const compileItem = (
  item: SelectItem & { readonly kind: 'star' | 'expression' },
  binding: Binding,
): OutputItem[] => {
  if (item.kind === 'star') return expandStar(item.qualifier, binding);
  const compiled = compileExpression(item.expression, binding);
  const found = item.expression.kind === 'column' ? binding.resolve(item.expression.parts) : undefined;
  const name =
    item.alias ??
    (item.expression.kind === 'column'
      ? (found?.table.columns[found.ordinal]?.name ?? item.expression.parts.at(-1) ?? '')
      : '');
  const isIdentity = found?.table.columns[found.ordinal]?.isIdentity === true;
  return [
    {
      compiled,
      expression: item.expression,
      column: {
        name,
        type: compiled.type,
        isNullable: compiled.isNullable,
        ...(isIdentity ? { isIdentity } : {}),
      },
    },
  ];
};

const expandStar = (qualifier: readonly string[] | undefined, binding: Binding): OutputItem[] => {
  if (binding.tables.length === 0) {
    throw new SqlError(263, 'Must specify table to select from.');
  }
  const tables = binding.tablesOf(qualifier);
  if (tables.length === 0) {
    throw new SqlError(
      107,
      `The column prefix '${qualifier?.join('.')}' does not match with a table name or alias name used in the query.`,
      15,
    );
  }
  return tables.flatMap((table) =>
    table.columns.map((column, ordinal) => {
      const source = binding.columnAt({ table, ordinal });
      const compiled: Compiled = {
        type: source.type,
        isNullable: source.isNullable,
        evaluate: (frame) => source.read(frame),
      };
      return {
        compiled,
        expression: undefined,
        column: { ...column, type: source.type, isNullable: source.isNullable },
      };
    }),
  );
};

function* keep(stage: Generator<boolean, void>, test: () => boolean): Generator<boolean, void> {
  for (const isRow of stage) if (!isRow || test()) yield isRow;
}

const filteredSingle = (where: ReturnType<typeof predicatesOf>): typeof singleRow => ({
  slots: [],
  *open(frame) {
    if (where.every((predicate) => predicate.test(frame) === true)) yield* singleRow.open(frame);
  },
});

/**
 * SQL Server does not say in which order the assignments of one SELECT happen, so neither answer would be right.
 * https://learn.microsoft.com/sql/t-sql/language-elements/select-local-variable-transact-sql
 */
const refuseDependentAssignments = (items: SelectBody['items']): void => {
  const assignments = items.filter((item) => item.kind === 'assignment');
  const names = new Set(assignments.map((item) => item.variable));
  for (const { variable, expression } of assignments) {
    const readsAnother = contains(
      expression,
      (node) => node.kind === 'variable' && node.name !== variable && names.has(node.name),
    );
    if (readsAnother)
      throw new Refusal('a SELECT that assigns a variable and reads it in another assignment');
  }
};

const refuseAggregates = (body: SelectBody): void => {
  if (
    body.where !== undefined &&
    contains(body.where, (node) => node.kind === 'call' && hasAggregate(node))
  ) {
    throw new SqlError(
      147,
      'An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.',
      15,
    );
  }
};
