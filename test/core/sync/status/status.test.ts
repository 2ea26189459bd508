import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/core/plan/index.ts';
import { systemClock } from '../../../../src/core/plan/index.ts';
import { openSync, readSyncStatus } from '../../../../src/core/sync/index.ts';
import { realServers } from '../../plan/store-runs.ts';
import { answeringServers, countingServers, once, type Shop } from '../cycle/shop.ts';
import { shopForEachTest } from '../cycle/shop-for-each-test.ts';

let shop: Shop;
shopForEachTest((made) => {
  shop = made;
});
const signal = new AbortController().signal;
const status = () => readSyncStatus(shop.input(), signal);

test('before the first cycle everything waits, and the tables that come down are not loaded', async () => {
  await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1), (N'B', 2)`);
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
  const read = await status();
  expect(read).toMatchObject({
    register: { registerId: 'R1', storeId: 'HOUSTON', dataAreaId: 'usrt', machine: 'REG-1', epoch: 1 },
    store: { isReachable: true, database: shop.store.name, stalled: undefined },
    offline: { isReachable: true, database: shop.register.name, stalled: undefined },
    parked: 0,
    holder: undefined,
    lastError: undefined,
    findings: [],
  });
  expect(
    read.scopes.map(({ scope, loading, lastRun, waiting }) => ({ scope, loading, lastRun, waiting })),
  ).toEqual([
    { scope: 'Sales', loading: 0, lastRun: undefined, waiting: { up: 1, down: undefined } },
    { scope: 'Shifts', loading: 1, lastRun: undefined, waiting: { up: 0, down: 0 } },
    { scope: 'Prices', loading: 1, lastRun: undefined, waiting: { up: undefined, down: 2 } },
  ]);
});

test('after a cycle it tells the last run of each scope, and afterwards what came since', async () => {
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
  await once(shop.input());
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'2', 1), (N'3', 1)`);
  await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1)`);
  const { scopes } = await status();
  expect(scopes).toMatchObject([
    {
      scope: 'Sales',
      lastRun: { outcome: 'done', uploaded: 1, downloaded: 0, parked: 0 },
      waiting: { up: 2 },
    },
    { scope: 'Shifts', loading: 0, lastRun: { outcome: 'done' }, waiting: { up: 0, down: 0 } },
    { scope: 'Prices', loading: 0, lastRun: { outcome: 'done' }, waiting: { down: 1 } },
  ]);
});

test('on an open link it takes a handful of trips, whatever the number of tables', async () => {
  const { servers, trips } = countingServers(realServers());
  const link = await openSync(shop.input('R1', { servers }), signal);
  trips.clear();
  await readSyncStatus(link, signal);
  expect(Object.fromEntries(trips)).toEqual({ [shop.store.name]: 2, [shop.register.name]: 3 });
  await link.close();
});

test('names the rows that are parked, and the last error', async () => {
  await shop.store.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 7)`);
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 8)`);
  await once(shop.input());
  const { parked, scopes, lastError } = await status();
  expect(parked).toBe(1);
  expect(scopes[0]).toMatchObject({ scope: 'Sales', parked: 1, lastRun: { outcome: 'partly', parked: 1 } });
  expect(lastError).toMatchObject({ scope: 'Sales', message: expect.stringContaining('SALES') });
});

test.each(['store', 'offline'] as const)(
  'tells what it can when the %s database is out of reach',
  async (away) => {
    await once(shop.input());
    const there = shop.input();
    const nowhere = { ...there[away], server: '127.0.0.1,1' };
    const read = await readSyncStatus({ ...there, [away]: nowhere }, signal);
    expect(read[away]).toMatchObject({
      isReachable: false,
      finding: { code: expect.any(String), hint: expect.any(String) },
    });
    expect(read[away === 'store' ? 'offline' : 'store'].isReachable).toBe(true);
    expect(read.register?.registerId).toBe('R1');
    expect(read.findings).toHaveLength(1);
    expect(read.scopes.map(({ scope }) => scope)).toEqual(
      away === 'store' ? ['Sales', 'Shifts', 'Prices'] : [],
    );
    if (away === 'store') {
      expect(read.scopes[0]).toMatchObject({ lastRun: { outcome: 'done' }, waiting: { up: undefined } });
    }
  },
);

test('names who holds the register, and whose open transaction keeps changes back', async () => {
  const { store, register } = shop;
  await once(shop.input());
  await register.session.batch(
    `USE master; EXEC sp_getapplock @Resource = N'storedb:${register.name}', @LockMode = 'Exclusive', @LockOwner = 'Session'; USE ${register.name};`,
  );
  await store.session.batch(`BEGIN TRANSACTION; INSERT INTO dbo.PRICES VALUES (N'OPEN', 1)`);
  await store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'LATER', 1)`);
  const servers = answeringServers(realServers(), (rows) =>
    rows.map((row) =>
      'nowUtc' in row ? { ...row, nowUtc: new Date((row.nowUtc as Date).getTime() + 300_000) } : row,
    ),
  );
  const read = await readSyncStatus(shop.input('R1', { servers }), signal);
  expect(read.holder).toContain('storedb test');
  expect(read.store).toMatchObject({
    stalled: { sinceUtc: expect.any(Date), holder: expect.stringContaining('session') },
  });
  expect(read.offline).toMatchObject({ stalled: undefined });
  await store.session.batch('COMMIT TRANSACTION');
});

test('tells the room that an Express edition leaves, and when rows stop coming', async () => {
  const size = (pages: number, version = '11.0.1') =>
    answeringServers(realServers(), (rows, database) =>
      database === shop.register.name
        ? rows.map((row) => ('pages' in row ? { pages: String(pages * 128), edition: 4, version } : row))
        : rows,
    );
  const read = (pages: number, version?: string) =>
    readSyncStatus(shop.input('R1', { servers: size(pages, version) }), signal);
  expect((await read(9000)).offline).toMatchObject({ size: { usedMb: 9000, limitMb: 10_240 } });
  expect((await read(3000, '10.0.6000')).offline).toMatchObject({ size: { limitMb: 4096 } });
  expect((await read(9800)).findings).toMatchObject([{ code: 'offline-database-full' }]);
  await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1)`);
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
  const { result } = await once(shop.input('R1', { servers: size(9800) }));
  expect(result.scopes).toMatchObject([
    { scope: 'Sales', outcome: 'done', uploaded: { total: 1 } },
    { scope: 'Shifts', outcome: 'partly' },
    {
      scope: 'Prices',
      outcome: 'partly',
      downloaded: { total: 0 },
      findings: [{ code: 'offline-database-full' }],
    },
  ]);
});

test('says of a database that was never set up what to do', async () => {
  await shop.register.session.batch('DROP TABLE storedb.SyncTable');
  const read = await status();
  expect(read.offline).toMatchObject({ isReachable: true, size: undefined });
  expect(read.findings).toMatchObject([
    { code: 'not-provisioned', hint: 'Run storedb apply on this register.' },
  ]);
});

test('the time is that of its clock', async () => {
  const clock: Clock = { ...systemClock, now: () => new Date(Date.UTC(2012, 0, 1)) };
  expect((await readSyncStatus(shop.input('R1', { clock }), signal)).atUtc).toEqual(
    new Date(Date.UTC(2012, 0, 1)),
  );
});
