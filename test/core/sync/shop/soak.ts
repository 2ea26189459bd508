/**
 * `npm run test:soak`: days of one register's service, as quickly as they go: whatever it waits for is over at once on
 * its clock. Somebody sells, prices change, and now and then the store's server ends all connections. Prints memory
 * and open resources after each quarter of a day; they must not grow, and every sale must be at the store once.
 * STOREDB_SOAK_DAYS (2) makes it longer.
 */

import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../../src/core/plan/index.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { runLoop } from '../../../../src/core/sync/index.ts';
import { startPracticeServer } from '../../../../src/practice/index.ts';
import { realServers } from '../../plan/store-runs.ts';
import { introduce, makeDatabase } from '../histories/databases.ts';

const days = Number(process.env.STOREDB_SOAK_DAYS ?? 2);
const hour = 3_600_000;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const open = async (database: string, role: 'store' | 'offline') => {
  const server = await startPracticeServer({ wire: { encryption: 'unsupported' } });
  const signIn = { kind: 'sql', user: server.user, password: new Secret(server.password) } as const;
  const target = { server: server.server, database, signIn, encryption: 'none' } as const;
  await makeDatabase(target, { role, snapshots: 'allowed', isAudited: false });
  return { server, target };
};
const [store, till] = [await open('store', 'store'), await open('till', 'offline')];
const ids = { storeId: 'HOUSTON', registerId: 'TILL', dataAreaId: 'usrt' };
await introduce(store.target, till.target, ids);

const controller = new AbortController();
const { signal } = controller;
let passed = 0;
/** Time goes by only while somebody waits, and then at once. */
const clock: Clock = {
  now: () => new Date(Date.UTC(2012, 3, 16) + passed),
  elapsed: () => passed,
  sleep: async (milliseconds, signalled) => {
    await turn();
    signalled?.throwIfAborted();
    passed += milliseconds;
  },
};

let sales = 0;
async function happen(): Promise<void> {
  const seller = await realServers().connect(till.target);
  const office = await realServers().connect(store.target);
  sales += 1;
  await seller.batch(`BEGIN TRANSACTION;
INSERT INTO dbo.SALE (TERMINAL, NR, CODE, LINES, AMOUNT, SINCE) VALUES (N'TILL', ${sales}, N'TILL-${sales}', 1, 1844.68, GETUTCDATE());
INSERT INTO dbo.SALELINE (TERMINAL, NR, LINE, AMOUNT) VALUES (N'TILL', ${sales}, 1, 1844.68);
COMMIT TRANSACTION;`);
  await office.batch(`DELETE FROM dbo.ITEM WHERE ITEMID = N'I${sales % 50}';
INSERT INTO dbo.ITEM (ITEMID, CODE, AMOUNT) VALUES (N'I${sales % 50}', N'C${sales % 50}', ${sales});`);
  await seller.close();
  await office.close();
}

type Sample = { readonly memory: number; readonly resources: number };
const samples: Sample[] = [];
function sample(): void {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const now = { memory: (heapUsed + external) / 1e6, resources: process.getActiveResourcesInfo().length };
  samples.push(now);
  print(
    `after ${(passed / hour).toFixed(0)} hours: ${now.memory.toFixed(1)} MB, ${now.resources} resources, ${sales} sales, ${cycles} cycles (${failed} not done)`,
  );
}

let [cycles, failed, nextSale, nextSample, nextBreak] = [0, 0, 0, 6 * hour, 2.5 * hour];
const input = { servers: realServers(), store: store.target, offline: till.target, ids, clock, host: 'till' };
for await (const event of runLoop(input, { random: () => 0.5 }, signal)) {
  if (event.kind !== 'cycle-finished') continue;
  cycles += 1;
  if (event.outcome !== 'done') failed += 1;
  if (passed >= days * 24 * hour) controller.abort();
  if (passed >= nextSale) {
    nextSale = passed + hour / 12;
    await happen();
  }
  if (passed >= nextBreak) {
    nextBreak = passed + 7 * hour;
    await store.server.interrupt();
  }
  if (passed >= nextSample) {
    nextSample = passed + 6 * hour;
    sample();
  }
}

const watcher = await realServers().connect(store.target);
const [found] = await watcher.query<{ sales: number; parked: number }>(
  'SELECT (SELECT COUNT(*) FROM dbo.SALE) AS sales, (SELECT COUNT(*) FROM storedb.Conflict) AS parked',
);
await watcher.close();
for (const { server } of [store, till]) await server.close();
// The databases are in this process and grow by what is sold: that is little beside a leak of every cycle.
const [first, last] = [samples[0], samples.at(-1)];
const isFlat =
  first !== undefined &&
  last !== undefined &&
  last.memory < first.memory * 1.5 &&
  last.resources <= first.resources + 2;
// The last sale may have come after the last cycle.
const hasArrived = found !== undefined && found.sales >= sales - 1 && found.parked === 0;
print(
  `${days} days: memory and resources ${isFlat ? 'flat' : 'GROWING'}, sales ${hasArrived ? 'arrived once' : `MISSING: ${JSON.stringify(found)}`}`,
);
process.exitCode = isFlat && hasArrived ? 0 : 1;
