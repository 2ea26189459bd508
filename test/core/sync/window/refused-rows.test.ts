import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { all, dropSides, leftBehind, makeSide, nothing, parkedIn, type Side, scopeOf } from './databases.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

const tables = [
  `CREATE TABLE dbo.SALES (ID int NOT NULL CONSTRAINT PK_SALES PRIMARY KEY, CODE nvarchar(10) NULL, AMOUNT numeric(32, 16) NULL)`,
  `CREATE TABLE dbo.LINES (ID int NOT NULL CONSTRAINT PK_LINES PRIMARY KEY, SALE int NOT NULL, ITEM nvarchar(10) NULL)`,
];

let store: Side;
let register: Side;
let up: ReturnType<typeof scopeOf>['up'];
let down: ReturnType<typeof scopeOf>['down'];
beforeEach(async () => {
  [store, register] = [await makeSide(server, tables), await makeSide(server, tables)];
  up = scopeOf(store, ['SALES', 'LINES'], 'upload').up;
  down = scopeOf(store, ['SALES', 'LINES'], 'download').down;
  return () => dropSides(server, [store, register]);
});

const idsIn = async ({ till }: Side, table: string) =>
  (await till.query<{ id: number }>(`SELECT ID AS id FROM dbo.${table} ORDER BY ID`)).map(({ id }) => id);
const anchorsOf = ({ till }: Side) =>
  till.query('SELECT TableName AS name, Timestamp AS at FROM storedb.Anchor ORDER BY TableName');
const sell = (...ids: readonly number[]) =>
  register.till.batch(
    `INSERT INTO dbo.SALES VALUES ${ids.map((id) => `(${id}, N'c${id}', ${id}.5)`).join(', ')}`,
  );

test.each([
  ['a check', 'ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID <> 2)', 547],
  [
    'a unique value of another row',
    `ALTER TABLE dbo.SALES ADD CONSTRAINT UQ_SALES UNIQUE (CODE); INSERT INTO dbo.SALES VALUES (99, N'c2', 1)`,
    2627,
  ],
  [
    'a unique index',
    `CREATE UNIQUE INDEX IX_SALES ON dbo.SALES (CODE); INSERT INTO dbo.SALES VALUES (99, N'c2', 1)`,
    2601,
  ],
  [
    'a trigger of the application',
    `CREATE TRIGGER dbo.SALES_CHECK ON dbo.SALES AFTER INSERT AS IF EXISTS (SELECT 1 FROM inserted WHERE ID = 2) BEGIN RAISERROR(N'Not this one.', 16, 1); ROLLBACK TRANSACTION; END`,
    50000,
  ],
])('a row that %s refuses is parked with the reason, and the others arrive', async (_, obstacle, number) => {
  await store.till.batch(obstacle);
  await sell(1, 2, 3);
  await register.till.batch(`INSERT INTO dbo.LINES VALUES (1, 1, N'i'), (2, 2, N'i')`);
  expect(await up(register)).toMatchObject({
    total: 5,
    ok: 4,
    parked: 1,
    findings: [{ code: 'rows-refused' }],
    hasMoved: true,
  });
  expect((await idsIn(store, 'SALES')).filter((id) => id < 99)).toEqual([1, 3]);
  expect(await idsIn(store, 'LINES')).toEqual([1, 2]);
  expect(await parkedIn(store)).toEqual([
    {
      table: 'SALES',
      key: 'ID=1:2;',
      row: 'ID=1:2;CODE=2:c2;AMOUNT=18:2.5000000000000000;',
      reason: 'error',
      number,
      status: 'parked',
    },
  ]);
  // Nothing is left of the search: neither the origin that the session wrote for nor a transaction.
  expect(await leftBehind([store, register])).toEqual([]);
});

