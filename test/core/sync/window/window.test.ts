import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { soundRules } from '../../../../src/core/sync/rules.ts';
import type { WindowOrder, WindowResult } from '../../../../src/core/sync/window/order.ts';
import { isTransient } from '../../../../src/core/sync/window/transient.ts';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { all, dropSides, leftBehind, makeSide, nothing, parkedIn, type Side, scopeOf } from './databases.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

const prices = `CREATE TABLE dbo.PRICES (ITEM nvarchar(20) NOT NULL CONSTRAINT PK_PRICES PRIMARY KEY,
  AMOUNT numeric(32, 16) NULL, CODE nvarchar(10) NULL, SINCE datetime NULL, BIG bigint NULL, PICTURE varbinary(max) NULL,
  CONSTRAINT UQ_PRICES UNIQUE (CODE))`;
const notes = `CREATE TABLE dbo.NOTES (ID int NOT NULL CONSTRAINT PK_NOTES PRIMARY KEY, BODY nvarchar(max) NULL)`;

let store: Side;
let register: Side;
let second: Side;
let down: ReturnType<typeof scopeOf>['down'];
let up: ReturnType<typeof scopeOf>['up'];
beforeEach(async () => {
  [store, register, second] = [
    await makeSide(server, [prices, notes]),
    await makeSide(server, [prices, notes]),
    await makeSide(server, [prices, notes]),
  ];
  down = scopeOf(store, ['PRICES', 'NOTES'], 'download').down;
  up = scopeOf(store, ['PRICES', 'NOTES'], 'upload').up;
  return () => dropSides(server, [store, register, second]);
});

const rowsOf = ({ till }: Side) =>
  till.query(`SELECT ITEM AS item, CAST(AMOUNT AS varchar(41)) AS amount, CODE + N'|' AS code,
  CONVERT(varchar(41), SINCE, 126) AS since, CAST(BIG AS varchar(20)) AS big, PICTURE AS picture FROM dbo.PRICES ORDER BY ITEM`);
const anchorsOf = ({ till }: Side) =>
  till.query(
    'SELECT TableName AS name, Timestamp AS at, UpdatedUtc AS [when] FROM storedb.Anchor ORDER BY TableName',
  );

test('rows arrive identical to the last digit, and a second window brings nothing and writes nothing', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES VALUES
(N'A', 9999999999999999.9999999999999999, N'x ', '2012-01-01T23:59:59.997', -9223372036854775808, 0x00FF),
(N'B', -0.0000000000000001, N'', '1900-01-01', 9223372036854775807, 0x), (N'C', 1844.68, N'\u{1F600}', NULL, NULL, NULL);
INSERT INTO dbo.NOTES VALUES (1, REPLICATE(CAST(N'long ' AS nvarchar(max)), 5000));`);
  expect(await down(register)).toEqual(all(4));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await register.till.query('SELECT BODY FROM dbo.NOTES')).toEqual(
    await store.till.query('SELECT BODY FROM dbo.NOTES'),
  );
  const before = await anchorsOf(register);
  expect(await down(register)).toEqual(nothing);
  expect(await anchorsOf(register)).toEqual(before);
});

test('what a till changes in one table does not read the other, and moves the anchor of none but that one', async () => {
  await down(register);
  const before = await anchorsOf(register);
  await store.till.batch(`INSERT INTO dbo.NOTES VALUES (1, N'n')`);
  expect(await down(register)).toEqual(all(1));
  const after = await anchorsOf(register);
  expect(after.map(({ at }, index) => Buffer.compare(at as Buffer, before[index]!.at as Buffer))).toEqual([
    1, 0,
  ]);
});

test('a changed, a new, a gone and a renamed row follow, also when one takes the code of another', async () => {
  await store.till.batch(
    `INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1'), (N'B', N'2'), (N'C', N'a'), (N'F', N'4'), (N'G', N'5')`,
  );
  await down(register);
  await store.till.batch(`DELETE FROM dbo.PRICES WHERE ITEM = N'A'; INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'D', N'1');
UPDATE dbo.PRICES SET ITEM = N'E' WHERE ITEM = N'B'; UPDATE dbo.PRICES SET CODE = N'A' WHERE ITEM = N'C';
UPDATE dbo.PRICES SET CODE = CASE ITEM WHEN N'F' THEN N'5' ELSE N'4' END WHERE ITEM IN (N'F', N'G');`);
  expect(await down(register)).toEqual(all(7));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('a key that only changes case follows', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'abc', N'1')`);
  await down(register);
  await store.till.batch(`UPDATE dbo.PRICES SET ITEM = N'ABC'`);
  await down(register);
  expect(await rowsOf(register)).toMatchObject([{ item: 'ABC' }]);
});

test('a row that is deleted and comes back arrives in its newest version', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'old')`);
  await down(register);
  await store.till.batch('DELETE FROM dbo.PRICES');
  await down(register);
  expect(await rowsOf(register)).toEqual([]);
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'new')`);
  await down(register);
  await store.till.batch(
    `DELETE FROM dbo.PRICES; INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'newest')`,
  );
  await down(register);
  expect(await rowsOf(register)).toMatchObject([{ code: 'newest|' }]);
});

test('what is still open when the bound is read comes with the next window, and is not skipped', async () => {
  await down(register);
  await store.till.batch(`BEGIN TRANSACTION; INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'OPEN', N'1');`);
  await store.session.batch(`INSERT INTO dbo.NOTES VALUES (1, N'later, and committed before')`);
  const change = async (order: WindowOrder) => {
    await store.till.batch('COMMIT TRANSACTION');
    return order;
  };
  expect(await down(register, { change })).toEqual(nothing);
  expect(await down(register)).toEqual(all(2));
  expect(await rowsOf(register)).toMatchObject([{ item: 'OPEN' }]);
});

test('with deletions last, a code handed over to another row does not arrive', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1')`);
  await down(register);
  await store.till.batch(`DELETE FROM dbo.PRICES; INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'D', N'1')`);
  const rules = { ...soundRules, deletesFirst: false };
  expect(await down(register, { rules })).toMatchObject({ total: 0, findings: [{ code: 'table-failed' }] });
  expect(await down(register)).toEqual(all(2));
});

