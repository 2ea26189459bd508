/** A part of a FROM clause that is ready to run. */

import type { RowFrame } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import type { Compiled, CompiledCondition } from '../scalar/index.ts';
import type { Value } from '../types.ts';

/**
 * Puts one row after another into its slots of the frame. Yields true when a row stands there, false where the
 * event loop may have a turn.
 */
export type RowSource = {
  readonly slots: readonly number[];
  open(frame: RowFrame): Generator<boolean, void>;
};

/** One operand of AND in WHERE or ON, with the slots it reads. */
export type Predicate = {
  readonly test: CompiledCondition;
  readonly slots: ReadonlySet<number>;
  /** For `a = b`: its sides, so that it can become a lookup or a hash join. */
  readonly equality: { readonly left: Side; readonly right: Side } | undefined;
};

export type Side = {
  readonly expression: Compiled;
  readonly slots: ReadonlySet<number>;
  /** When the side is a bare column. */
  readonly column: { readonly slot: number; readonly ordinal: number } | undefined;
};

export const holds = (predicates: readonly Predicate[], frame: RowFrame): boolean => {
  for (const predicate of predicates) if (predicate.test(frame) !== true) return false;
  return true;
};

/** The source with rows left out for which the predicates do not hold. */
export const filtered = (source: RowSource, predicates: readonly Predicate[]): RowSource => {
  if (predicates.length === 0) return source;
  return {
    slots: source.slots,
    *open(frame) {
      let skipped = 0;
      for (const isRow of source.open(frame)) {
        if (!isRow) yield false;
        else if (holds(predicates, frame)) yield true;
        else if ((++skipped & 1023) === 0 || pace.isOverdue) yield false;
      }
    },
  };
};

export const isSubset = (slots: ReadonlySet<number>, of: ReadonlySet<number>): boolean => {
  for (const slot of slots) if (!of.has(slot)) return false;
  return true;
};

/** A source of one row without columns: SELECT without FROM. */
export const singleRow: RowSource = {
  slots: [],
  *open() {
    yield true;
  },
};

export type KeyOf = (values: readonly Value[]) => string | number | bigint | boolean | null;