test('a NULL that the store does not take is parked', async () => {
  await store.session.batch('ALTER TABLE dbo.LINES ALTER COLUMN ITEM nvarchar(10) NOT NULL');
  await register.till.batch(`INSERT INTO dbo.LINES VALUES (1, 1, N'i'), (2, 2, NULL)`);
  expect(await up(register)).toMatchObject({ total: 2, parked: 1 });
  expect(await parkedIn(store)).toMatchObject([
    { key: 'ID=1:2;', number: 515, row: 'ID=1:2;SALE=1:2;ITEM=;' },
  ]);
});

test('two bad rows in a thousand, of two tables, are parked; the rest and the anchors go on', async () => {
  await store.till.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID NOT IN (17, 801))');
  await store.till.batch('ALTER TABLE dbo.LINES ADD CONSTRAINT CK_LINES CHECK (ID <> 5)');
  await sell(...Array.from({ length: 1000 }, (_, index) => index + 1));
  await register.till.batch('INSERT INTO dbo.LINES SELECT ID, ID, NULL FROM dbo.SALES WHERE ID <= 10');
  expect(await up(register)).toMatchObject({ total: 1010, ok: 1007, parked: 3 });
  expect(await idsIn(store, 'SALES')).toHaveLength(998);
  expect(await idsIn(store, 'LINES')).toHaveLength(9);
  const before = await anchorsOf(store);
  expect(before).toHaveLength(2);
  await sell(2001);
  expect(await up(register)).toMatchObject({ total: 4, ok: 1, parked: 3 });
  expect(await parkedIn(store)).toHaveLength(3);
});

test('a parked row is tried again in its present version, and resolved when it goes through', async () => {
  await store.till.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (AMOUNT < 5)');
  await sell(4, 7, 8);
  expect(await up(register)).toMatchObject({ total: 3, parked: 2 });
  await register.till.batch('UPDATE dbo.SALES SET AMOUNT = 1 WHERE ID = 7');
  expect(await up(register)).toMatchObject({ total: 2, ok: 1, parked: 1 });
  expect(await parkedIn(store)).toMatchObject([
    { key: 'ID=1:7;', status: 'resolved' },
    { key: 'ID=1:8;', status: 'parked' },
  ]);
  await store.session.batch('ALTER TABLE dbo.SALES DROP CONSTRAINT CK_SALES');
  expect(await up(register)).toEqual(all(1));
  expect(await idsIn(store, 'SALES')).toEqual([4, 7, 8]);
  expect(await parkedIn(store)).toMatchObject([{ status: 'resolved' }, { status: 'resolved' }]);
  expect(await up(register)).toEqual(nothing);
});

test('a row that was refused ten times is tried every ten minutes only, whatever the clock does', async () => {
  await store.till.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID <> 2)');
  await sell(2);
  await up(register);
  const tried = async (attempts: number, minutesAgo: number) => {
    await store.session.batch(
      `UPDATE storedb.Conflict SET Attempts = ${attempts}, TriedUtc = DATEADD(minute, ${-minutesAgo}, GETUTCDATE())`,
    );
    return (await up(register)).parked === 1;
  };
  expect(await tried(9, 1)).toBe(true);
  expect(await tried(10, 1)).toBe(false);
  expect(await tried(10, 11)).toBe(true);
  expect(await tried(10, -5_000_000)).toBe(true);
});

test('a parked sale that the register has purged meanwhile stays as the only copy, and is not tried again', async () => {
  await store.till.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID <> 2)');
  await sell(2);
  await up(register);
  await register.till.batch('DELETE FROM dbo.SALES');
  await up(register);
  expect(await parkedIn(store)).toMatchObject([
    { reason: 'only-copy', status: 'parked', row: expect.stringContaining('c2') },
  ]);
  expect(await up(register)).toEqual(nothing);
});

test('a refused row of a download that is gone at the store is resolved', async () => {
  await register.session.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID <> 2)');
  await store.till.batch(`INSERT INTO dbo.SALES VALUES (1, N'a', 1), (2, N'b', 1)`);
  expect(await down(register)).toMatchObject({ total: 2, parked: 1 });
  await store.till.batch('DELETE FROM dbo.SALES WHERE ID = 2');
  expect(await down(register)).toEqual(all(1));
  expect(await parkedIn(register)).toMatchObject([{ status: 'resolved' }]);
});

