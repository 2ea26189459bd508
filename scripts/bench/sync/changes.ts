import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import { openSync, runLoop, type SyncLink } from '../../../src/core/sync/index.ts';
import type { Figure } from '../main.ts';
import { median } from '../median.ts';
import { createSales, fillSales } from './sales.ts';
import { benchServers, cycle, cycleOnce, openShop, type Shop, syncInput } from './shop.ts';

const signal = new AbortController().signal;
const rowsThere = 20_000;
const batches = [1, 100, 10_000] as const;
const rounds = 5;
const idleCycles = 50;

/** Changes of the store in batches, what a cycle without changes costs, and how soon a sale is at the store. */
export async function measureChanges(program: readonly string[]): Promise<readonly Figure[]> {
  const shop = await openShop(program, [
    { name: 'PRICES', create: createSales('PRICES'), direction: 'download' },
    { name: 'SALES', create: createSales('SALES'), direction: 'upload' },
  ]);
  try {
    await fillSales(shop.store, 'PRICES', rowsThere);
    await cycleOnce(shop.address);
    const link = await openSync(syncInput(shop.address), signal);
    const figures: Figure[] = [];
    for (const rows of batches) figures.push(await changed(shop, link, rows));
    await link.close();
    return [...figures, ...(await idle(shop)), await soon(shop)];
  } finally {
    await shop.end();
  }
}

async function changed({ store }: Shop, link: SyncLink, rows: number): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await store.batch(`UPDATE dbo.PRICES SET AMOUNT1 = AMOUNT1 + 1 FROM (SELECT TOP (${rows}) TRANSACTIONID AS T, LINENUM AS L FROM dbo.PRICES) AS c
WHERE TRANSACTIONID = c.T AND LINENUM = c.L`);
    const begun = performance.now();
    const { scopes } = await cycle(link);
    times.push(performance.now() - begun);
    const came = scopes.reduce((sum, { downloaded }) => sum + downloaded.ok, 0);
    if (came !== rows) throw new Error(`${came} of ${rows} rows came.`);
  }
  const milliseconds = median(times);
  return {
    what: `a cycle that brings ${rows.toLocaleString('en')} changed row${rows === 1 ? '' : 's'} of 26 columns`,
    measured: `${milliseconds.toFixed(0)} ms, ${Math.round((rows / milliseconds) * 1000).toLocaleString('en')} rows/s (practice server)`,
    budget: '',
  };
}

/** Round trips of a cycle in which nothing changed, and our processor's time for it. */
async function idle({ address }: Shop): Promise<readonly Figure[]> {
  const trips = new Map<string, number>();
  const servers = {
    connect: async (target: Parameters<typeof benchServers.connect>[0], aborted?: AbortSignal) =>
      counted(await benchServers.connect(target, aborted), () => {
        const name = target.database ?? 'master';
        trips.set(name, (trips.get(name) ?? 0) + 1);
      }),
  };
  const link = await openSync(syncInput(address, servers), signal);
  await cycle(link);
  await cycle(link);
  trips.clear();
  const begun = process.cpuUsage();
  for (let round = 0; round < idleCycles; round += 1) await cycle(link);
  const { user, system } = process.cpuUsage(begun);
  await link.close();
  const each = [...trips.values()].map((count) => count / idleCycles);
  return [
    {
      what: 'an idle cycle, round trips to each server',
      measured: each.map(String).join(' and '),
      budget: 'at most 3 a server',
    },
    {
      what: 'an idle cycle, time of our processor',
      measured: `${((user + system) / 1000 / idleCycles).toFixed(1)} ms`,
      budget: '',
    },
  ];
}

function counted(session: DriverSession, onTrip: () => void): DriverSession {
  const tripping =
    <Args extends readonly unknown[], Result>(send: (...args: Args) => Result) =>
    (...args: Args): Result => {
      onTrip();
      return send(...args);
    };
  return new Proxy(session, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      const isTrip = name === 'query' || name === 'queries' || name === 'batch' || name === 'withDriver';
      return isTrip ? tripping(value as () => unknown) : value;
    },
  });
}

/** From the commit at the till until the store has the row, with the loop of the service at work. */
async function soon({ address, store, register }: Shop): Promise<Figure> {
  const stopped = new AbortController();
  const loop = runLoop(syncInput(address), {}, stopped.signal);
  const running = (async () => {
    for await (const _ of loop);
  })();
  const times: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const id = `SOON-${round}`;
      await register.batch(`INSERT INTO dbo.SALES SELECT TOP (1) N'${id}', LINENUM, CREATEDDATETIME, RECORD,
  ${columnsBehindKey} FROM dbo.PRICES`);
      const begun = performance.now();
      while (
        (await store.query('SELECT 1 AS one FROM dbo.SALES WHERE TRANSACTIONID = @id', { id })).length === 0
      )
        await new Promise((resolve) => setTimeout(resolve, 10));
      times.push(performance.now() - begun);
    }
  } finally {
    stopped.abort();
    await running.catch(() => undefined);
  }
  return {
    what: 'from a sale at the till until the store has it, the service at work',
    measured: `${(median(times) / 1000).toFixed(1)} s, at most ${(Math.max(...times) / 1000).toFixed(1)} s (practice server)`,
    budget: '',
  };
}

const columnsBehindKey = [
  ...Array.from({ length: 8 }, (_, index) => `AMOUNT${index}`),
  ...Array.from({ length: 10 }, (_, index) => `TEXT${index}`),
  ...Array.from({ length: 4 }, (_, index) => `NUMBER${index}`),
].join(', ');
