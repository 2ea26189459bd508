/** Joins of two sources: by hash where the condition has equalities, by nested loops otherwise. */

import { joinKey } from '../rows/index-key.ts';
import type { RowFrame } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import { collatedTypes } from '../scalar/index.ts';
import { commonType, convertKey } from './key-conversion.ts';
import { holds, type Predicate, type RowSource, type Side } from './row-source.ts';

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
  const types = pairs.map((pair) =>
    commonType(collatedTypes([pair.outer.expression, pair.inner.expression])),
  );
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
      // The right rows one after another, `width` entries each, and their numbers by key: a join may hold millions.
      const width = right.slots.length;
      const all: RowFrame['rows'] = [];
      const byKey = new Map<unknown, number | number[]>();
      const matched = new Set<number>();
      let count = 0;
      for (const isRow of right.open(frame)) {
        if (!isRow) {
          yield false;
          continue;
        }
        const number = count++;
        for (const slot of right.slots) all.push(frame.rows[slot] ?? []);
        if (pairs.length > 0) {
          const key = innerKey(frame);
          const bucket = key === null ? undefined : byKey.get(key);
          if (typeof bucket === 'number') byKey.set(key, [bucket, number]);
          else if (bucket !== undefined) bucket.push(number);
          else if (key !== null) byKey.set(key, number);
        }
        if ((count & 1023) === 0 || pace.isOverdue) yield false;
      }
      const everything = pairs.length === 0 ? Array.from({ length: count }, (_, i) => i) : [];
      const enter = (number: number): void => {
        for (let i = 0; i < width; i++) {
          const slot = right.slots[i];
          const row = all[number * width + i];
          if (slot !== undefined && row !== undefined) frame.rows[slot] = row;
        }
      };
      let steps = 0;
      for (const isRow of left.open(frame)) {
        if (!isRow) {
          yield false;
          continue;
        }
        let isMatched = false;
        const key = pairs.length === 0 ? undefined : outerKey(frame);
        const found = key === undefined ? everything : key === null ? [] : (byKey.get(key) ?? []);
        for (const number of typeof found === 'number' ? [found] : found) {
          enter(number);
          if ((++steps & 1023) === 0 || pace.isOverdue) yield false;
          if (!holds(on, frame)) continue;
          isMatched = true;
          if (type === 'full') matched.add(number);
          yield true;
        }
        if (!isMatched && type !== 'inner') {
          for (const slot of right.slots) frame.rows[slot] = [];
          yield true;
        }
      }
      if (type !== 'full') return;
      for (let number = 0; number < count; number++) {
        if (matched.has(number)) continue;
        for (const slot of left.slots) frame.rows[slot] = [];
        enter(number);
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
