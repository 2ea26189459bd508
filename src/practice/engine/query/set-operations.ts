/** UNION, UNION ALL, EXCEPT, INTERSECT. */

import type { QueryBody } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName } from '../model.ts';
import { rowKey } from '../rows/index-key.ts';
import type { Execution, RowFrame } from '../run/context.ts';
import { SeveralErrors } from '../run/several-errors.ts';
import { commonType, compileExpression, converter } from '../scalar/index.ts';
import type { ResultColumn, Row } from '../types.ts';
import { Binding } from './binding.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';
import { compareKeys, compileOffset, limited, type SortKey, sorted } from './ordering.ts';
import { compileBody } from './query.ts';
import type { Ordering } from './select.ts';

export const compileSetOperation = (
  body: QueryBody & { readonly kind: 'set-operation' },
  ordering: Ordering,
  context: CompileContext,
  outer: Binding | undefined,
): CompiledQuery => {
  const left = compileBody(body.left, { orderBy: [] }, context, outer);
  const right = compileBody(body.right, { orderBy: [] }, context, outer);
  if (left.columns.length !== right.columns.length) {
    throw new SqlError(
      205,
      'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
    );
  }
  const columns: readonly ResultColumn[] = left.columns.map((column, i) => {
    const other = right.columns[i] ?? column;
    return {
      name: column.name,
      type: commonType([column.type, other.type]),
      isNullable: column.isNullable || other.isNullable,
    };
  });
  const ordinals = columns.map((_, i) => i);
  const key =
    body.operator === 'union-all'
      ? undefined
      : rowKey(
          ordinals,
          columns.map((column) => column.type),
        );
  const fromLeft = rowConverter(left.columns, columns);
  const fromRight = rowConverter(right.columns, columns);
  const combined = {
    *rows(execution: Execution, frame: RowFrame | undefined): Generator<Row | undefined, void> {
      const seen = new Set<unknown>();
      if (body.operator === 'except' || body.operator === 'intersect') {
        const others = new Set<unknown>();
        for (const row of right.rows(execution, frame)) {
          if (row === undefined) yield undefined;
          else others.add(key?.(fromRight(row)));
        }
        for (const row of left.rows(execution, frame)) {
          if (row === undefined) {
            yield undefined;
            continue;
          }
          const converted = fromLeft(row);
          const value = key?.(converted);
          if (seen.has(value) || others.has(value) !== (body.operator === 'intersect')) continue;
          seen.add(value);
          yield converted;
        }
        return;
      }
      for (const [query, convert] of [
        [left, fromLeft],
        [right, fromRight],
      ] as const) {
        for (const row of query.rows(execution, frame)) {
          if (row === undefined) {
            yield undefined;
            continue;
          }
          const converted = convert(row);
          if (key !== undefined) {
            const value = key(converted);
            if (seen.has(value)) continue;
            seen.add(value);
          }
          yield converted;
        }
      }
    },
  };
  const keys = ordering.orderBy.map((item): SortKey => {
    const { expression } = item;
    const position = outputPosition(expression, columns);
    if (position !== undefined) {
      const type = columns[position]?.type ?? { kind: 'null' as const };
      return { type, descending: item.descending, position };
    }
    const problem = new SqlError(
      104,
      'ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.',
    );
    if (expression.kind !== 'column') throw problem;
    throw new SeveralErrors(
      new SqlError(207, `Invalid column name '${expression.parts.at(-1) ?? ''}'.`),
      problem,
    );
  });
  const offset = compileOffset(ordering.offset, new Binding(context, undefined), compileExpression);
  return {
    columns,
    isIndependent: left.isIndependent && right.isIndependent,
    assigns: false,
    *rows(execution, frame) {
      if (keys.length === 0) {
        yield* combined.rows(execution, frame);
        return;
      }
      const rows: Row[] = [];
      for (const row of combined.rows(execution, frame)) {
        if (row === undefined) yield undefined;
        else rows.push(row);
      }
      const compare = compareKeys(keys);
      const position = (row: Row) => keys.map((sortKey) => row[sortKey.position ?? 0] ?? null);
      const inOrder = yield* sorted(
        rows.map((row) => ({ row, keys: position(row) })),
        (a, b) => compare(a.keys, b.keys),
      );
      yield* limited(
        inOrder.map(({ row }) => row),
        offset(execution),
      );
    },
  };
};

/** The output column that an ORDER BY item names by number or by name. */
export const outputPosition = (
  expression: { readonly kind: string },
  columns: readonly { readonly name: string }[],
): number | undefined => {
  const item = expression as import('../../language/syntax.ts').Expression;
  if (item.kind === 'literal' && item.value.type === 'integer') {
    const position = Number(item.value.text);
    if (position < 1 || position > columns.length) {
      throw new SqlError(
        108,
        `The ORDER BY position number ${item.value.text} is out of range of the number of items in the select list.`,
      );
    }
    return position - 1;
  }
  if (item.kind !== 'column' || item.parts.length !== 1) return undefined;
  const name = foldName(item.parts[0] ?? '');
  const position = columns.findIndex((column) => foldName(column.name) === name);
  return position < 0 ? undefined : position;
};

/** Rows of one input in the types of the whole operation. */
export const rowConverter = (
  from: readonly ResultColumn[],
  to: readonly ResultColumn[],
): ((row: Row) => Row) => {
  const converters = to.map((column, i) =>
    converter(from[i]?.type ?? column.type, column.type, { explicit: false }),
  );
  return (row) => converters.map((convert, i) => convert(row[i] ?? null));
};
