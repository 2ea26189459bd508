import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  acceptConflicts,
  listConflicts,
  retryConflicts,
  showConflict,
} from '../../../../src/core/sync/conflicts/index.ts';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { all, dropSides, makeSide, parkedIn, type Side, scopeOf } from '../window/databases.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
const signal = new AbortController().signal;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

const sales = `CREATE TABLE dbo.SALES (STORE nvarchar(10) NOT NULL, ID int NOT NULL, AMOUNT numeric(32, 16) NULL,
  SOLD datetime NULL, [A=B;] nvarchar(max) NULL, PICTURE varbinary(8) NULL, CONSTRAINT PK_SALES PRIMARY KEY (STORE, ID))`;

let store: Side;
let register: Side;
let second: Side;
let up: ReturnType<typeof scopeOf>['up'];
let down: ReturnType<typeof scopeOf>['down'];
beforeEach(async () => {
  [store, register, second] = [
    await makeSide(server, [sales]),
    await makeSide(server, [sales]),
    await makeSide(server, [sales]),
  ];
  up = scopeOf(store, ['SALES'], 'upload').up;
  down = scopeOf(store, ['SALES'], 'download').down;
  // As a set-up numbers them; the register knows itself by the name that the store has for it.
  await up(register);
  await up(second);
  await register.session.batch(`INSERT INTO storedb.Replica (LocalId, ReplicaId, Kind, StoreId, RegisterId, DataAreaId, Machine, DatabaseName, Epoch, CreatedUtc)
VALUES (1, NEWID(), N'offline', N'S', N'r-2', N'usrt', N'M', N'D', 1, GETUTCDATE())`);
  return () => dropSides(server, [store, register, second]);
});

const sell = ({ till }: Side, values: string) => till.batch(`INSERT INTO dbo.SALES VALUES ${values}`);
const sides = () => ({ store: store.session, offline: register.session });

test('parked rows of the register are listed with number, key and reason; those of other registers are not', async () => {
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL), (N'H', 2, 1, NULL, NULL, NULL)`);
  await sell(register, `(N'H', 1, 2, NULL, NULL, NULL)`);
  await sell(second, `(N'H', 2, 2, NULL, NULL, NULL)`);
  await up(register);
  await up(second);
  expect(await listConflicts(sides(), signal)).toEqual([
    {
      id: 'S1',
      where: 'store',
      scope: 'Scope',
      table: 'SALES',
      key: 'STORE=H, ID=1',
      reason: 'same-key',
      message: 'The store has another row under this key.',
      errorNumber: undefined,
      attempts: 1,
      parkedUtc: expect.any(Date),
      isMarked: false,
    },
  ]);
  expect(await listConflicts({ store: store.session, offline: undefined }, signal)).toHaveLength(2);
  expect(await listConflicts({ store: undefined, offline: register.session }, signal)).toEqual([]);
});

test('a row that the register refuses has a number of its own', async () => {
  await register.session.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (AMOUNT < 5)');
  await sell(store, `(N'H', 1, 6, NULL, NULL, NULL)`);
  await down(register);
  expect(await listConflicts(sides(), signal)).toMatchObject([
    { id: 'R1', where: 'offline', reason: 'error', errorNumber: 547 },
  ]);
});

test('a parked row is shown beside what both databases have, to the last digit', async () => {
  await sell(store, `(N'H', 1, 1844.68, '2012-01-01T23:59:59.997', NULL, NULL)`);
  await sell(register, `(N'H', 1, -0.0000000000000001, NULL, N'x;y=1:z', 0x00FF)`);
  await up(register);
  await register.till.batch('UPDATE dbo.SALES SET AMOUNT = 3');
  expect(await showConflict(sides(), 's1', signal)).toMatchObject({
    id: 'S1',
    isGone: false,
    columns: [
      { column: 'STORE', parked: 'H', store: 'H', offline: 'H' },
      { column: 'ID', parked: '1', store: '1', offline: '1' },
      {
        column: 'AMOUNT',
        parked: '-0.0000000000000001',
        store: '1844.6800000000000000',
        offline: '3.0000000000000000',
      },
      { column: 'SOLD', parked: null, store: '2012-01-01T23:59:59.997', offline: null },
      { column: 'A=B;', parked: 'x;y=1:z', store: null, offline: 'x;y=1:z' },
      { column: 'PICTURE', parked: '0x00FF', store: null, offline: '0x00FF' },
    ],
  });
  await register.till.batch('DELETE FROM dbo.SALES');
  expect((await showConflict({ store: store.session, offline: undefined }, 'S1', signal)).columns[0]).toEqual(
    {
      column: 'STORE',
      parked: 'H',
      store: 'H',
      offline: undefined,
    },
  );
});

test('a parked deletion is shown as one', async () => {
  const both = scopeOf(store, ['SALES'], 'bidirectional');
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL)`);
  await both.up(register);
  await both.down(register);
  await store.till.batch('UPDATE dbo.SALES SET AMOUNT = 2');
  await register.till.batch('DELETE FROM dbo.SALES');
  await both.up(register);
  expect(await showConflict(sides(), 'S1', signal)).toMatchObject({
    isGone: true,
    columns: [
      { column: 'STORE', parked: 'H', store: 'H', offline: undefined },
      { column: 'ID' },
      { column: 'AMOUNT', parked: undefined, store: '2.0000000000000000', offline: undefined },
      {},
      {},
      {},
    ],
  });
});

