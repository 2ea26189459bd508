import { describe, expect, test } from 'vitest';
import { takeDeployerLock } from '../../../../src/core/plan/lock.ts';
import { openSync } from '../../../../src/core/sync/index.ts';
import { realServers, type TestServer, withSession } from '../../plan/store-runs.ts';
import {
  answeringServers,
  codes,
  logOf,
  moved,
  once,
  rowsOf,
  runOn,
  type Shop,
  watchedServers,
} from './shop.ts';
import { shopForEachTest } from './shop-for-each-test.ts';

let server: TestServer;
let shop: Shop;
shopForEachTest((made, on) => {
  shop = made;
  server = on;
});
const signal = new AbortController().signal;

/** The outcome and its one finding. */
const refusal = async (ran: ReturnType<typeof once>) => {
  const { result } = await ran;
  return { outcome: result.outcome, code: result.findings[0]?.code, scopes: result.scopes.length };
};

describe('locks', () => {
  test('two runs on one register: the second says who is at work, and changes nothing', async () => {
    let second: Awaited<ReturnType<typeof once>> | undefined;
    const servers = watchedServers(realServers(), async (database, text) => {
      if (second !== undefined || database !== shop.store.name || !text.includes('EXISTS')) return;
      second = await once(shop.input());
    });
    await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
    expect((await once(shop.input('R1', { servers }))).result.outcome).toBe('done');
    expect(second?.result).toMatchObject({
      outcome: 'busy',
      scopes: [],
      findings: [{ code: 'sync-busy', message: expect.stringContaining('storedb test') }],
    });
    expect(await logOf(shop.store)).toHaveLength(3);
  });

  test('two computers with one identity: the store lets one of them in at a time', async () => {
    await withSession(server, shop.store.name, async (session) => {
      const [row] = await session.query<{ id: string }>(
        `SELECT LOWER(CAST(ReplicaId AS varchar(36))) AS id FROM storedb.Replica WHERE RegisterId = N'R1'`,
      );
      await session.batch(
        `EXEC sp_getapplock @Resource = N'storedb:sync:${row!.id}', @LockMode = 'Exclusive', @LockOwner = 'Session'`,
      );
      expect(await refusal(once(shop.input()))).toEqual({
        outcome: 'busy',
        code: 'sync-elsewhere',
        scopes: 0,
      });
    });
    expect((await once(shop.input())).result.outcome).toBe('done');
  });

  test.each(['register', 'store'] as const)(
    'a set-up of the %s keeps cycles away, and the other way round',
    async (side) => {
      const { name } = shop[side];
      await withSession(server, undefined, async (master) => {
        const lock = await takeDeployerLock(master, name, signal, 0);
        expect(await refusal(once(shop.input()))).toEqual({
          outcome: 'busy',
          code: side === 'register' ? 'sync-busy' : 'set-up-running',
          scopes: 0,
        });
        await lock.release();
        // While a window writes to a side, a set-up of it is refused.
        let refused: unknown;
        const servers = watchedServers(realServers(), async (database, text) => {
          if (refused !== undefined || database !== shop.store.name || !text.includes('@moved')) return;
          refused = await takeDeployerLock(master, name, signal, 0).catch((error: unknown) => error);
        });
        await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
        expect((await once(shop.input('R1', { servers }))).result.outcome).toBe('done');
        expect(refused).toMatchObject({ code: 'locked', exit: 'locked' });
        await (await takeDeployerLock(master, name, signal, 0)).release();
      });
    },
  );

  test('a set-up of the store may begin while a register downloads', async () => {
    let wasGiven = false;
    const servers = watchedServers(realServers(), async (database, text) => {
      if (
        wasGiven ||
        database !== shop.register.name ||
        !text.includes('@moved') ||
        !text.includes('[PRICES]')
      )
        return;
      await withSession(server, undefined, async (master) => {
        await (await takeDeployerLock(master, shop.store.name, signal, 0)).release();
        wasGiven = true;
      });
    });
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1)`);
    await once(shop.input('R1', { servers }));
    expect(wasGiven).toBe(true);
  });

  test('after a cycle that was cancelled the locks are free, and what is done is in the log', async () => {
    await shop.register.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 1)`);
    const stop = new AbortController();
    const servers = watchedServers(realServers(), (_database, text) => {
      if (text.includes('[SHIFTS]') && text.includes('@moved')) stop.abort();
    });
    const link = await openSync(shop.input('R1', { servers }), signal);
    await expect(runOn(link, { logsIdle: true }, stop.signal)).rejects.toMatchObject({
      code: 'cancelled',
      exit: 'cancelledDuring',
    });
    expect(await logOf(shop.store)).toEqual([{ scope: 11, down: '0=0+0', up: '1=1+0' }]);
    // The link is still of use, and so is another one.
    expect((await runOn(link)).result.outcome).toBe('done');
    await link.close();
    expect((await once(shop.input())).result.outcome).toBe('done');
  });
});

