import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { cutServers } from '../../plan/cut-servers.ts';
import { realServers, withSession } from '../../plan/store-runs.ts';
import { codes, makeShop, moved, once, type Shop } from './shop.ts';

/** Backups are the practice server's own; a server that is named by the environment has none to lend. */
let server: PracticeServer;
let shop: Shop;
let store: string;
let register: string;
beforeAll(async () => {
  server = await startPracticeServer();
});
afterAll(async () => server.close());
beforeEach(async () => {
  shop = await makeShop(server);
  store = shop.store.name;
  register = shop.register.name;
});

const run = (database: string, text: string) =>
  withSession(server, database, async (session) => void (await session.batch(text)));
const rows = (database: string, table: string) =>
  withSession(server, database, (session) => session.query(`SELECT * FROM dbo.${table} ORDER BY 1, 2`));
const agree = async () => {
  for (const table of ['SALES', 'SALESLINES', 'SHIFTS', 'PRICES'])
    expect(await rows(register, table), table).toEqual(await rows(store, table));
};
const epochs = async () =>
  Promise.all(
    [register, store].map((database) =>
      withSession(
        server,
        database,
        async (session) => (await session.query('SELECT Epoch AS epoch FROM storedb.Pair'))[0],
      ),
    ),
  );

/** Rows in all scopes, numbered so that each call adds others. */
const trade = async (name: string) => {
  await run(
    store,
    `INSERT INTO dbo.PRICES VALUES (N'${name}', 1); INSERT INTO dbo.SHIFTS VALUES (N's${name}', N'store')`,
  );
  await run(
    register,
    `INSERT INTO dbo.SALES VALUES (N'${name}', 1); INSERT INTO dbo.SALESLINES VALUES (N'${name}', 1, N'A'); INSERT INTO dbo.SHIFTS VALUES (N'r${name}', N'register')`,
  );
};

/** Every third trip, or with STOREDB_ALL_CUTS all of them: each costs a second. */
const someOf = (trips: number) =>
  Array.from({ length: trips }, (_, index) => index + 1).filter(
    (at) => at % 3 === 0 || process.env.STOREDB_ALL_CUTS !== undefined,
  );

describe('a store that was put back', () => {
  test('to before the last cycle is noticed, and every row finds its way again', async () => {
    await trade('1');
    await once(shop.input());
    const backup = server.backUp(store);
    await trade('2');
    await once(shop.input());
    await server.restore(store, backup);
    // New changes get the numbers of those that the register has taken already.
    await run(
      store,
      `INSERT INTO dbo.PRICES VALUES (N'new1', 1), (N'new2', 1); INSERT INTO dbo.SHIFTS VALUES (N'new', N'store')`,
    );
    const ran = await once(shop.input());
    expect(codes(ran)).toContain('restored');
    expect(ran.result.outcome).toBe('done');
    await agree();
    expect(await rows(store, 'SALES')).toHaveLength(2);
    expect((await rows(store, 'PRICES')).map(({ ITEM }) => ITEM)).toEqual(['1', 'new1', 'new2']);
    expect(await epochs()).toEqual([{ epoch: 2 }, { epoch: 2 }]);
    const told = await withSession(server, store, (session) =>
      session.query(`SELECT ScopeName AS scope FROM storedb.SyncRun WHERE Message LIKE N'%restored%'`),
    );
    expect(told).toEqual([{ scope: 'Sales' }]);
    const after = await once(shop.input());
    expect(codes(after)).toEqual([]);
    expect(moved(after)).toEqual({ Sales: '0/0', Shifts: '0/0', Prices: '0/0' });
  });

  test('to before the first cycle too', async () => {
    const backup = server.backUp(store);
    await trade('1');
    await once(shop.input());
    await server.restore(store, backup);
    expect(codes(await once(shop.input()))).toContain('restored');
    await agree();
    expect(await rows(store, 'SALES')).toHaveLength(1);
  });

  test('and was changed there under the same key keeps its version; the register’s is parked', async () => {
    await trade('1');
    await once(shop.input());
    const backup = server.backUp(store);
    await run(register, `UPDATE dbo.SALES SET TOTAL = 2`);
    await once(shop.input());
    await server.restore(store, backup);
    await run(store, `UPDATE dbo.SALES SET TOTAL = 3`);
    await once(shop.input());
    expect(await rows(store, 'SALES')).toMatchObject([{ TOTAL: 3 }]);
    expect(await rows(register, 'SALES')).toMatchObject([{ TOTAL: 2 }]);
    const parked = await withSession(server, store, (session) =>
      session.query('SELECT TableName AS name FROM storedb.Conflict'),
    );
    expect(parked).toEqual([{ name: 'SALES' }]);
  });
});

