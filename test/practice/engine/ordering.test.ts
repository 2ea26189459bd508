import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sorted } from '../../../src/practice/engine/query/ordering.ts';

type Item = { readonly key: number; readonly at: number };
const byKey = (left: Item, right: Item): number => left.key - right.key;

/** What the generator yields at its end; it pauses meanwhile. */
function inOrder(items: readonly Item[]): readonly Item[] {
  const work = sorted([...items], byKey);
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

/** Stretches that are in order for themselves, as rows are that were filled in one after the other. */
const stretches = fc.array(
  fc.record({ from: fc.integer({ min: 0, max: 3000 }), rows: fc.integer({ min: 1, max: 3000 }) }),
  { minLength: 1, maxLength: 6 },
);

test('rows that are partly in order already are sorted like any others, and equal ones stay as they came', () => {
  fc.assert(
    fc.property(stretches, fc.integer({ min: 1, max: 50 }), (made, same) => {
      const items = made
        .flatMap(({ from, rows }) => Array.from({ length: rows }, (_, n) => Math.floor((from + n) / same)))
        .map((key, at) => ({ key, at }));
      expect(inOrder(items)).toEqual(items.toSorted(byKey));
    }),
    { numRuns: 60 },
  );
});