describe('who may synchronise', () => {
  const ids = { storeId: 'HOUSTON', registerId: 'R1', dataAreaId: 'usrt' };
  const at = (side: 'store' | 'register') => shop[side].session;

  test.each([
    ['another register', { ...ids, registerId: 'R2' }],
    ['another store', { ...ids, storeId: 'DALLAS' }],
    ['another company', { ...ids, dataAreaId: 'frrt' }],
  ])('not %s', async (_what, other) => {
    expect(await refusal(once(shop.input('R1', { ids: other })))).toEqual({
      outcome: 'failed',
      code: 'database-of-other-register',
      scopes: 0,
    });
  });

  test('in whatever case the ids are written', async () => {
    expect((await once(shop.input('R1', { ids: { ...ids, registerId: 'r1' } }))).result.outcome).toBe('done');
  });

  test('not with the two databases exchanged', async () => {
    const { store, offline } = shop.input();
    expect(await refusal(once(shop.input('R1', { offline: store, store: offline })))).toMatchObject({
      code: 'not-an-offline-database',
    });
    expect(await refusal(once(shop.input('R1', { store: offline })))).toMatchObject({ code: 'one-database' });
    const other = await shop.addRegister('R2');
    expect(
      await refusal(once(shop.input('R1', { store: { ...store, database: other.name } }))),
    ).toMatchObject({
      code: 'not-a-store-database',
    });
  });

  test('not with a store database that it was not set up with', async () => {
    await at('register').batch(`UPDATE storedb.Replica SET ReplicaId = NEWID() WHERE LocalId = 2`);
    expect(await refusal(once(shop.input()))).toMatchObject({ code: 'other-store' });
  });

  test('not where the store does not know it, or has another in its place', async () => {
    await at('store').batch(`UPDATE storedb.Replica SET RetiredUtc = GETUTCDATE() WHERE RegisterId = N'R1'`);
    expect(await refusal(once(shop.input()))).toMatchObject({ code: 'register-retired' });
    await at('store').batch(`DELETE FROM storedb.Replica WHERE RegisterId = N'R1'`);
    expect(await refusal(once(shop.input()))).toMatchObject({ code: 'register-not-known' });
  });

  test.each(['store', 'register'] as const)('not with a %s database that was never set up', async (side) => {
    await at(side).batch('DROP TABLE storedb.Replica');
    expect(await refusal(once(shop.input()))).toMatchObject({ outcome: 'failed', code: 'not-provisioned' });
  });

  test('and not with a scope that it does not have', async () => {
    const { result } = await once(shop.input(), { logsIdle: true, scopes: ['Sales', 'Nothing'] });
    expect(result).toMatchObject({
      outcome: 'failed',
      findings: [{ code: 'scope-unknown', hint: expect.stringContaining('Prices') }],
    });
  });
});

