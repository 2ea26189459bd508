import { expect, test } from 'vitest';
import { openSync } from '../../../../src/core/sync/index.ts';
import { failure } from '../../plan/scripted-server.ts';
import { realServers } from '../../plan/store-runs.ts';
import { countingServers, logOf, moved, once, rowsOf, runOn, type Shop, watchedServers } from './shop.ts';
import { shopForEachTest } from './shop-for-each-test.ts';

let shop: Shop;
shopForEachTest((made) => {
  shop = made;
});
const signal = new AbortController().signal;

test('one cycle brings sales up, shifts both ways and prices down, and the next brings nothing', async () => {
  const { store, register } = shop;
  await store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1844.68), (N'B', 0.0000000000000001);
INSERT INTO dbo.SHIFTS VALUES (N'S', N'store')`);
  await register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 12.5); INSERT INTO dbo.SALESLINES VALUES (N'1', 1, N'A'), (N'1', 2, N'B');
INSERT INTO dbo.SHIFTS VALUES (N'R', N'register')`);
  const ran = await once(shop.input());
  expect(ran.result).toMatchObject({ outcome: 'done', findings: [] });
  expect(moved(ran)).toEqual({ Sales: '3/0', Shifts: '1/2', Prices: '0/2' });
  for (const table of ['SALES', 'SALESLINES', 'SHIFTS', 'PRICES'])
    expect(await rowsOf(register, table)).toEqual(await rowsOf(store, table));
  const again = await once(shop.input());
  expect(again.result.outcome).toBe('done');
  expect(moved(again)).toEqual({ Sales: '0/0', Shifts: '0/0', Prices: '0/0' });
});

test('the events tell the course of the cycle, and the last one is its result', async () => {
  const { events, result } = await once(shop.input());
  expect(
    events
      .filter(({ kind }) => kind !== 'rows-moved')
      .map((event) => ('scope' in event ? `${event.kind} ${event.scope}` : event.kind)),
  ).toEqual([
    'cycle-started',
    'scope-started Sales',
    'scope-finished Sales',
    'scope-started Shifts',
    'scope-finished Shifts',
    'scope-started Prices',
    'scope-finished Prices',
    'cycle-finished',
  ]);
  expect(events.at(-1)).toEqual({ kind: 'cycle-finished', ...result });
});

test('an idle cycle takes three trips to each server at most, and writes nothing', async () => {
  const { servers, trips, texts } = countingServers(realServers());
  const link = await openSync(shop.input('R1', { servers }), signal);
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
  await runOn(link);
  await runOn(link);
  trips.clear();
  texts.length = 0;
  expect((await runOn(link)).result.outcome).toBe('done');
  expect(Object.fromEntries(trips)).toEqual({ [shop.store.name]: 3, [shop.register.name]: 3 });
  expect(texts.filter((text) => /\b(INSERT|UPDATE|DELETE|CREATE|DROP)\b/.test(text))).toEqual([]);
  await link.close();
});

test('leaves one row a scope in the log of the store, in which all is ok and error', async () => {
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1), (N'2', 2)`);
  await once(shop.input());
  expect(await logOf(shop.store)).toEqual([
    { scope: 11, down: '0=0+0', up: '2=2+0' },
    { scope: 12, down: '0=0+0', up: '0=0+0' },
    { scope: 13, down: '0=0+0', up: '0=0+0' },
  ]);
});

test('a bidirectional scope whose way down failed finds its way again', async () => {
  const { store, register } = shop;
  await store.till.batch(`INSERT INTO dbo.SHIFTS VALUES (N'S', N'1')`);
  let isFailing = true;
  const servers = watchedServers(realServers(), (database, text) => {
    if (isFailing && database === register.name && text.includes('[SHIFTS]') && text.includes('@moved'))
      throw failure(1222);
  });
  const failed = await once(shop.input('R1', { servers }));
  expect(failed.result.scopes.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done']);
  expect(failed.result.outcome).toBe('partly');
  isFailing = false;
  await store.till.batch(`INSERT INTO dbo.SHIFTS VALUES (N'T', N'2')`);
  await register.till.batch(`INSERT INTO dbo.SHIFTS VALUES (N'U', N'3')`);
  expect((await once(shop.input('R1', { servers }))).result.outcome).toBe('done');
  expect(await rowsOf(register, 'SHIFTS')).toEqual(await rowsOf(store, 'SHIFTS'));
  expect(moved(await once(shop.input('R1', { servers })))).toMatchObject({ Shifts: '0/0' });
});
