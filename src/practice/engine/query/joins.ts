/** Joins of two sources: by hash where the condition has equalities, by nested loops otherwise. */

import { joinKey } from '../rows/index-key.ts';
import type { RowFrame } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import { commonType, convertKey } from './key-conversion.ts';
import { capture, holds, type Predicate, type RowSource, restore, type Side } from './row-source.ts';

export type JoinType = 'inner' | 'left' | 'full';

/** The equality read so that `outer` belongs to the left input and `inner` to the right one. */
type KeyPair = { readonly outer: Side; readonly inner: Side };

type Slots = readonly number[];

const pairOf = (
  predicate: Predicate,
  left: ReadonlySet<number>,
  right: ReadonlySet<number>,
): KeyPair | undefined => {
  const equality = predicate.equality;
  if (equality === undefined) return undefined;
  const within = (side: Side, slots: ReadonlySet<number>): boolean =>
    side.slots.size > 0 && [...side.slots].every((slot) => slots.has(slot));
  if (within(equality.left, left) && within(equality.right, right)) {
    return { outer: equality.left, inner: equality.right };
  }
  if (within(equality.right, left) && within(equality.left, right)) {
    return { outer: equality.right, inner: equality.left };
  }
  return undefined;
};

/** Joins; `on` are the predicates that reach into both inputs. The right input must not depend on the left one. */
export const join = (
  type: JoinType,
  left: RowSource,
  right: RowSource,
  on: readonly Predicate[],
): RowSource => {
  const leftSlots = new Set(left.slots);
  const rightSlots = new Set(right.slots);
  const pairs: KeyPair[] = [];
  for (const predicate of on) {
    const pair = pairOf(predicate, leftSlots, rightSlots);
    if (pair !== undefined) pairs.push(pair);
  }
  const types = pairs.map((pair) => commonType([pair.outer.expression.type, pair.inner.expression.type]));
  const keyOf = (side: 'outer' | 'inner') => {
    const makers = pairs.map((pair, i) => convertKey(pair[side].expression, types[i] ?? { kind: 'null' }));
    return (frame: RowFrame) => joinKey(makers.map((maker) => maker(frame)));
  };
  const outerKey = keyOf('outer');
  const innerKey = keyOf('inner');
  const slots: Slots = [...left.slots, ...right.slots];

  return {
    slots,
    *open(frame) {
      type Inner = { readonly rows: RowFrame['rows']; isMatched: boolean };
      const all: Inner[] = [];
      const byKey = new Map<unknown, Inner[]>();
      for (const isRow of right.open(frame)) {
        if (!isRow) {
          yield false;
          continue;
        }
        const inner: Inner = { rows: capture(right.slots, frame), isMatched: false };
        all.push(inner);
        if (pairs.length === 0) continue;
        const key = innerKey(frame);
        if (key === null) continue;
        const bucket = byKey.get(key);
        if (bucket === undefined) byKey.set(key, [inner]);
        else bucket.push(inner);
      }
      let steps = 0;
      for (const isRow of left.open(frame)) {
        if (!isRow) {
          yield false;
          continue;
        }
        let isMatched = false;
        const key = pairs.length === 0 ? undefined : outerKey(frame);
        const candidates = pairs.length === 0 ? all : key === null ? [] : (byKey.get(key) ?? []);
        for (const inner of candidates) {
          restore(right.slots, frame, inner.rows);
          if ((++steps & 1023) === 0 || pace.isOverdue) yield false;
          if (!holds(on, frame)) continue;
          isMatched = true;
          inner.isMatched = true;
          yield true;
        }
        if (!isMatched && type !== 'inner') {
          for (const slot of right.slots) frame.rows[slot] = [];
          yield true;
        }
      }
      if (type !== 'full') return;
      for (const inner of all) {
        if (inner.isMatched) continue;
        for (const slot of left.slots) frame.rows[slot] = [];
        restore(right.slots, frame, inner.rows);
        yield true;
      }
    },
  };
};

/** For each left row opens the right input anew: APPLY, and lookups of the right table's index by the left row. */
export const nestedLoop = (
  type: 'inner' | 'left',
  left: RowSource,
  right: RowSource,
  on: readonly Predicate[],
): RowSource => ({
  slots: [...left.slots, ...right.slots],
  *open(frame) {
    for (const isRow of left.open(frame)) {
      if (!isRow) {
        yield false;
        continue;
      }
      let isMatched = false;
      for (const isInnerRow of right.open(frame)) {
        if (!isInnerRow) {
          yield false;
          continue;
        }
        if (!holds(on, frame)) continue;
        isMatched = true;
        yield true;
      }
      if (!isMatched && type === 'left') {
        for (const slot of right.slots) frame.rows[slot] = [];
        yield true;
      }
    }
  },
});