test('a swap of unique values is not blamed for a bad row beside it', async () => {
  await register.session.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT UQ_SALES UNIQUE (CODE)');
  await store.till.batch(
    `INSERT INTO dbo.SALES VALUES (1, N'a', 1), (2, N'b', 1), (3, N'c', 1), (4, N'd', 1)`,
  );
  await down(register);
  await register.session.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (AMOUNT < 100)');
  await store.till.batch(
    `UPDATE dbo.SALES SET CODE = CASE ID WHEN 1 THEN N'd' WHEN 4 THEN N'a' ELSE CODE END, AMOUNT = CASE ID WHEN 2 THEN 500 ELSE 2 END`,
  );
  expect(await down(register)).toMatchObject({ total: 4, ok: 3, parked: 1 });
  expect(await register.till.query('SELECT CODE AS code FROM dbo.SALES ORDER BY ID')).toEqual(
    ['d', 'b', 'c', 'a'].map((code) => ({ code })),
  );
});

test('a deletion that a foreign key refuses is parked, also one that only a whole comparison knows of', async () => {
  await store.till.batch(`INSERT INTO dbo.SALES VALUES (1, N'a', 1), (2, N'b', 1), (3, N'c', 1)`);
  await down(register);
  await register.session.batch(`CREATE TABLE dbo.OWN (ID int NOT NULL CONSTRAINT PK_OWN PRIMARY KEY, SALE int NOT NULL CONSTRAINT FK_OWN REFERENCES dbo.SALES (ID));
INSERT INTO dbo.OWN VALUES (1, 1), (2, 2)`);
  await store.till.batch('DELETE FROM dbo.SALES WHERE ID = 1');
  expect(await down(register)).toMatchObject({ total: 1, parked: 1 });
  expect(await parkedIn(register)).toMatchObject([{ key: 'ID=1:1;', row: null, number: 547 }]);
  await store.till.batch('DELETE FROM dbo.SALES WHERE ID IN (2, 3)');
  await register.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
  expect(await down(register)).toMatchObject({ total: 3, ok: 1, parked: 2 });
  expect(await idsIn(register, 'SALES')).toEqual([1, 2]);
  await register.till.batch('DELETE FROM dbo.OWN');
  expect(await down(register)).toMatchObject({ total: 2, parked: 0 });
  expect(await idsIn(register, 'SALES')).toEqual([]);
});

test('a header that is refused takes its lines with it where a foreign key says so', async () => {
  await store.session.batch(
    'ALTER TABLE dbo.LINES ADD CONSTRAINT FK_LINES FOREIGN KEY (SALE) REFERENCES dbo.SALES (ID)',
  );
  await store.session.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID <> 2)');
  await sell(1, 2, 3);
  await register.till.batch(
    `INSERT INTO dbo.LINES VALUES (10, 1, N'i'), (20, 2, N'i'), (21, 2, N'i'), (30, 3, N'i')`,
  );
  expect(await up(register)).toMatchObject({ total: 7, ok: 4, parked: 3 });
  expect(await idsIn(store, 'LINES')).toEqual([10, 30]);
  await store.session.batch('ALTER TABLE dbo.SALES DROP CONSTRAINT CK_SALES');
  expect(await up(register)).toEqual(all(3));
  expect(await idsIn(store, 'LINES')).toEqual([10, 20, 21, 30]);
});

