import { expect, test } from 'vitest';
import { openSync } from '../../../../src/core/sync/index.ts';
import { compatibleServers } from '../../plan/compatible-servers.ts';
import { realServers } from '../../plan/store-runs.ts';
import { codes, moved, rowsOf, runOn, type Shop } from './shop.ts';
import { shopForEachTest } from './shop-for-each-test.ts';

let shop: Shop;
shopForEachTest((made) => {
  shop = made;
});
const signal = new AbortController().signal;

/** What Babelfish lacks of what the synchronisation asks for first. */
const servers = () =>
  compatibleServers(realServers(), [/MIN_ACTIVE_ROWVERSION/, /READPAST/, /dm_tran_/, /FILEPROPERTY/]);

test('without MIN_ACTIVE_ROWVERSION tables with changes are compared: what commits late still arrives', async () => {
  const { store, register } = shop;
  const link = await openSync(shop.input('R1', { servers: servers() }), signal);
  await store.till.batch(
    `INSERT INTO dbo.PRICES VALUES (N'A', 1); INSERT INTO dbo.SHIFTS VALUES (N'S', N'1')`,
  );
  expect(codes(await runOn(link)).sort()).toEqual(['compared-offline', 'compared-store']);
  // Open below what is committed meanwhile.
  await store.session.batch(`BEGIN TRANSACTION; INSERT INTO dbo.SHIFTS VALUES (N'LATE', N'1')`);
  await store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'B', 2); DELETE FROM dbo.PRICES WHERE ITEM = N'A'`);
  await register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 12.5)`);
  const second = await runOn(link, { logsIdle: false, scopes: ['Sales', 'Prices'] });
  expect(codes(second)).toEqual([]);
  expect(await rowsOf(register, 'PRICES')).toEqual(await rowsOf(store, 'PRICES'));
  expect(await rowsOf(store, 'SALES')).toHaveLength(1);
  await store.session.batch('COMMIT TRANSACTION');
  await runOn(link);
  expect(await rowsOf(register, 'SHIFTS')).toEqual(await rowsOf(store, 'SHIFTS'));
  await store.till.batch(`DELETE FROM dbo.SHIFTS WHERE ID = N'S'`);
  await register.till.batch(
    `INSERT INTO dbo.SHIFTS VALUES (N'R', N'2'); UPDATE dbo.SHIFTS SET STATUS = N'2' WHERE ID = N'LATE'`,
  );
  await runOn(link);
  expect((await rowsOf(store, 'SHIFTS')).map(({ ID, STATUS }) => `${ID}${STATUS}`)).toEqual(['LATE2', 'R2']);
  expect(await rowsOf(register, 'SHIFTS')).toEqual(await rowsOf(store, 'SHIFTS'));
  // What was applied is compared once more, and then nothing is left to compare.
  await runOn(link);
  await runOn(link);
  expect(moved(await runOn(link))).toEqual({ Sales: '0/0', Shifts: '0/0', Prices: '0/0' });
  await link.close();
});

test('where master is out of reach, the register says that a set-up goes unseen, and synchronises', async () => {
  const link = await openSync(
    shop.input('R1', { servers: compatibleServers(realServers(), [/USE \[master\]/]) }),
    signal,
  );
  await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 12.5)`);
  const ran = await runOn(link);
  expect(codes(ran).sort()).toEqual(['unguarded-offline', 'unguarded-store']);
  expect(codes(await runOn(link))).toEqual([]);
  expect(await rowsOf(shop.store, 'SALES')).toHaveLength(1);
  await link.close();
});