test('a row marked to be tried again goes through once the store has made room', async () => {
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL)`);
  await sell(register, `(N'H', 1, 2, NULL, NULL, NULL)`);
  await up(register);
  expect(await up(register)).toMatchObject({ total: 0 });
  await store.till.batch('DELETE FROM dbo.SALES');
  expect(await retryConflicts(sides(), 'all', signal)).toBe(1);
  expect(await listConflicts(sides(), signal)).toMatchObject([{ isMarked: true }]);
  expect(await up(register)).toEqual(all(1));
  expect(await listConflicts(sides(), signal)).toEqual([]);
  expect(await store.till.query('SELECT CAST(AMOUNT AS int) AS amount FROM dbo.SALES')).toEqual([
    { amount: 2 },
  ]);
});

test('a row marked in vain is parked again', async () => {
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL)`);
  await sell(register, `(N'H', 1, 2, NULL, NULL, NULL)`);
  await up(register);
  expect(await retryConflicts(sides(), ['S1'], signal)).toBe(1);
  expect(await up(register)).toMatchObject({ total: 1, parked: 1 });
  expect(await listConflicts(sides(), signal)).toMatchObject([{ id: 'S1', isMarked: false, attempts: 2 }]);
});

test("a row of which the register has the store's version by now is the only copy, marked or not", async () => {
  const both = scopeOf(store, ['SALES'], 'bidirectional');
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL)`);
  await both.up(register);
  await both.down(register);
  await store.till.batch('UPDATE dbo.SALES SET AMOUNT = 2');
  await register.till.batch('UPDATE dbo.SALES SET AMOUNT = 3');
  await both.up(register);
  await both.down(register);
  expect(await retryConflicts(sides(), 'all', signal)).toBe(1);
  await both.up(register);
  expect(await listConflicts(sides(), signal)).toMatchObject([
    { id: 'S1', reason: 'only-copy', isMarked: false },
  ]);
  expect(await retryConflicts(sides(), 'all', signal)).toBe(0);
  expect((await showConflict(sides(), 'S1', signal)).columns[2]).toEqual({
    column: 'AMOUNT',
    parked: '3.0000000000000000',
    store: '2.0000000000000000',
    offline: '2.0000000000000000',
  });
});

test('an accepted row is kept in the record with who gave it up, and is open no more', async () => {
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL)`);
  await sell(register, `(N'H', 1, 2, NULL, NULL, NULL)`);
  await up(register);
  expect(await acceptConflicts(sides(), ['S1'], 'anna on TILL-1', signal)).toBe(1);
  expect(await listConflicts(sides(), signal)).toEqual([]);
  expect(await parkedIn(store)).toMatchObject([
    { status: 'accepted', row: expect.stringContaining('AMOUNT=18:2.0000000000000000;') },
  ]);
  expect(
    await store.session.query(
      'SELECT ResolvedBy AS [by] FROM storedb.Conflict WHERE ResolvedUtc IS NOT NULL',
    ),
  ).toEqual([{ by: 'anna on TILL-1' }]);
});

test('numbers that are not there change nothing, and a side that is out of reach is said to be', async () => {
  await sell(store, `(N'H', 1, 1, NULL, NULL, NULL)`);
  await sell(register, `(N'H', 1, 2, NULL, NULL, NULL)`);
  await up(register);
  for (const id of ['S9', 'x', 'R1'])
    await expect(acceptConflicts(sides(), ['S1', id], 'me', signal)).rejects.toMatchObject({
      code: 'conflict-unknown',
    });
  await expect(showConflict(sides(), 'S2', signal)).rejects.toMatchObject({ code: 'conflict-unknown' });
  await expect(retryConflicts({ ...sides(), store: undefined }, ['S1'], signal)).rejects.toMatchObject({
    code: 'conflict-out-of-reach',
    exit: 'connection',
  });
  expect(await listConflicts(sides(), signal)).toMatchObject([{ id: 'S1', isMarked: false }]);
});
