// A process of its own for `service.ts`: the life of a service over days that are compressed into minutes. argv: the
// address of the server, the folder of log and health, how many days. Prints what it measured at the end.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/core/plan/index.ts';
import { beginHealth } from '../../src/core/service/health/health.ts';
import { healthFile } from '../../src/core/service/health/health-file.ts';
import { serve } from '../../src/core/service/host/serve.ts';
import { openServiceLog } from '../../src/core/service/log/service-log.ts';
import { runLoop, type SyncEvent } from '../../src/core/sync/index.ts';
import type { ServerAddress } from './practice/server.ts';
import { connectTo, syncInput } from './sync/shop.ts';

const [server = '{}', folder = '', wantedDays = '1'] = process.argv.slice(2);
const address: ServerAddress = JSON.parse(server);
const compression = 2000;
const day = 24 * 3600_000;
const end = Number(wantedDays) * day;

/** A minute here is 30 milliseconds of this computer. */
const begun = systemClock.elapsed();
const since = Date.now();
const elapsed = () => (systemClock.elapsed() - begun) * compression;
const clock: Clock = {
  now: () => new Date(since + elapsed()),
  elapsed,
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds / compression, undefined, signal === undefined ? {} : { signal });
  },
};

export type Sample = { readonly megabytes: number; readonly heapMegabytes: number; readonly handles: number };

function sample(): Sample {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const handles = readdirSync('/proc/self/fd').length + process.getActiveResourcesInfo().length;
  return { megabytes: rss / 1e6, heapMegabytes: heapUsed / 1e6, handles };
}

const stop = new AbortController();
const samples: Sample[] = [];
let cycles = 0;
let moved = 0;
const outcomes = new Map<string, number>();

async function* watched(signal: AbortSignal): AsyncGenerator<SyncEvent> {
  for await (const event of runLoop({ ...syncInput(address), clock }, {}, signal)) {
    if (event.kind === 'cycle-finished') {
      cycles += 1;
      outcomes.set(event.outcome, (outcomes.get(event.outcome) ?? 0) + 1);
      for (const { downloaded, uploaded } of event.scopes) moved += downloaded.ok + uploaded.ok;
      // The first tenth is warming up.
      if (elapsed() > (end * (samples.length + 1)) / 10) samples.push(sample());
      if (elapsed() > end) stop.abort();
    }
    yield event;
  }
}

const register = await connectTo(address, 'Register');
let sales = 0;
const selling = setInterval(() => {
  sales += 1;
  register
    .batch(`INSERT INTO dbo.SALES (RECEIPT, AMOUNT) VALUES (N'R-${sales}', ${sales})`)
    .catch((error: unknown) => console.error(error));
}, 100);

const complain = (reason: string) => console.error(reason);
const exit = await serve(
  {
    clock,
    begun: beginHealth({ service: 'bench', storedb: '1', processId: process.pid }, clock.now(), undefined),
    health: healthFile(join(folder, 'health.json'), complain),
    log: openServiceLog({ folder: join(folder, 'log'), service: 'bench', clock, complain }),
    prepare: async () => watched,
  },
  { signal: stop.signal, ready: () => undefined, alive: () => undefined, stopping: () => undefined },
);
clearInterval(selling);
await register.close();
const logBytes = readdirSync(join(folder, 'log')).reduce(
  (sum, name) => sum + statSync(join(folder, 'log', name)).size,
  0,
);
const days = elapsed() / day;
console.log(
  JSON.stringify({
    exit,
    days,
    cycles,
    sales,
    moved,
    outcomes: Object.fromEntries(outcomes),
    logBytes,
    samples,
  }),
);