describe('a register that was put back', () => {
  test('to before the last cycle is noticed, and sells on without losing a sale', async () => {
    await trade('1');
    await once(shop.input());
    const backup = server.backUp(register);
    await trade('2');
    await once(shop.input());
    await server.restore(register, backup);
    await run(register, `INSERT INTO dbo.SALES VALUES (N'new1', 1), (N'new2', 1), (N'new3', 1)`);
    const ran = await once(shop.input());
    expect(codes(ran)).toContain('restored');
    expect((await rows(store, 'SALES')).map(({ ID }) => ID)).toEqual(['1', '2', 'new1', 'new2', 'new3']);
    expect(await rows(register, 'PRICES')).toEqual(await rows(store, 'PRICES'));
    expect(await rows(register, 'SHIFTS')).toEqual(await rows(store, 'SHIFTS'));
  });

  test('and whose copy works on another computer is told each time', async () => {
    await trade('1');
    await once(shop.input());
    const copy = `${register}_copy`;
    await server.restore(copy, server.backUp(register));
    const there = { ...shop.input(), host: 'REG-2', offline: { ...shop.input().offline, database: copy } };
    await trade('2');
    expect(codes(await once(shop.input()))).toEqual([]);
    await run(copy, `INSERT INTO dbo.SALES VALUES (N'copied', 1)`);
    const second = await once(there);
    expect(second.result.findings).toMatchObject([
      {
        code: 'restored',
        hint: expect.stringContaining('this one is REG-2, the register was set up on REG-1'),
      },
    ]);
    expect(codes(await once(shop.input()))).toContain('restored');
    expect((await rows(store, 'SALES')).map(({ ID }) => ID)).toEqual(['1', '2', 'copied']);
  });
});

test('a restore that is noticed is dealt with also when the cycle is killed at any of its trips', async () => {
  await trade('1');
  await once(shop.input());
  const before = server.backUp(store);
  await trade('2');
  await once(shop.input());
  const offline = server.backUp(register);
  const start = async () => {
    await server.restore(store, before);
    await server.restore(register, offline);
    await run(store, `INSERT INTO dbo.PRICES VALUES (N'new1', 1), (N'new2', 1)`);
  };
  await start();
  const whole = cutServers(realServers(), undefined);
  await once(shop.input('R1', { servers: whole.servers }));
  const places = someOf(whole.count());
  expect(whole.count()).toBeGreaterThan(20);
  for (const at of places) {
    await start();
    const cut = cutServers(realServers(), { at, when: at % 2 === 0 ? 'before' : 'after' });
    await once(shop.input('R1', { servers: cut.servers }));
    await once(shop.input());
    await agree();
    expect((await rows(store, 'PRICES')).length, `cut at ${at}`).toBe(3);
    expect((await rows(store, 'SALES')).length, `cut at ${at}`).toBe(2);
  }
}, 240_000);

test('a cycle that is killed at any of its trips is finished by the next one: nothing lost, nothing twice', async () => {
  await trade('0');
  const whole = cutServers(realServers(), undefined);
  await once(shop.input('R1', { servers: whole.servers }));
  const places = someOf(whole.count());
  for (const at of places) {
    await trade(`${at}`);
    const cut = cutServers(realServers(), { at, when: at % 2 === 0 ? 'before' : 'after' });
    await once(shop.input('R1', { servers: cut.servers }));
    const next = await once(shop.input());
    expect(codes(next), `cut at ${at}`).toEqual([]);
    await agree();
    const log = await withSession(server, store, (session) =>
      session.query<{ runs: number; once: number; ids: number }>(
        `SELECT COUNT(*) AS runs, (SELECT COUNT(*) FROM storedb.SyncRun) AS once, COUNT(DISTINCT RECID) AS ids FROM dbo.RETAILOFFLINESYNCLOG`,
      ),
    );
    expect(log[0]!.runs, `cut at ${at}`).toBe(log[0]!.once);
    expect(log[0]!.ids).toBe(log[0]!.runs);
  }
  expect(await rows(store, 'SALES')).toHaveLength(places.length + 1);
}, 240_000);
