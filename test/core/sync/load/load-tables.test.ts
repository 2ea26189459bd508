import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { largeTables } from '../../../../src/core/sync/load/large-tables.ts';
import { type LoadResult, loadTables } from '../../../../src/core/sync/load/load-tables.ts';
import type { WindowOrder, WindowProgress } from '../../../../src/core/sync/window/order.ts';
import { Faults } from '../../../../src/practice/faults/faults.ts';
import { type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { connect, dropSides, makeSide, orderFor, parkedIn, type Side, scopeOf } from '../window/databases.ts';

const faults = new Faults();
let server: PracticeServer;
let store: Side;
let register: Side;
const never = new AbortController().signal;
const lines = 'dbo.LINES';
const create = [
  `CREATE TABLE ${lines} (SHOP nvarchar(10) NOT NULL, N int NOT NULL, AT datetime NOT NULL, AMOUNT numeric(32, 16) NULL, NAME nvarchar(40) NULL,
  CONSTRAINT PK_LINES PRIMARY KEY (SHOP, N, AT))`,
  `CREATE TABLE dbo.ITEMS (ITEM uniqueidentifier NOT NULL CONSTRAINT PK_ITEMS PRIMARY KEY, NAME nvarchar(20) NULL)`,
];

beforeAll(async () => {
  server = await startPracticeServer({ faults });
});
afterAll(async () => server.close());
beforeEach(async () => {
  [store, register] = [await makeSide(server, create), await makeSide(server, create)];
  return async () => {
    faults.clear();
    await dropSides(server, [store, register]);
  };
});

/** Four shops of `each` lines, so that ranges end within a shop and at its end. */
async function fill(side: Side, each = 25): Promise<void> {
  for (let n = 0; n < each; n += 1)
    await side.till.batch(`INSERT INTO ${lines} SELECT S, ${n}, DATEADD(millisecond, 7 * ${n}, '20121231 23:59:59.997'), 1844.68 + ${n}, N'line ' + S
FROM (SELECT N'A' AS S UNION ALL SELECT N'B''s' UNION ALL SELECT N'b ' + NCHAR(0) UNION ALL SELECT N'\u{1F3EA}') AS shops`);
}

const rowsOf = ({ session }: Side, table = lines) =>
  session.query(
    `SELECT CAST(SHOP AS varbinary(20)) AS shop, N, CONVERT(varchar(30), AT, 126) AS at, CAST(AMOUNT AS varchar(41)) AS amount, NAME FROM ${table} ORDER BY SHOP, N`,
  );
const anchorOf = async ({ session }: Side) =>
  (
    await session.query(
      "SELECT State AS state, ResumeKey AS [key] FROM storedb.Anchor WHERE TableName = N'LINES'",
    )
  )[0];
const trackedIn = async ({ session }: Side) =>
  (await session.query<{ n: number }>('SELECT COUNT(*) AS n FROM dbo.LINES_tracking'))[0]?.n;

/** The order of the handshake, with where an interrupted load had come. */
async function order(tables: readonly string[] = ['LINES']): Promise<WindowOrder> {
  const made = await orderFor(store, register, tables, 'download', 'offline');
  const keys = await register.session.query<{ name: string; key: string | null }>(
    'SELECT TableName AS name, ResumeKey AS [key] FROM storedb.Anchor',
  );
  const resumed = made.tables.map((table) => {
    const key = keys.find(({ name }) => name === table.to.name)?.key ?? undefined;
    return { ...table, anchor: table.anchor && { ...table.anchor, resumeKey: key } };
  });
  return { ...made, tables: resumed };
}

async function load(
  what?: WindowOrder,
  each: (step: WindowProgress) => void = () => undefined,
  signal = never,
): Promise<LoadResult> {
  const steps = loadTables(what ?? (await order()), signal, { rowsOfRange: 30 });
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return step.value;
    each(step.value);
  }
}
const loaded = (rows: number) => ({ total: rows, ok: rows, parked: 0, left: [] });
const down = () => scopeOf(store, ['LINES'], 'download').down(register);

