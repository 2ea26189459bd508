/**
 * `npm run test:shop`: an hour of a big shop as quickly as it goes. Registers sell into databases of their own and
 * synchronise all at once, again and again; at the end every sale must be at the store once. Prints what it cost.
 * STOREDB_SHOP_REGISTERS (100), STOREDB_SHOP_SALES (1000) and STOREDB_SHOP_CYCLES (12, both per register) make it smaller.
 */

import { systemClock } from '../../../../src/core/plan/index.ts';
import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { openSync, runCycle } from '../../../../src/core/sync/index.ts';
import { realServers } from '../../plan/store-runs.ts';
import { introduce, makeDatabase } from '../histories/databases.ts';
import { costOfThisProcess } from './server-process.ts';
import { startServerProcess } from './servers.ts';

const registers = Number(process.env.STOREDB_SHOP_REGISTERS ?? 100);
const sales = Number(process.env.STOREDB_SHOP_SALES ?? 1000);
/** Times that each register synchronises within the hour. */
const rounds = Number(process.env.STOREDB_SHOP_CYCLES ?? 12);
const linesOfSale = 2;
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const { signal } = new AbortController();

const [store, tills] = [await startServerProcess(), await startServerProcess()];
const storeTarget = { ...store.target, database: 'store' };
await makeDatabase(storeTarget, { role: 'store', snapshots: 'always', isAudited: false });
await makeDatabase(
  { ...tills.target, database: 'blank' },
  { role: 'offline', snapshots: 'allowed', isAudited: false },
);
const names = Array.from({ length: registers }, (_, index) => `till${index + 1}`);
await tills.copy('blank', names);
const idsOf = (name: string) => ({ storeId: 'HOUSTON', registerId: name.toUpperCase(), dataAreaId: 'usrt' });
for (const name of names) await introduce(storeTarget, { ...tills.target, database: name }, idsOf(name));
const watcher = await realServers().connect(storeTarget);
await watcher.batch(
  Array.from(
    { length: 500 },
    (_, item) =>
      `INSERT INTO dbo.ITEM (ITEMID, CODE, AMOUNT, NAME) VALUES (N'I${item}', N'C${item}', ${item}.99, N'Item ${item}');`,
  ).join('\n'),
);
print(`${registers} registers, ${sales} sales each with ${linesOfSale} lines, ${rounds} cycles each`);

const cycles = { done: 0, again: 0, longest: 0 };
let isSelling = true;
let mostConnections = 0;
const watch = (async () => {
  while (isSelling) {
    const [row] = await watcher.query<{ n: number }>(
      `SELECT COUNT(*) AS n FROM sys.dm_exec_sessions WHERE program_name = N'storedb test'`,
    );
    mostConnections = Math.max(mostConnections, (row?.n ?? 1) - 1);
    await systemClock.sleep(200);
  }
})();

async function sell(till: SqlSession, name: string, first: number, count: number): Promise<void> {
  const atOnce = 50;
  for (let start = first; start < first + count; start += atOnce) {
    const numbers = Array.from(
      { length: Math.min(atOnce, first + count - start) },
      (_, index) => start + index,
    );
    await till.batch(
      numbers
        .map(
          (nr) => `BEGIN TRANSACTION;
INSERT INTO dbo.SALE (TERMINAL, NR, CODE, LINES, AMOUNT, SINCE, NAME) VALUES (N'${name}', ${nr}, N'${name}-${nr}', ${linesOfSale}, ${nr}.25, GETUTCDATE(), N'sold');
INSERT INTO dbo.SALELINE (TERMINAL, NR, LINE, AMOUNT, NAME) VALUES ${Array.from({ length: linesOfSale }, (_, line) => `(N'${name}', ${nr}, ${line + 1}, ${nr}.125, N'line')`).join(', ')};
COMMIT TRANSACTION;`,
        )
        .join('\n'),
    );
  }
}

async function workingHour(name: string): Promise<void> {
  const offline = { ...tills.target, database: name };
  const till = await realServers().connect(offline);
  const link = await openSync(
    { servers: realServers(), store: storeTarget, offline, ids: idsOf(name), host: name, clock: systemClock },
    signal,
  );
  const synchronise = async (): Promise<void> => {
    for (;;) {
      const began = performance.now();
      const events = runCycle(link, { logsIdle: false }, signal);
      let next = await events.next();
      while (next.done !== true) next = await events.next();
      cycles.longest = Math.max(cycles.longest, performance.now() - began);
      if (next.value.outcome === 'done') break;
      cycles.again += 1;
      const findings = [...next.value.findings, ...next.value.scopes.flatMap((scope) => scope.findings)];
      if (cycles.again < 5)
        print(`${name}: ${next.value.outcome}: ${findings.map(({ message }) => message).join(' ')}`);
    }
    cycles.done += 1;
  };
  for (let round = 0; round < rounds; round++) {
    const [from, to] = [Math.floor((sales * round) / rounds), Math.floor((sales * (round + 1)) / rounds)];
    await sell(till, name, from + 1, to - from);
    await synchronise();
  }
  await link.close();
  await till.close();
}

const began = performance.now();
const before = { service: costOfThisProcess(), store: await store.cost(), tills: await tills.cost() };
await Promise.all(names.map(workingHour));
const seconds = (performance.now() - began) / 1000;
isSelling = false;
await watch;
const after = { service: costOfThisProcess(), store: await store.cost(), tills: await tills.cost() };

const [found] = await watcher.query<{ sales: number; lines: number; tills: number; parked: number }>(
  `SELECT (SELECT COUNT(*) FROM dbo.SALE) AS sales, (SELECT COUNT(*) FROM dbo.SALELINE) AS lines,
  (SELECT COUNT(DISTINCT TERMINAL) FROM dbo.SALE) AS tills, (SELECT COUNT(*) FROM storedb.Conflict) AS parked`,
);
await watcher.close();
for (const each of [store, tills]) await each.stop();
const cpu = (who: keyof typeof after) =>
  `${(after[who].cpu - before[who].cpu).toFixed(1)} s CPU, at most ${after[who].memory.toFixed(0)} MB`;
print(
  `took ${seconds.toFixed(1)} s: ${((registers * sales) / seconds).toFixed(0)} sales/s with ${((registers * sales * (1 + linesOfSale)) / seconds).toFixed(0)} rows/s`,
);
print(`cycles: ${cycles.done} done, ${cycles.again} again, the longest ${cycles.longest.toFixed(0)} ms`);
print(`connections at the store: at most ${mostConnections}`);
print(`${registers} services and their sellers (one process): ${cpu('service')}`);
print(`store server: ${cpu('store')}; registers' servers (one process): ${cpu('tills')}`);
const expected = {
  sales: registers * sales,
  lines: registers * sales * linesOfSale,
  tills: registers,
  parked: 0,
};
const isRight = JSON.stringify(found) === JSON.stringify(expected);
print(isRight ? 'every sale is at the store once' : `WRONG: the store has ${JSON.stringify(found)}`);
process.exitCode = isRight ? 0 : 1;