test('a register does not get back what it sent; without that rule it does', async () => {
  await down(register);
  await register.till.batch(`INSERT INTO dbo.PRICES (ITEM) VALUES (N'MINE')`);
  expect(await up(register)).toEqual(all(1));
  const rules = { ...soundRules, suppressesEcho: false };
  expect(await down(register, { rules })).toMatchObject({ total: 1 });
  await register.till.batch(`UPDATE dbo.PRICES SET CODE = N'n'`);
  await up(register);
  expect(await down(register)).toMatchObject({ total: 0 });
  expect(await down(second)).toMatchObject({ total: 1 });
});

test('a row under a key that the store has already is parked once, not overwritten, and its deletion stays here', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'shop')`);
  await register.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'till'), (N'B', N'new')`);
  expect(await up(register)).toMatchObject({
    total: 2,
    ok: 1,
    parked: 1,
    findings: [
      {
        code: 'rows-of-same-key',
        message: '1 row of PRICES is parked: the store has another row under the same key.',
      },
    ],
  });
  await register.till.batch(`UPDATE dbo.PRICES SET CODE = N'again' WHERE ITEM = N'A'`);
  expect(await up(register)).toMatchObject({ total: 1, ok: 0, parked: 1 });
  await register.till.batch('DELETE FROM dbo.PRICES');
  await up(register);
  expect(await store.till.query('SELECT ITEM AS item, CODE AS code FROM dbo.PRICES ORDER BY ITEM')).toEqual([
    { item: 'A', code: 'shop' },
    { item: 'B', code: 'new' },
  ]);
  expect(await parkedIn(store)).toEqual([
    {
      table: 'PRICES',
      key: 'ITEM=1:A;',
      row: expect.stringContaining('CODE=5:again;'),
      reason: 'same-key',
      number: null,
      status: 'parked',
    },
  ]);
});

test('of two registers with the same key, the second one is parked; the first one may go on changing its row', async () => {
  await register.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1')`);
  await second.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'2'), (N'B', N'b')`);
  expect(await up(register)).toEqual(all(1));
  expect(await up(second)).toMatchObject({ total: 2, parked: 1 });
  await register.till.batch(`UPDATE dbo.PRICES SET CODE = N'11'`);
  expect(await up(register)).toEqual(all(1));
  expect(await rowsOf(store)).toMatchObject([{ code: '11|' }, { code: 'b|' }]);
});

test('a parked row is resolved when the register sends what the store has', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'shop')`);
  await register.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'till')`);
  await up(register);
  await register.till.batch(`UPDATE dbo.PRICES SET CODE = N'shop'`);
  expect(await up(register)).toEqual(all(1));
  expect(await parkedIn(store)).toMatchObject([{ status: 'resolved' }]);
});

test('after a restore a register does not even overwrite what came from itself', async () => {
  await register.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1')`);
  await up(register);
  await register.till.batch(`UPDATE dbo.PRICES SET CODE = N'2'`);
  expect(await up(register, { isAfterRestore: true })).toMatchObject({ total: 1, parked: 1 });
  expect(await rowsOf(store)).toMatchObject([{ code: '1|' }]);
});

