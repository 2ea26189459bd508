import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeGraph, encodeGraph } from '../../../src/practice/data-file/graph.ts';
import { rowOf, rowText } from '../../../src/practice/data-file/row-text.ts';
import type { Value } from '../../../src/practice/engine/types.ts';

const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
const scalar: fc.Arbitrary<Exclude<Value, { readonly type: unknown }>> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  bytes,
  fc.record({ utc: fc.bigInt(), offset: fc.integer({ min: -840, max: 840 }) }),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  scalar.map((inner) => ({ type: { kind: 'nvarchar', length: 10, collation: 'x' } as const, value: inner })),
);

test('a row is what its text says, whatever its values', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (row) => {
      expect(rowOf(rowText(row))).toEqual(row);
    }),
  );
});

const there = (root: unknown, leavesOut = (_owner: object, _key: string) => false) =>
  decodeGraph(JSON.parse(JSON.stringify(encodeGraph(root, leavesOut))));

test('plain data of every kind comes back as it was', () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.date({ noInvalidDate: true }),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(fc.string(), tie('tree')), { maxLength: 4 }).map((entries) => new Map(entries)),
      fc.array(scalar, { maxLength: 4 }).map((items) => new Set(items)),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, (root) => {
      expect(there(root)).toEqual(root);
    }),
  );
});

test('a property called __proto__ is a property like others', () => {
  const back = there(JSON.parse('{"__proto__": {"a": 1}, "b": 2}')) as object;
  expect(Object.entries(back)).toEqual([
    ['__proto__', { a: 1 }],
    ['b', 2],
  ]);
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
});

test('what is one object stays one object, also within itself', () => {
  type Thing = { name: string; self?: Thing; others: Map<string, Thing> };
  const thing: Thing = { name: 'a', others: new Map() };
  thing.self = thing;
  thing.others.set('again', thing);
  const back = there({ first: thing, second: thing }) as { first: Thing; second: Thing };
  expect(back.first).toBe(back.second);
  expect(back.first.self).toBe(back.first);
  expect(back.first.others.get('again')).toBe(back.first);
});

test('what is left out is not there, and what is no data is refused', () => {
  expect(there({ kept: 1, rows: { big: 2 } }, (_owner, key) => key === 'rows')).toEqual({ kept: 1 });
  expect(() => there({ run: () => undefined })).toThrow('a function cannot be kept');
  expect(() => decodeGraph({ root: { ref: 3 }, nodes: [] })).toThrow('the part 3 is missing');
});