describe('a register that was set up anew', () => {
  test('says so loudly, and gets back what its former database had sent', async () => {
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1)`);
    await shop.register.till.batch(
      `INSERT INTO dbo.SALES VALUES (N'1', 1); INSERT INTO dbo.SHIFTS VALUES (N'S', N'1')`,
    );
    await once(shop.input());
    const former = { ...shop.input() };
    const anew = await shop.addRegister('R1');
    const first = await once(shop.input());
    expect(codes(first)).toEqual(['register-reimaged']);
    expect(await rowsOf(anew, 'PRICES')).toHaveLength(1);
    expect(await rowsOf(anew, 'SHIFTS')).toHaveLength(1);
    expect(codes(await once(shop.input()))).toEqual([]);
    expect(await refusal(once(former))).toMatchObject({ code: 'register-retired' });
    // The number of a sale that the former one had sent is somebody else's.
    await anew.till.batch(`INSERT INTO dbo.SALES VALUES (N'1', 2)`);
    expect(moved(await once(shop.input()))).toMatchObject({ Sales: '1/0!' });
    expect(await rowsOf(shop.store, 'SALES')).toMatchObject([{ TOTAL: 1 }]);
  });
});

describe('what both sides must have', () => {
  test('a table that is not tracked at the store is left out alone, and told', async () => {
    await shop.store.session.batch(`DELETE FROM storedb.SyncTable WHERE TableName = N'SALESLINES'`);
    await shop.register.till.batch(
      `INSERT INTO dbo.SALES VALUES (N'1', 1); INSERT INTO dbo.SALESLINES VALUES (N'1', 1, N'A')`,
    );
    const { result } = await once(shop.input());
    expect(result.scopes[0]).toMatchObject({
      scope: 'Sales',
      outcome: 'partly',
      uploaded: { total: 1, ok: 1 },
      findings: [{ code: 'table-not-tracked', message: expect.stringContaining('SALESLINES') }],
    });
    // The log has no other way to say that something is wrong.
    expect((await logOf(shop.store))[0]).toEqual({ scope: 11, down: '0=0+0', up: '2=1+1' });
    await shop.register.session.batch(`DROP TABLE dbo.SALES_tracking`);
    expect((await once(shop.input())).result.scopes[0]).toMatchObject({
      outcome: 'partly',
      uploaded: { total: 0 },
    });
  });

  test('a trigger that is switched off is told', async () => {
    await shop.store.session.batch('DISABLE TRIGGER dbo.PRICES_storedb_tracking ON dbo.PRICES');
    expect(codes(await once(shop.input()))).toEqual(['trigger-off']);
    // An account that sees no trigger at all has no rights to; that says nothing of the triggers.
    const servers = answeringServers(realServers(), (rows) =>
      rows.map((row) => ('hasTrigger' in row ? { ...row, hasTrigger: 0 } : row)),
    );
    expect(codes(await once(shop.input('R1', { servers })))).toEqual([]);
  });

  test('what the store changed while its trigger was off is not overwritten when it is on again', async () => {
    await shop.store.till.batch(`INSERT INTO dbo.SHIFTS VALUES (N'A', N'1'), (N'B', N'1')`);
    await once(shop.input());
    await shop.store.session.batch('DISABLE TRIGGER dbo.SHIFTS_storedb_tracking ON dbo.SHIFTS');
    await shop.store.till.batch(`UPDATE dbo.SHIFTS SET STATUS = N'store'`);
    await shop.store.session.batch(`ENABLE TRIGGER dbo.SHIFTS_storedb_tracking ON dbo.SHIFTS;
UPDATE storedb.SyncTable SET TrackingId = NEWID() WHERE TableName = N'SHIFTS'`);
    await shop.register.till.batch(`UPDATE dbo.SHIFTS SET STATUS = N'till' WHERE ID = N'B'`);
    // Only what the till has changed itself is a conflict.
    expect(moved(await once(shop.input()))).toMatchObject({ Shifts: '1/2!' });
    expect((await rowsOf(shop.register, 'SHIFTS')).map(({ STATUS }) => STATUS)).toEqual(['store', 'store']);
    expect(await rowsOf(shop.store, 'SHIFTS')).toEqual(await rowsOf(shop.register, 'SHIFTS'));
  });

  test('a column that only one side has yet does not stop the others, and comes when both have it', async () => {
    await once(shop.input());
    await shop.store.session.batch(`ALTER TABLE dbo.PRICES ADD NAME nvarchar(10) NULL`);
    await shop.store.till.batch(`INSERT INTO dbo.PRICES VALUES (N'A', 1, N'apple')`);
    const link = await openSync(shop.input(), signal);
    expect(moved(await runOn(link))).toMatchObject({ Prices: '0/1' });
    await shop.register.session.batch(`ALTER TABLE dbo.PRICES ADD NAME nvarchar(10) NULL`);
    // Of the same link: the stamp tells that the table has changed.
    await runOn(link);
    expect(await rowsOf(shop.register, 'PRICES')).toEqual(await rowsOf(shop.store, 'PRICES'));
    await link.close();
  });
});

test('several registers of one store get each other’s shifts and nothing back of their own', async () => {
  await shop.addRegister('R2');
  await once(shop.input('R1'));
  await once(shop.input('R2'));
  await shop.register.till.batch(
    `INSERT INTO dbo.SHIFTS VALUES (N'R1', N'1'); INSERT INTO dbo.SALES VALUES (N'1', 1)`,
  );
  expect(moved(await once(shop.input('R1')))).toEqual({ Sales: '1/0', Shifts: '1/0', Prices: '0/0' });
  expect(moved(await once(shop.input('R2')))).toEqual({ Sales: '0/0', Shifts: '0/1', Prices: '0/0' });
  expect(moved(await once(shop.input('R1')))).toEqual({ Sales: '0/0', Shifts: '0/0', Prices: '0/0' });
});
