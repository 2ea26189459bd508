import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { metadataTables } from '../../../../src/core/offline/tracking/metadata.ts';
import { trackingStatements } from '../../../../src/core/offline/tracking/statements.ts';
import { Secret } from '../../../../src/core/secret.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { type Rules, soundRules } from '../../../../src/core/sync/rules.ts';
import { commonColumns } from '../../../../src/core/sync/transfer/columns.ts';
import { plainNatives } from '../../../../src/core/sync/transfer/natives.ts';
import { anchorMoved, applyStatement } from '../../../../src/core/sync/window/apply.ts';
import { readUpper } from '../../../../src/core/sync/window/enumerate.ts';
import { transferWindow } from '../../../../src/core/sync/window/window.ts';
import { realServers } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
const signal = new AbortController().signal;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

let store: DriverSession;
let register: DriverSession;
let other: DriverSession;
const names: string[] = [];

const connect = async (database?: string) =>
  (await realServers().connect({
    server: server.server,
    ...(database !== undefined && { database }),
    signIn: { kind: 'sql', user: server.user, password: new Secret(server.password) },
    encryption: 'trust',
  })) as DriverSession;

async function makeDatabase(): Promise<{ readonly name: string; readonly session: DriverSession }> {
  const name = `sync_${randomUUID().replaceAll('-', '')}`;
  const master = await connect();
  await master.batch(`CREATE DATABASE ${name}`);
  await master.close();
  names.push(name);
  const session = await connect(name);
  await session.batch('CREATE SCHEMA storedb');
  for (const { create } of metadataTables) await session.batch(create);
  await session.batch(`CREATE TABLE dbo.PRICES (ITEM nvarchar(20) NOT NULL CONSTRAINT PK_PRICES PRIMARY KEY,
  AMOUNT numeric(32, 16) NULL, CODE nvarchar(10) NULL, SINCE datetime NULL, BIG bigint NULL, PICTURE varbinary(max) NULL,
  CONSTRAINT UQ_PRICES UNIQUE (CODE))`);
  const shape = (await readTableShapes(session, signal)).get('prices');
  if (shape === undefined) throw new Error('PRICES is not there.');
  const { table, index, trigger, triggerHash } = trackingStatements(shape);
  for (const text of [table, index, trigger]) await session.batch(text);
  await session.batch(`INSERT INTO storedb.SyncTable (TableName, ScopeName, ScopeOrder, TableOrder, Direction, FrequencySeconds, TriggerHash, ProvisionedUtc)
VALUES (N'PRICES', N'Prices', 1, 1, N'download', 0, '${triggerHash}', GETUTCDATE())`);
  return { name, session };
}

beforeEach(async () => {
  const [a, b] = [await makeDatabase(), await makeDatabase()];
  store = a.session;
  register = b.session;
  other = await connect(a.name);
  return async () => {
    for (const session of [store, register, other]) await session.close();
    const master = await connect();
    for (const name of names.splice(0)) await master.batch(`DROP DATABASE ${name}`);
    await master.close();
  };
});

const run = (direction: 'download' | 'upload', rules: Rules = soundRules) =>
  transferWindow(
    {
      source: direction === 'download' ? store : register,
      destination: direction === 'download' ? register : store,
      scope: 'Prices',
      tables: ['PRICES'],
      direction,
      sourceId: direction === 'download' ? 2 : 5,
      destinationId: direction === 'download' ? 5 : 2,
      runId: randomUUID(),
    },
    signal,
    rules,
  );
const rowsOf = (session: DriverSession) =>
  session.query(`SELECT ITEM AS item, CAST(AMOUNT AS varchar(41)) AS amount, CODE + N'|' AS code,
  CONVERT(varchar(41), SINCE, 126) AS since, CAST(BIG AS varchar(20)) AS big, PICTURE AS picture FROM dbo.PRICES ORDER BY ITEM`);

test('rows arrive identical to the last digit, and a second window brings nothing', async () => {
  await store.batch(`INSERT INTO dbo.PRICES VALUES
(N'A', 9999999999999999.9999999999999999, N'x ', '2012-01-01T23:59:59.997', -9223372036854775808, 0x00FF),
(N'B', -0.0000000000000001, N'', '1900-01-01', 9223372036854775807, 0x), (N'C', 1844.68, N'\u{1F600}', NULL, NULL, NULL)`);
  expect(await run('download')).toEqual({ rows: 3, parked: 0 });
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await run('download')).toEqual({ rows: 0, parked: 0 });
});