test('a table that refuses everything is left out with a finding, and its anchor stays; the others go on', async () => {
  await store.session.batch('DROP TABLE dbo.LINES_tracking; DROP TABLE dbo.LINES');
  await store.session.batch(`CREATE TABLE dbo.LINES (ID int NOT NULL CONSTRAINT PK_LINES PRIMARY KEY, SALE int NOT NULL, ITEM nvarchar(10) NULL);
CREATE TABLE dbo.LINES_tracking (ID int NOT NULL PRIMARY KEY, local_update_peer_timestamp rowversion NOT NULL, update_scope_local_id int NULL, sync_row_is_tombstone bit NOT NULL, last_change_datetime datetime NOT NULL)`);
  await store.session.batch(
    `CREATE TRIGGER dbo.LINES_LOCKED ON dbo.LINES AFTER INSERT AS RAISERROR(N'Closed.', 16, 1)`,
  );
  await sell(1);
  await register.till.batch(
    `INSERT INTO dbo.LINES VALUES ${Array.from({ length: 200 }, (_, index) => `(${index}, 1, N'i')`).join(', ')}`,
  );
  expect(await up(register)).toMatchObject({
    total: 1,
    ok: 1,
    parked: 0,
    findings: [{ code: 'table-failed', message: expect.stringContaining('Closed.') }],
  });
  expect((await anchorsOf(store)).map(({ name }) => name)).toEqual(['SALES']);
  await store.session.batch('DROP TRIGGER dbo.LINES_LOCKED');
  expect(await up(register)).toEqual(all(200));
});

test('what somebody accepted as it is is neither parked nor counted again, until the row changes', async () => {
  await store.till.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID <> 2)');
  await sell(1, 2);
  await up(register);
  await store.session.batch(`UPDATE storedb.Conflict SET Status = N'accepted'`);
  await store.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
  expect(await up(register)).toEqual(all(2));
  await register.till.batch('UPDATE dbo.SALES SET AMOUNT = 3 WHERE ID = 2');
  expect(await up(register)).toMatchObject({ total: 1, parked: 1 });
  expect(await parkedIn(store)).toMatchObject([{ status: 'accepted' }, { status: 'parked' }]);
});

test('a key in storedb.Conflict that somebody has changed stops nothing', async () => {
  await store.till.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (ID NOT IN (2, 3))');
  await sell(2, 3);
  await up(register);
  await store.session.batch(`UPDATE storedb.Conflict SET KeyText = N'ID=99:' WHERE KeyText = N'ID=1:2;'`);
  await sell(4);
  expect(await up(register)).toMatchObject({ total: 2, ok: 1, parked: 1 });
  expect(await idsIn(store, 'SALES')).toEqual([4]);
});

test('of a whole comparison only what differs is tried when a row is refused, and what was parked before is resolved', async () => {
  await store.till.batch(
    `INSERT INTO dbo.SALES VALUES ${Array.from({ length: 50 }, (_, index) => `(${index}, N'c${index}', 1)`).join(', ')}`,
  );
  await down(register);
  // Whoever touches one of the others is refused.
  await register.session.batch(`CREATE TRIGGER dbo.SALES_KEPT ON dbo.SALES AFTER INSERT, UPDATE, DELETE AS
IF EXISTS (SELECT 1 FROM inserted WHERE ID NOT IN (7, 8, 60)) OR EXISTS (SELECT 1 FROM deleted WHERE ID NOT IN (7, 8, 60)) RAISERROR(N'Kept.', 16, 1)`);
  await store.till.batch(
    `UPDATE dbo.SALES SET AMOUNT = 2 WHERE ID IN (7, 9); INSERT INTO dbo.SALES VALUES (60, N'c60', 1); UPDATE dbo.SALES SET AMOUNT = 3 WHERE ID = 8`,
  );
  await register.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
  expect(await down(register)).toMatchObject({ total: 51, ok: 50, parked: 1 });
  expect(await parkedIn(register)).toMatchObject([{ key: 'ID=1:9;', number: 50000 }]);
  await store.till.batch(
    'UPDATE dbo.SALES SET AMOUNT = 1 WHERE ID = 9; UPDATE dbo.SALES SET AMOUNT = 5 WHERE ID = 10',
  );
  await register.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
  expect(await down(register)).toMatchObject({ total: 51, ok: 50, parked: 1 });
  expect(await parkedIn(register)).toMatchObject([
    { key: 'ID=1:9;', status: 'resolved' },
    { key: 'ID=2:10;', status: 'parked' },
  ]);
});
