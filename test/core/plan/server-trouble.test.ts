import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/core/plan/index.ts';
import type { Fault } from '../../../src/practice/faults/fault.ts';
import { Faults } from '../../../src/practice/faults/faults.ts';
import { type PracticeServer, startPracticeServer } from '../../../src/practice/index.ts';
import { catalogOf, inputFor, runToEnd, testPack } from './store-runs.ts';

/**
 * What a server does to a run that the runner cannot do to itself: the answer to a commit is lost, the log is full,
 * another session wins a deadlock. The run must end with the right exit, and the next one finish the work.
 */

let faults: Faults;
let server: PracticeServer;
beforeEach(async () => {
  faults = new Faults();
  server = await startPracticeServer({ faults });
});
afterEach(() => server.close());

let databases = 0;
const newName = () => `POS${++databases}`;

const run = async (name: string) => {
  const input = inputFor(server, name, await testPack(), { storeId: name });
  return (await runToEnd(input)).last;
};

/** Runs once with the failure, and once more without. */
const runTwice = async (name: string, fault: Fault) => {
  const before = faults.struck;
  faults.arm(fault);
  const first = await run(name);
  const hasStruck = faults.struck > before;
  faults.clear();
  return { first, hasStruck, second: await run(name) };
};

const expectFinished = async (name: string) => {
  const input = inputFor(server, name, await testPack(), { storeId: name });
  expect((await makePlan(input, new AbortController().signal)).actions).toEqual([]);
};

describe('a run on a server in trouble', () => {
  it.each(['before', 'after'] as const)(
    'loses the connection %s each of its commits, and the next run finishes it',
    async (moment) => {
      const whole = newName();
      expect((await run(whole)).exit).toBe('done');
      const { identity: _own, ...expected } = await catalogOf(server, whole);
      let isThrough = false;
      for (let skip = 0; !isThrough; skip++) {
        const name = newName();
        const result = await runTwice(name, { at: 'commit', moment, does: 'drop', database: name, skip });
        const label = `${moment} commit ${skip + 1}`;
        isThrough = !result.hasStruck;
        expect(result.first.exit, label).toBe(result.hasStruck ? 'failedPartWay' : 'done');
        expect(result.second.exit, label).toBe('done');
        const { identity: _other, ...found } = await catalogOf(server, name);
        expect(found, label).toEqual(expected);
        await expectFinished(name);
      }
    },
  );

  it.each([
    ['log-full', 9002],
    ['database-full', 1105],
    ['size-limit', 1827],
    ['read-only', 3906],
  ] as const)('meets %s in the middle, says so, and can be continued', async (does, number) => {
    const name = newName();
    const { first, second } = await runTwice(name, { at: 'write', does, database: name, skip: 8, times: 0 });
    expect(first).toMatchObject({ exit: 'failedPartWay', failure: { details: { number } } });
    expect(second.exit).toBe('done');
    await expectFinished(name);
  });

  it('finds the log full before anything was changed, and says that nothing was', async () => {
    const name = newName();
    const { first, second } = await runTwice(name, { at: 'write', does: 'log-full', times: 0 });
    expect(first).toMatchObject({ exit: 'prerequisite', failure: { details: { number: 9002 } } });
    expect(second.exit).toBe('done');
  });

  it('gives way in a deadlock, tries again by itself and gets done', async () => {
    for (const skip of [4, 8, 12]) {
      const name = newName();
      const { first, hasStruck } = await runTwice(name, {
        at: 'write',
        does: 'deadlock-victim',
        database: name,
        skip,
      });
      expect(hasStruck).toBe(true);
      expect(first.exit, `write ${skip + 1}`).toBe('done');
      await expectFinished(name);
    }
  });

  it('gives up when it is always the victim, and the next run gets done', async () => {
    const name = newName();
    const fault = { at: 'write', does: 'deadlock-victim', database: name, skip: 8, times: 0 } as const;
    const { first, second } = await runTwice(name, fault);
    expect(first).toMatchObject({ exit: 'failedPartWay', failure: { details: { number: 1205 } } });
    expect(second.exit).toBe('done');
  });

  it('is turned away at the door, and has changed nothing', async () => {
    const name = newName();
    const { first } = await runTwice(name, {
      at: 'login',
      does: 'refuse',
      number: 18401,
      text: "Login failed for user 'sa'. Reason: Server is in script upgrade mode.",
    });
    expect(first.exit).toBe('connection');
  });
});
