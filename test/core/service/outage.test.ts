import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type Clock, systemClock } from '../../../src/core/plan/index.ts';
import { beginHealth } from '../../../src/core/service/health/health.ts';
import { healthFile, readHealth } from '../../../src/core/service/health/health-file.ts';
import { serve } from '../../../src/core/service/host/serve.ts';
import { readLog } from '../../../src/core/service/log/read-log.ts';
import { openServiceLog } from '../../../src/core/service/log/service-log.ts';
import { runLoop } from '../../../src/core/sync/index.ts';
import { syncInputOf } from '../../../src/core/sync/setup-input.ts';
import { outcomeOf, type ShopOptions, sessionIn, shippedProfiles, shopInput } from '../offline/shop.ts';
import { startTestServer } from '../plan/test-server.ts';
import { folderOfTest } from './folders.ts';

const [shipped] = shippedProfiles;
const few = {
  ...shipped!,
  scopes: [
    { name: 'Down', direction: 'download', frequencySeconds: 60, tables: ['CURRENCY'] },
    { name: 'Up', direction: 'upload', frequencySeconds: 60, tables: ['RETAILTRANSACTIONTABLE'] },
  ],
} as const;

/** How many seconds of the service pass in one of ours. */
const compression = 1000;

function compressedClock(): Clock {
  const begun = systemClock.elapsed();
  const since = Date.now();
  const elapsed = () => (systemClock.elapsed() - begun) * compression;
  return {
    elapsed,
    now: () => new Date(since + elapsed()),
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds / compression, undefined, signal === undefined ? {} : { signal });
    },
  };
}

/** A way to a server that can be cut: nothing listens then, and what was connected is gone. */
async function wayTo(server: string) {
  const [host = '', port = ''] = server.split(',');
  const open = new Set<Socket>();
  let listener: Server | undefined;
  let own = 0;
  const restore = async () => {
    listener = createServer((near) => {
      const far = connect(Number(port), host);
      for (const socket of [near, far]) {
        open.add(socket);
        socket.on('error', () => undefined).on('close', () => open.delete(socket));
      }
      near.pipe(far);
      far.pipe(near);
    }).listen(own, '127.0.0.1');
    await once(listener, 'listening');
    own = (listener.address() as AddressInfo).port;
  };
  const cut = async () => {
    const closed = listener === undefined ? undefined : once(listener, 'close');
    listener?.close();
    for (const socket of open) socket.destroy();
    await closed;
    listener = undefined;
  };
  await restore();
  return { server: () => `127.0.0.1,${own}`, cut, restore };
}

it.skipIf(process.env.STOREDB_TEST_SERVER !== undefined)(
  'a service lives through an hour without both servers: a sale made meanwhile arrives, nobody has to do anything',
  { timeout: 240_000 },
  async () => {
    const server = await startTestServer();
    onTestFinished(() => server.stop());
    const shop: ShopOptions = { name: `storedb-outage-${process.pid}`, profiles: [few] };
    expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
    const register = shopInput(server, 'offline-database', shop);
    expect(await outcomeOf(register)).toMatchObject({ exit: 'done' });
    const way = await wayTo(server.server);
    onTestFinished(way.cut);

    const folder = await folderOfTest();
    const clock = compressedClock();
    const stop = new AbortController();
    const complain = (reason: string) => {
      throw new Error(reason);
    };
    const through = { server: way.server() };
    const input = syncInputOf(register);
    const file = join(folder, 'health.json');
    const ended = serve(
      {
        clock,
        health: healthFile(file, complain),
        begun: beginHealth({ service: 'x', storedb: '1', processId: 1 }, clock.now(), undefined),
        log: openServiceLog({ folder: join(folder, 'log'), service: 'x', clock, complain }),
        prepare: async () => (signal) =>
          runLoop(
            {
              ...input,
              clock,
              store: { ...input.store, ...through },
              offline: { ...input.offline, ...through },
            },
            {},
            signal,
          ),
      },
      { signal: stop.signal, ready: () => undefined, alive: () => undefined, stopping: () => undefined },
    );
    const health = async () => (await readHealth(file))!;
    const patience = { timeout: 60_000 };
    await vi.waitFor(
      async () => expect(await health()).toMatchObject({ lastCycle: { outcome: 'done' } }),
      patience,
    );

    await way.cut();
    const cutAt = clock.elapsed();
    const till = await sessionIn(server, input.offline.database);
    await till.batch(
      "INSERT dbo.RETAILTRANSACTIONTABLE (TRANSACTIONID, STORE, TERMINAL, DATAAREAID) VALUES (N'SOLD', N'HOUSTON', N'HOUSTON-1', N'usrt')",
    );
    await till.close();
    await vi.waitFor(async () => {
      expect(clock.elapsed() - cutAt).toBeGreaterThan(3_600_000);
      const now = await health();
      expect(now.lastCycle?.outcome).not.toBe('done');
      expect(now.failedInARow).toBeGreaterThan(3);
      expect(now.lastError?.hint).not.toBe('');
    }, patience);

    await way.restore();
    const store = await sessionIn(server, input.store.database);
    await vi.waitFor(async () => {
      const rows = await store.query(
        "SELECT TRANSACTIONID FROM dbo.RETAILTRANSACTIONTABLE WHERE TRANSACTIONID = N'SOLD'",
      );
      expect(rows).toHaveLength(1);
      expect(await health()).toMatchObject({ failedInARow: 0, lastCycle: { outcome: 'done' } });
    }, patience);
    await store.close();
    stop.abort();
    expect(await ended).toBe(0);
    expect((await readLog(join(folder, 'log'), 10_000)).length).toBeLessThan(200);
  },
);