test('a whole comparison of a download takes away what the store does not have', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1'), (N'B', N'2')`);
  await down(register);
  await register.till.batch(
    `INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'LOCAL', N'9'); UPDATE dbo.PRICES SET CODE = N'x' WHERE ITEM = N'B'`,
  );
  await register.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
  expect(await down(register)).toEqual(all(3));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test.each([
  ['another tracking id', `UPDATE storedb.SyncTable SET TrackingId = NEWID()`],
  ['a clean-up beyond the anchor', `UPDATE storedb.SyncTable SET CleanupTimestamp = 0x0FFFFFFFFFFFFFFF`],
])('%s at the store has the table compared', async (_, change) => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1')`);
  await down(register);
  await store.session.batch(
    `DISABLE TRIGGER dbo.PRICES_storedb_tracking ON dbo.PRICES; UPDATE dbo.PRICES SET CODE = N'unseen'; ENABLE TRIGGER dbo.PRICES_storedb_tracking ON dbo.PRICES`,
  );
  expect(await down(register)).toEqual(nothing);
  await store.session.batch(change);
  expect(await down(register)).toEqual(all(1));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('a run whose anchor another run has moved meanwhile changes nothing', async () => {
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM) VALUES (N'A')`);
  await down(register);
  await store.till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'LATE', N'l')`);
  const before = await anchorsOf(register);
  const moved = down(register, {
    change: (order) => ({
      ...order,
      tables: order.tables.map((table) => ({ ...table, anchor: { ...table.anchor!, timestamp: 1n } })),
    }),
  });
  await expect(moved).rejects.toMatchObject({ code: 'anchor-moved' });
  expect((await rowsOf(register)).map(({ item }) => item)).toEqual(['A']);
  expect(await anchorsOf(register)).toEqual(before);
});

test('triggers of the application at the destination change neither the counts nor whose changes they are', async () => {
  await register.session.batch('CREATE TABLE dbo.OWN (ITEM nvarchar(20) NOT NULL, TIMES int NOT NULL)');
  await register.session.batch(`CREATE TRIGGER dbo.PRICES_OWN ON dbo.PRICES AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET CONTEXT_INFO 0x0102;
  INSERT INTO dbo.OWN SELECT ITEM, 1 FROM inserted UNION ALL SELECT ITEM, 2 FROM deleted;
  UPDATE dbo.OWN SET TIMES = TIMES + 1;
  SELECT N'refused' AS kind, 0 AS place, 1 AS rows, 1 AS number, N'not ours' AS message;
END`);
  await store.till.batch(
    `INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1'), (N'B', N'2'); INSERT INTO dbo.NOTES VALUES (1, N'n')`,
  );
  expect(await down(register)).toEqual(all(3));
  await store.till.batch(
    `UPDATE dbo.PRICES SET AMOUNT = 1; DELETE FROM dbo.PRICES WHERE ITEM = N'B'; UPDATE dbo.NOTES SET BODY = N'm'`,
  );
  expect(await down(register)).toEqual(all(3));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await register.till.query('SELECT update_scope_local_id AS origin FROM dbo.NOTES_tracking')).toEqual(
    [{ origin: 2 }],
  );
  expect(await leftBehind([store, register])).toEqual([]);
});

test('what a trigger of the application writes into another table is a change of this side, and goes to the sender too', async () => {
  await up(register);
  await register.session.batch(`CREATE TRIGGER dbo.PRICES_NOTED ON dbo.PRICES AFTER INSERT AS
INSERT INTO dbo.NOTES (ID, BODY) SELECT 100 + COUNT(*), N'noted' FROM inserted`);
  await store.till.batch(
    `INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'A', N'1'), (N'B', N'2'); INSERT INTO dbo.NOTES VALUES (1, N'sent')`,
  );
  await down(register);
  expect(
    await register.till.query(
      'SELECT ID AS id, update_scope_local_id AS origin FROM dbo.NOTES_tracking ORDER BY ID',
    ),
  ).toEqual([
    { id: 1, origin: 2 },
    { id: 102, origin: null },
  ]);
  expect(await up(register)).toEqual(all(1));
  expect(await store.till.query('SELECT ID AS id, BODY AS body FROM dbo.NOTES ORDER BY ID')).toEqual([
    { id: 1, body: 'sent' },
    { id: 102, body: 'noted' },
  ]);
});

/** As a cycle does: two registers may meet in a deadlock, and one of them begins again. */
async function patiently(side: Side): Promise<WindowResult> {
  for (;;)
    try {
      return await up(side);
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
}

test('several registers that upload at once all get through, and each row arrives once', async () => {
  const registers = [register, second];
  for (const side of registers) await up(side);
  for (let round = 0; round < 5; round++) {
    for (const [index, { till }] of registers.entries())
      await till.batch(`INSERT INTO dbo.PRICES (ITEM, CODE) VALUES (N'${index}-${round}', N'${index}-${round}'), (N'X-${round}', N'X-${round}-${index}');
INSERT INTO dbo.NOTES VALUES (${index + round * 10}, N'n')`);
    const moved = await Promise.all(registers.map(patiently));
    expect(moved.map(({ total }) => total)).toEqual([3, 3]);
    expect(moved.map(({ parked }) => parked).toSorted()).toEqual([0, 1]);
  }
  expect(await store.till.query('SELECT COUNT(*) AS rows FROM dbo.PRICES')).toEqual([{ rows: 15 }]);
  expect(await store.till.query('SELECT COUNT(*) AS rows FROM dbo.NOTES')).toEqual([{ rows: 10 }]);
  expect(await parkedIn(store)).toHaveLength(5);
});
