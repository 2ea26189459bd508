import { expect, test } from 'vitest';
import { inLanes } from '../../../src/core/sync/in-lanes.ts';

const signal = new AbortController().signal;

/** All that is told, and the results. */
async function drained<Step, Result>(work: AsyncGenerator<Step, readonly Result[]>) {
  const told: Step[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { told, results: step.value };
    told.push(step.value);
  }
}

/** Ends as soon as the signal says so. */
const untilAborted = (ended: AbortSignal) =>
  new Promise<never>((_, reject) => {
    ended.addEventListener('abort', () => reject(ended.reason), { once: true });
  });

test('results come in the order of the items, and no more are at work than there are lanes', async () => {
  let atWork = 0;
  let most = 0;
  const gates = [3, 1, 2, 0].map((wait) => ({ wait, item: wait }));
  const { told, results } = await drained(
    inLanes(
      gates,
      2,
      async ({ wait, item }, tell: (step: string) => void) => {
        atWork += 1;
        most = Math.max(most, atWork);
        tell(`begins ${item}`);
        for (let turn = 0; turn < wait; turn++) await Promise.resolve();
        atWork -= 1;
        return item * 10;
      },
      signal,
    ),
  );
  expect(results).toEqual([30, 10, 20, 0]);
  expect(told.toSorted()).toEqual(['begins 0', 'begins 1', 'begins 2', 'begins 3']);
  expect(most).toBe(2);
});

test('the first failure ends the others and is the one that is thrown, when all have ended', async () => {
  const ended: string[] = [];
  const work = inLanes(
    ['waits', 'fails', 'never begins'],
    2,
    async (item, _tell: (step: never) => void, stop) => {
      if (item === 'fails') throw new Error('the cause');
      try {
        return await untilAborted(stop);
      } finally {
        ended.push(item);
      }
    },
    signal,
  );
  await expect(drained(work)).rejects.toThrow('the cause');
  expect(ended).toEqual(['waits']);
});

test('whoever stops listening ends the work', async () => {
  const ended: number[] = [];
  const work = inLanes(
    [1, 2],
    2,
    async (item, tell: (step: number) => void, stop) => {
      tell(item);
      try {
        return await untilAborted(stop);
      } finally {
        ended.push(item);
      }
    },
    signal,
  );
  for await (const step of work) if (step === 1) break;
  expect(ended.toSorted()).toEqual([1, 2]);
});

test('an aborted signal is thrown with its reason', async () => {
  const aborted = new AbortController();
  const work = drained(
    inLanes([1], 3, async (_item, _tell: (step: never) => void, stop) => untilAborted(stop), aborted.signal),
  );
  aborted.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
});
