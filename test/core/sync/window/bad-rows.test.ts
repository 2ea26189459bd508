import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SqlFailure } from '../../../../src/core/sql/failures.ts';
import { findBadRows, type Probe } from '../../../../src/core/sync/window/bad-rows.ts';

/** A destination with a unique value: `now` stands there under some keys, `next` is what the window wants. */
type Change = { readonly now: number | undefined; readonly next: number; readonly isBroken: boolean };

const duplicate = new SqlFailure({
  number: 2627,
  serverMessage: 'Violation of UNIQUE KEY constraint',
  state: 1,
  class: 14,
  line: 1,
  procedure: '',
});

/** What a server does with these rows of the window, counted. */
function server(changes: readonly Change[], others: readonly number[] = [], canClear = true) {
  let probes = 0;
  const probe: Probe = async (rows, isCleared) => {
    probes += 1;
    if (isCleared && !canClear) return duplicate;
    const wanted = new Set(rows);
    const values = changes.flatMap(({ now, next }, index) =>
      wanted.has(index + 1) ? [next] : isCleared || now === undefined ? [] : [now],
    );
    const isBroken = changes.some((change, index) => change.isBroken && wanted.has(index + 1));
    const all = [...values, ...others];
    return isBroken || new Set(all).size < all.length ? duplicate : undefined;
  };
  const rows = { sound: changes.map((_, index) => index + 1), doubtful: [] };
  return { probe, rows, count: () => probes };
}

const row = (next: number, now?: number, isBroken = false): Change => ({ now, next, isBroken });
const numbers = (bad: Awaited<ReturnType<typeof findBadRows>>) => bad?.map(({ row: number }) => number);

test('two bad rows among a thousand are found in a few dozen attempts', async () => {
  const changes = Array.from({ length: 1000 }, (_, index) =>
    row(index, undefined, index === 17 || index === 801),
  );
  const { probe, rows, count } = server(changes);
  expect(numbers(await findBadRows(rows, probe))).toEqual([18, 802]);
  expect(count()).toBeLessThan(60);
});

test.each([true, false])(
  'rows that swap values are not blamed for a bad one beside them (clearing: %s)',
  async (canClear) => {
    const changes = [row(2, 1), row(1, 2), row(7, undefined, true), row(9)];
    const { probe, rows } = server(changes, [], canClear);
    const bad = numbers(await findBadRows(rows, probe));
    expect(bad).toContain(3);
    if (canClear) expect(bad).toEqual([3]);
  },
);

test('a row that needs the value of a bad one is parked with it', async () => {
  // 1 hands its value to 2, and is broken itself: what it has at the destination stays.
  const { probe, rows } = server([row(5, 1, true), row(1, 2), row(8, 3)]);
  expect(numbers(await findBadRows(rows, probe))).toEqual([1, 2]);
});

test('no rows are blamed where the statement fails without any, or where nearly all fail', async () => {
  expect(await findBadRows({ sound: [1, 2], doubtful: [] }, async () => duplicate)).toBeUndefined();
  const { probe, rows, count } = server(
    Array.from({ length: 3000 }, (_, index) => row(index, undefined, true)),
  );
  expect(await findBadRows(rows, probe)).toBeUndefined();
  expect(count()).toBeLessThan(600);
});

test('rows that were refused before are tried last, one by one', async () => {
  const { probe, count } = server([row(1), row(2, undefined, true), row(3), row(4)]);
  expect(numbers(await findBadRows({ sound: [1, 3], doubtful: [2, 4] }, probe))).toEqual([2]);
  expect(count()).toBe(6);
});

test('whatever is left goes through together, and nothing is blamed in vain where clearing tells', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          next: fc.nat(20),
          now: fc.option(fc.nat(20), { nil: undefined }),
          isBroken: fc.boolean(),
        }),
        {
          minLength: 1,
          maxLength: 12,
        },
      ),
      async (generated) => {
        // At the source and at the destination alike, values are unique.
        const changes = generated.filter(
          ({ next, now }, index) =>
            generated.findIndex((each) => each.next === next) === index &&
            (now === undefined || generated.findIndex((each) => each.now === now) === index),
        );
        const { probe, rows } = server(changes);
        const all = await probe(rows.sound, false);
        const bad = new Set(numbers(await findBadRows(rows, probe)));
        expect(
          await probe(
            rows.sound.filter((each) => !bad.has(each)),
            false,
          ),
        ).toBeUndefined();
        for (const [index, { isBroken }] of changes.entries()) if (isBroken) expect(bad).toContain(index + 1);
        if (all === undefined) expect(bad.size).toBe(0);
        if (!changes.some(({ isBroken }) => isBroken)) expect(bad.size).toBe(0);
      },
    ),
  ));
