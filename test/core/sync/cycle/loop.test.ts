import { expect, test } from 'vitest';
import { ExpectedError } from '../../../../src/core/errors.ts';
import type { Clock } from '../../../../src/core/plan/index.ts';
import type { MssqlServers } from '../../../../src/core/sql/connect.ts';
import { runLoop, type SyncEvent, type SyncInput } from '../../../../src/core/sync/index.ts';
import { realServers } from '../../plan/store-runs.ts';
import { countingServers, logOf, rowsOf, type Shop, watchedServers } from './shop.ts';
import { shopForEachTest } from './shop-for-each-test.ts';

let shop: Shop;
shopForEachTest((made) => {
  shop = made;
});

/** Time that passes only when somebody sleeps; `at` may do something when a moment is reached. */
function clockOf(at: (milliseconds: number) => Promise<void> = async () => undefined) {
  let elapsed = 0;
  const clock: Clock = {
    now: () => new Date(Date.UTC(2026, 10, 27) + elapsed),
    elapsed: () => elapsed,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      elapsed += milliseconds;
      await at(elapsed);
      signal?.throwIfAborted();
    },
  };
  return { clock, elapsed: () => elapsed };
}

type Told = { readonly at: number; readonly event: SyncEvent };

/** Runs the loop until a moment of its clock, or until `isEnough`. */
async function loopUntil(
  input: (clock: Clock) => SyncInput,
  end: number,
  at?: (milliseconds: number) => Promise<void>,
): Promise<readonly Told[]> {
  const stop = new AbortController();
  const time = clockOf(async (now) => {
    if (now >= end) stop.abort();
    await at?.(now);
  });
  const told: Told[] = [];
  for await (const event of runLoop(input(time.clock), { random: () => 0.5 }, stop.signal))
    told.push({ at: time.elapsed(), event });
  return told;
}

const cyclesOf = (told: readonly Told[]) =>
  told.flatMap(({ at, event }) =>
    event.kind === 'cycle-finished'
      ? [{ at, outcome: event.outcome, scopes: event.scopes.map(({ scope }) => scope).join() }]
      : [],
  );

test('each scope has its turn at its own frequency, and what is due together goes together', async () => {
  await shop.register.session.batch(
    `UPDATE storedb.SyncTable SET FrequencySeconds = 120 WHERE ScopeName = N'Prices'; UPDATE storedb.SyncTable SET FrequencySeconds = 1 WHERE ScopeName = N'Shifts'`,
  );
  const told = await loopUntil((clock) => shop.input('R1', { clock }), 121_000);
  const turns = (name: string) =>
    cyclesOf(told)
      .filter(({ scopes }) => scopes.split(',').includes(name))
      .map(({ at }) => at);
  expect(turns('Prices')).toEqual([0, 120_000]);
  expect(turns('Sales')).toEqual([0, 60_000, 120_000]);
  // One second is below the floor.
  expect(turns('Shifts').length).toBe(25);
  expect(cyclesOf(told).at(-1)).toMatchObject({ at: 120_000, scopes: 'Sales,Shifts,Prices' });
});

test('a sale is brought up long before its turn', async () => {
  const told = await loopUntil(
    (clock) => shop.input('R1', { clock }),
    40_000,
    async (now) => {
      if (now === 20_000) await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 9)`);
    },
  );
  expect(await rowsOf(shop.store, 'SALES')).toHaveLength(1);
  const woken = cyclesOf(told).filter(({ at }) => at > 0);
  expect(woken).toEqual([{ at: 20_000, outcome: 'done', scopes: 'Sales' }]);
});

test('two idle hours: says that it is alive every minute, logs each scope every ten minutes, and leaves the store alone between its turns', async () => {
  const { servers, trips } = countingServers(realServers());
  const hours = 2;
  const told = await loopUntil((clock) => shop.input('R1', { servers, clock }), hours * 3_600_000);
  const waits = told.filter(({ event }) => event.kind === 'waiting');
  const gaps = waits.slice(1).map(({ at }, index) => at - waits[index]!.at);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(66_000);
  const rows = await logOf(shop.store);
  expect(rows.length).toBeGreaterThanOrEqual(3 * 6 * hours);
  expect(rows.length).toBeLessThanOrEqual(3 * (6 * hours + 2));
  const cycles = cyclesOf(told);
  expect(cycles.every(({ outcome }) => outcome === 'done')).toBe(true);
  // Three a cycle; the rest are the rows of the log, the tidying once an hour, and the first cycle.
  expect(trips.get(shop.store.name)!).toBeLessThan(cycles.length * 3 + 200);
});

/** Servers one of which is away while `isAway` says so: it lets nobody in, and whoever was in is cut off. */
function servingUnless(servers: MssqlServers, database: string, isAway: () => boolean): MssqlServers {
  const watched = watchedServers(servers, async (at, _text, session) => {
    if (at === database && isAway()) await session.close();
  });
  return {
    async connect(target, signal) {
      if (target.database === database && isAway()) throw away();
      return watched.connect(target, signal);
    },
  };
}

const away = () =>
  new ExpectedError({
    code: 'server-away',
    exit: 'connection',
    message: 'The server does not answer.',
    hint: 'Switch it on.',
  });

test.each(['store', 'register'] as const)(
  'goes on by itself when the %s was away, after ever longer pauses, and its record comes later, once',
  async (side) => {
    let isAway = false;
    const database = side === 'store' ? shop.store.name : shop.register.name;
    const told = await loopUntil(
      (clock) => shop.input('R1', { clock, servers: servingUnless(realServers(), database, () => isAway) }),
      3_600_000,
      async (now) => {
        if (now >= 30_000 && !isAway && now < 1_500_000) {
          isAway = true;
          await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1)`);
        }
        if (now >= 1_500_000) isAway = false;
      },
    );
    const cycles = cyclesOf(told);
    const away = cycles.filter(({ outcome }) => outcome === 'unreachable');
    const pauses = away.slice(1).map(({ at }, index) => at - away[index]!.at);
    expect(pauses.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(Math.max(...pauses)).toBe(300_000);
    expect(cycles.at(-1)?.outcome).toBe('done');
    expect(await rowsOf(shop.register, 'PRICES')).toHaveLength(1);
    const runs = await shop.register.session.query<{ outcome: string; runs: number; late: number }>(
      `SELECT Outcome AS outcome, COUNT(*) AS runs, SUM(CASE WHEN DeliveredUtc IS NULL THEN 1 ELSE 0 END) AS late FROM storedb.SyncRun GROUP BY Outcome`,
    );
    expect(runs.every(({ late }) => late === 0)).toBe(true);
    const unreachable = runs.find(({ outcome }) => outcome === 'unreachable');
    const failed = await shop.store.session.query(
      `SELECT RunId FROM storedb.SyncRun WHERE Outcome = N'unreachable'`,
    );
    expect(failed.length).toBeGreaterThanOrEqual(3);
    expect(unreachable?.runs).toBe(side === 'store' ? failed.length : undefined);
    const written = await shop.store.session.query<{ runs: number; once: number }>(
      'SELECT COUNT(*) AS runs, COUNT(DISTINCT CAST(RunId AS varchar(36)) + ScopeName) AS once FROM storedb.SyncRun',
    );
    expect(written[0]!.runs).toBe(written[0]!.once);
    expect(written[0]!.runs).toBe((await logOf(shop.store)).length);
  },
);
