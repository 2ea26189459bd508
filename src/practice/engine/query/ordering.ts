/** Sorting, TOP and OFFSET. */

import type { Expression, Query, Top } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { Execution, RowFrame } from '../run/context.ts';
import { type Compiled, comparer, converter, type Scope } from '../scalar/index.ts';
import type { SqlType, Value } from '../types.ts';

export type SortKey = {
  readonly type: SqlType;
  readonly descending: boolean;
  /** The output column that is sorted by, when it is one. */
  readonly position?: number;
};

type NotNull = Exclude<Value, null>;

/** Compares rows by their sort keys, which stand at these places; NULL comes first in ascending order. */
export const compareKeys = (
  keys: readonly SortKey[],
  places: readonly number[] = keys.map((_, i) => i),
): ((left: readonly Value[], right: readonly Value[]) => number) => {
  const comparers = keys.map(({ type, descending }) => {
    const compare = type.kind === 'null' ? () => 0 : comparer(type);
    const sign = descending ? -1 : 1;
    return (left: Value, right: Value): number => {
      if (left === null) return right === null ? 0 : -sign;
      if (right === null) return sign;
      return sign * compare(left as NotNull, right as NotNull);
    };
  });
  return (left, right) => {
    for (let i = 0; i < comparers.length; i++) {
      const place = places[i] ?? i;
      const order = comparers[i]?.(left[place] ?? null, right[place] ?? null) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  };
};

/** Items that are sorted without a pause. */
const RUN = 2048;

/** A stable sort with pauses: runs are sorted one by one, then merged. */
export function* sorted<Item>(
  items: Item[],
  compare: (left: Item, right: Item) => number,
): Generator<undefined, Item[]> {
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare));
    if (items.length > RUN) yield;
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const left = runs[i] ?? [];
      const right = runs[i + 1];
      merged.push(right === undefined ? left : yield* merge(left, right, compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<Item>(
  left: Item[],
  right: readonly Item[],
  compare: (left: Item, right: Item) => number,
): Generator<undefined, Item[]> {
  // A table is mostly read in the order in which it was filled.
  if (compare(left[left.length - 1] as Item, right[0] as Item) <= 0) {
    yield;
    return left.concat(right);
  }
  const merged: Item[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    if (j >= right.length || (i < left.length && compare(a as Item, b as Item) <= 0)) {
      merged.push(a as Item);
      i += 1;
    } else {
      merged.push(b as Item);
      j += 1;
    }
    if ((merged.length & 1023) === 0) yield;
  }
  return merged;
}

export type Range = { readonly skip: number; readonly take: number };

const everything: Range = { skip: 0, take: Number.POSITIVE_INFINITY };

type Compile = (expression: Expression, scope: Scope) => Compiled;

/** A count as TOP and OFFSET take it: a whole number, not negative. */
const wholeNumbers: ReadonlySet<string> = new Set(['bigint', 'int', 'null', 'smallint', 'tinyint']);

const compileCount = (expression: Expression, scope: Scope, compile: Compile, error: () => SqlError) => {
  const compiled = compile(expression, scope);
  if (!wholeNumbers.has(compiled.type.kind)) {
    throw new SqlError(
      1060,
      'The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.',
      15,
    );
  }
  const convert = converter(compiled.type, { kind: 'bigint' }, { explicit: false });
  return (execution: Execution): number => {
    const frame: RowFrame = { runtime: execution, rows: [], outer: undefined };
    const value = convert(compiled.evaluate(frame));
    if (value === null || (value as bigint) < 0n) throw error();
    return Number(value);
  };
};

export const compileOffset = (
  offset: Query['offset'],
  scope: Scope,
  compile: Compile,
): ((execution: Execution) => Range) => {
  if (offset === undefined) return () => everything;
  const skip = compileCount(
    offset.skip,
    scope,
    compile,
    () => new SqlError(10742, 'The offset specified in a OFFSET clause may not be negative.'),
  );
  const take =
    offset.fetch === undefined
      ? undefined
      : compileCount(
          offset.fetch,
          scope,
          compile,
          () =>
            new SqlError(10744, 'The number of rows provided for a FETCH clause must be greater then zero.'),
        );
  return (execution) => ({
    skip: skip(execution),
    take: take?.(execution) ?? Number.POSITIVE_INFINITY,
  });
};

/** How many rows TOP lets through, of `total` for PERCENT. */
export const compileTop = (
  top: Top | undefined,
  scope: Scope,
  compile: Compile,
): ((execution: Execution) => (total: number) => number) | undefined => {
  if (top === undefined) return undefined;
  if (!top.isPercent) {
    const count = compileCount(
      top.count,
      scope,
      compile,
      () =>
        new SqlError(
          1060,
          'The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.',
          15,
        ),
    );
    return (execution) => {
      const limit = count(execution);
      return () => limit;
    };
  }
  const compiled = compile(top.count, scope);
  const convert = converter(compiled.type, { kind: 'float' }, { explicit: false });
  return (execution) => {
    const percent = convert(
      compiled.evaluate({ runtime: execution, rows: [], outer: undefined } as RowFrame),
    );
    if (percent === null || (percent as number) < 0 || (percent as number) > 100) {
      throw new SqlError(1031, 'Percent values must be between 0 and 100.', 15);
    }
    return (total) => Math.ceil((total * (percent as number)) / 100);
  };
};

export function* limited<Item>(items: readonly Item[], { skip, take }: Range): Generator<Item, void> {
  yield* items.slice(skip, take === Number.POSITIVE_INFINITY ? undefined : skip + take);
}