test('an empty table is loaded range by range, without a trace in the tracking, and goes on by windows', async () => {
  await fill(store);
  const steps: WindowProgress[] = [];
  expect(await load(undefined, (step) => steps.push(step))).toEqual(loaded(100));
  expect(steps.map(({ done }) => done)).toEqual([30, 60, 90, 100]);
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await anchorOf(register)).toEqual({ state: 'incremental', key: null });
  expect(await trackedIn(register)).toBe(0);
  await store.till.batch(
    `UPDATE ${lines} SET NAME = N'new' WHERE N = 3 AND SHOP = N'A'; DELETE FROM ${lines} WHERE N = 4`,
  );
  expect(await down()).toMatchObject({ total: 5, ok: 5 });
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('what the store changes while the load is under way comes with the next window', async () => {
  await fill(store);
  let isChanged = false;
  const begun = await order();
  const steps = loadTables(begun, never, { rowsOfRange: 30 });
  for (let step = await steps.next(); step.done !== true; step = await steps.next()) {
    if (isChanged) continue;
    isChanged = true;
    await store.till.batch(`UPDATE ${lines} SET AMOUNT = AMOUNT + 1; DELETE FROM ${lines} WHERE N = 0;
INSERT INTO ${lines} VALUES (N'', 1, '20120101', 1, NULL), (N'zz', 1, '20120101', 1, NULL)`);
  }
  await down();
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('a till of the store that is in the middle of a change holds no load up, where the database allows it', async () => {
  await store.session.batch(`ALTER DATABASE ${store.name} SET ALLOW_SNAPSHOT_ISOLATION ON`);
  await fill(store);
  const before = await rowsOf(store);
  await store.till.batch(`BEGIN TRANSACTION; UPDATE ${lines} SET NAME = N'open' WHERE N = 7`);
  expect(await largeTables(store.session, (await order()).tables, never)).toEqual([]);
  expect(await load()).toEqual(loaded(100));
  expect(await rowsOf(register)).toEqual(before);
  await store.till.batch('COMMIT TRANSACTION');
  expect(await down()).toMatchObject({ ok: 4 });
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('a load that ended in the middle goes on behind the last range', async () => {
  await fill(store);
  const stopped = new AbortController();
  await expect(load(undefined, () => stopped.abort(new Error('killed')), stopped.signal)).rejects.toThrow(
    'killed',
  );
  expect(await anchorOf(register)).toMatchObject({ state: 'initial', key: expect.stringContaining('"') });
  const there = (await rowsOf(register)).length;
  expect(there).toBeGreaterThan(0);
  expect(await largeTables(store.session, (await order()).tables, never)).toHaveLength(1);
  expect(await load()).toEqual(loaded(100 - there));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await anchorOf(register)).toEqual({ state: 'incremental', key: null });
});

for (const moment of ['before', 'after'] as const)
  test(`a connection that is lost ${moment} a commit costs at most one range, and nothing comes twice`, async () => {
    await fill(store);
    const cut = () => {
      if (faults.struck === struck)
        faults.arm({ at: 'commit', moment, does: 'drop', database: register.name });
    };
    const { struck } = faults;
    await expect(load(undefined, cut)).rejects.toMatchObject({ code: 'connection-lost' });
    await register.session.close();
    register = { ...register, session: await connect(server, register.name) };
    const there = (await rowsOf(register)).length;
    expect(there).toBeGreaterThan(0);
    faults.clear();
    expect(await load()).toEqual(loaded(100 - there));
    expect(await rowsOf(register)).toEqual(await rowsOf(store));
  });

test('a table that has rows is made equal: different ones are changed, others go, and none is taken for a change', async () => {
  await fill(store);
  await fill(register);
  await register.till.batch(`UPDATE ${lines} SET NAME = N'other' WHERE N < 5; DELETE FROM ${lines} WHERE N = 9;
INSERT INTO ${lines} VALUES (N'C', 1, '20120101', 1, N'only here'), (N'A', 99, '20120101', 1, N'only here')`);
  const before = await trackedIn(register);
  expect(await load()).toEqual(loaded(100));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await trackedIn(register)).toBe(before);
});

test('rows that somebody else has written ahead of the load end the direct way, not the load', async () => {
  await fill(store);
  const stopped = new AbortController();
  await expect(load(undefined, () => stopped.abort(new Error('killed')), stopped.signal)).rejects.toThrow(
    'killed',
  );
  await register.till.batch(`INSERT INTO ${lines} SELECT SHOP, N, AT, 0, N'till' FROM ${store.name}.dbo.LINES AS s
WHERE NOT EXISTS (SELECT 1 FROM ${lines} AS b WHERE b.SHOP = s.SHOP AND b.N = s.N AND b.AT = s.AT);
INSERT INTO ${lines} VALUES (N'only', 1, '20120101', 1, N'here')`);
  expect(await load()).toMatchObject({ left: [] });
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('a table with a trigger of its own is loaded with it', async () => {
  await register.session.batch('CREATE TABLE dbo.SEEN (N int NOT NULL)');
  await register.session.batch(
    `CREATE TRIGGER dbo.LINES_own ON ${lines} AFTER INSERT AS INSERT INTO dbo.SEEN SELECT N FROM inserted`,
  );
  await fill(store);
  expect(await load()).toEqual(loaded(100));
  expect(await register.session.query('SELECT COUNT(*) AS n FROM dbo.SEEN')).toEqual([{ n: 100 }]);
});

test('a row that the register refuses leaves the table to the window, which parks it', async () => {
  await register.session.batch(`ALTER TABLE ${lines} ADD CONSTRAINT CK_LINES CHECK (N <> 20)`);
  await fill(store);
  expect(await load()).toMatchObject({ left: ['LINES'] });
  expect(await anchorOf(register)).toEqual({ state: 'compare', key: null });
  expect(await down()).toMatchObject({ total: 100, ok: 96, parked: 4 });
  expect(await parkedIn(register)).toHaveLength(4);
  expect(await rowsOf(register)).toHaveLength(96);
});

test('of two runs that load the same table the second one stops and changes nothing', async () => {
  await fill(store);
  const late = await order();
  await load();
  await expect(load(late)).rejects.toMatchObject({ code: 'anchor-moved' });
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await anchorOf(register)).toEqual({ state: 'incremental', key: null });
});

test('a load begins anew when the tracking had a gap since it was interrupted', async () => {
  await fill(store);
  const stopped = new AbortController();
  await expect(load(undefined, () => stopped.abort(new Error('killed')), stopped.signal)).rejects.toThrow(
    'killed',
  );
  await store.session.batch(`ALTER TABLE ${lines} DISABLE TRIGGER ALL; UPDATE ${lines} SET NAME = N'unseen' WHERE N = 0;
ALTER TABLE ${lines} ENABLE TRIGGER ALL; UPDATE storedb.SyncTable SET TrackingId = NEWID()`);
  expect(await load()).toEqual(loaded(100));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('several tables are loaded at once, also by keys whose order is their own', async () => {
  await fill(store);
  await store.till.batch(`INSERT INTO dbo.ITEMS SELECT NEWID(), NAME FROM ${lines}`);
  const tables = new Set<string>();
  expect(await load(await order(['LINES', 'ITEMS']), ({ table }) => tables.add(table))).toEqual(loaded(200));
  expect([...tables].sort()).toEqual(['ITEMS', 'LINES']);
  const items = 'SELECT ITEM, NAME FROM dbo.ITEMS ORDER BY ITEM';
  expect(await register.session.query(items)).toEqual(await store.session.query(items));
  expect(await register.session.query("SELECT name FROM sys.tables WHERE name LIKE N'r[0-9]%'")).toEqual([]);
});

test('only tables that never came and are large, or were interrupted, are loaded so', async () => {
  await fill(store, 2);
  expect(await largeTables(store.session, (await order(['LINES', 'ITEMS'])).tables, never)).toEqual([]);
  await store.till.batch('CREATE TABLE #N (N int NOT NULL); INSERT INTO #N VALUES (0)');
  for (let count = 1; count <= 20_001; count *= 2)
    await store.till.batch(`INSERT INTO #N SELECT N + ${count} FROM #N WHERE N + ${count} <= 20000`);
  await store.till.batch('INSERT INTO dbo.ITEMS SELECT NEWID(), NULL FROM #N');
  const large = await largeTables(store.session, (await order(['LINES', 'ITEMS'])).tables, never);
  expect(large.map(({ to }) => to.name)).toEqual(['ITEMS']);
});