test('a changed, a new, a gone and a renamed row follow, also when one takes the code of another', async () => {
  await store.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1'), (N'B', N'2'), (N'C', N'a')`);
  await run('download');
  await store.batch(`DELETE FROM dbo.PRICES WHERE ITEM = N'A'; INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'D', N'1');
UPDATE dbo.PRICES SET ITEM = N'E' WHERE ITEM = N'B'; UPDATE dbo.PRICES SET CODE = N'A' WHERE ITEM = N'C';`);
  await run('download');
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('the bound lies below what is still open; the latest rowversion of the database does not', async () => {
  await store.batch('CREATE TABLE dbo.CLOCK (ID int NOT NULL PRIMARY KEY, V rowversion NOT NULL)');
  await other.batch(`BEGIN TRANSACTION; INSERT INTO dbo.PRICES (ITEM) VALUES (N'OPEN');`);
  await store.batch('INSERT INTO dbo.CLOCK (ID) VALUES (1)');
  const sound = await readUpper(store, soundRules, signal);
  const latest = await readUpper(store, { ...soundRules, bound: 'latest' }, signal);
  await other.batch('COMMIT TRANSACTION');
  const [open] = await store.query<{ at: string }>(
    'SELECT CAST(CAST(local_update_peer_timestamp AS bigint) AS varchar(20)) AS at FROM dbo.PRICES_tracking',
  );
  expect(sound < BigInt(open!.at)).toBe(true);
  expect(latest >= BigInt(open!.at)).toBe(true);
});

test('a window that was rolled back leaves neither rows nor anchor, and the next one brings all', async () => {
  await run('download');
  await store.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1'), (N'B', N'2')`);
  const before = await register.query('SELECT Timestamp AS at FROM storedb.Anchor');
  await register.batch(`ALTER TABLE dbo.PRICES ADD CONSTRAINT CK_PRICES CHECK (ITEM <> N'B')`);
  await expect(run('download')).rejects.toMatchObject({ number: 547 });
  expect(await rowsOf(register)).toEqual([]);
  expect(await register.query('SELECT Timestamp AS at FROM storedb.Anchor')).toEqual(before);
  await register.batch('ALTER TABLE dbo.PRICES DROP CONSTRAINT CK_PRICES');
  expect(await run('download')).toEqual({ rows: 2, parked: 0 });
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('with deletions last, a code handed over to another row does not arrive', async () => {
  await store.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1')`);
  await run('download');
  await store.batch(`DELETE FROM dbo.PRICES; INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'D', N'1')`);
  await expect(run('download', { ...soundRules, deletesFirst: false })).rejects.toMatchObject({
    number: 2627,
  });
  expect(await run('download')).toEqual({ rows: 2, parked: 0 });
});

test('a register does not get back what it sent; without that rule it does', async () => {
  await run('download');
  await register.batch(`INSERT INTO dbo.PRICES (ITEM) VALUES (N'MINE')`);
  expect(await run('upload')).toEqual({ rows: 1, parked: 0 });
  expect((await run('download', { ...soundRules, suppressesEcho: false })).rows).toBe(1);
  await register.batch(`UPDATE dbo.PRICES SET CODE = N'n'`);
  await run('upload');
  expect((await run('download')).rows).toBe(0);
});

test('a row under a key that the store has already is parked, not overwritten, and its deletion stays here', async () => {
  await store.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'shop')`);
  await register.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'till'), (N'B', N'new')`);
  expect(await run('upload')).toEqual({ rows: 2, parked: 1 });
  await register.batch('DELETE FROM dbo.PRICES');
  await run('upload');
  expect(await store.query('SELECT ITEM AS item, CODE AS code FROM dbo.PRICES ORDER BY ITEM')).toEqual([
    { item: 'A', code: 'shop' },
    { item: 'B', code: 'new' },
  ]);
  expect(await store.query('SELECT KeyText AS [key], RowText AS row FROM storedb.Conflict')).toEqual([
    { key: 'ITEM=1:A;', row: expect.stringContaining('CODE=4:till;') },
  ]);
});

test('a run whose anchor another run has moved meanwhile changes nothing', async () => {
  await store.batch(`INSERT INTO dbo.PRICES (ITEM) VALUES (N'A')`);
  await run('download');
  const before = await register.query('SELECT Timestamp AS at FROM storedb.Anchor');
  const shape = (await readTableShapes(register, signal)).get('prices')!;
  const columns = commonColumns(shape, shape, plainNatives).filter(({ name }) => name === 'ITEM');
  await register.batch(`CREATE TABLE #late (storedb_gone bit NOT NULL, ITEM nvarchar(20) NULL);
INSERT INTO #late VALUES (0, N'LATE'), (1, N'A');`);
  const table = { shape, columns, staging: '#late', anchor: 1n, isWhole: false, trackingId: randomUUID() };
  const order = { tables: [table], sourceId: 2, upper: 99n, scope: 'Prices', runId: randomUUID() };
  await expect(
    register.query(applyStatement({ ...order, direction: 'download' }, soundRules)),
  ).rejects.toThrow(anchorMoved);
  expect((await rowsOf(register)).map(({ item }) => item)).toEqual(['A']);
  expect(await register.query('SELECT Timestamp AS at FROM storedb.Anchor')).toEqual(before);
});
