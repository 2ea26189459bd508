import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { all, dropSides, makeSide, nothing, parkedIn, type Side, scopeOf } from './databases.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

const shifts = `CREATE TABLE dbo.SHIFTS (ID nvarchar(10) NOT NULL CONSTRAINT PK_SHIFTS PRIMARY KEY,
  STATUS nvarchar(20) NULL, CODE int NOT NULL CONSTRAINT DF_SHIFTS DEFAULT 0)`;

let store: Side;
let register: Side;
let up: ReturnType<typeof scopeOf>['up'];
let down: ReturnType<typeof scopeOf>['down'];
beforeEach(async () => {
  [store, register] = [await makeSide(server, [shifts]), await makeSide(server, [shifts])];
  ({ up, down } = scopeOf(store, ['SHIFTS'], 'bidirectional'));
  return () => dropSides(server, [store, register]);
});

const cycle = async () => [await up(register), await down(register)] as const;
const shiftsOf = async ({ till }: Side) =>
  (
    await till.query<{ id: string; status: string }>(
      'SELECT ID AS id, STATUS AS status FROM dbo.SHIFTS ORDER BY ID',
    )
  ).map(({ id, status }) => `${id}=${status}`);

type Change = 'none' | 'insert' | 'update' | 'delete' | 'replace';

/** What a side does to the row, and what it then holds. */
const does = (change: Change, id: string, side: string) =>
  ({
    none: '',
    insert: `INSERT INTO dbo.SHIFTS (ID, STATUS) VALUES (N'${id}', N'${side}');`,
    update: `UPDATE dbo.SHIFTS SET STATUS = N'${side}' WHERE ID = N'${id}';`,
    delete: `DELETE FROM dbo.SHIFTS WHERE ID = N'${id}';`,
    replace: `DELETE FROM dbo.SHIFTS WHERE ID = N'${id}'; INSERT INTO dbo.SHIFTS (ID, STATUS) VALUES (N'${id}', N'${side}');`,
  })[change];

const matrix = [
  ...(['none', 'update', 'delete', 'replace'] as const).flatMap((atStore) =>
    (['none', 'update', 'delete', 'replace'] as const).map((atRegister) => ({
      isThere: true,
      atStore,
      atRegister,
    })),
  ),
  ...(['none', 'insert'] as const).flatMap((atStore) =>
    (['none', 'insert'] as const).map((atRegister) => ({ isThere: false, atStore, atRegister })),
  ),
].map((each, index) => ({ ...each, id: `R${String(index).padStart(2, '0')}` }));

test("of every pair of changes to one row the store wins, the register's is parked, and both end up the same", async () => {
  const there = matrix.filter(({ isThere }) => isThere);
  await store.till.batch(there.map(({ id }) => does('insert', id, 'old')).join('\n'));
  await cycle();
  await store.till.batch(matrix.map(({ id, atStore }) => does(atStore, id, 'store')).join('\n'));
  await register.till.batch(matrix.map(({ id, atRegister }) => does(atRegister, id, 'register')).join('\n'));
  await cycle();

  const expected = matrix.flatMap(({ id, isThere, atStore, atRegister }) => {
    const [winner, side] = atStore === 'none' ? [atRegister, 'register'] : [atStore, 'store'];
    if (winner === 'none') return isThere ? [`${id}=old`] : [];
    return winner === 'delete' ? [] : [`${id}=${side}`];
  });
  const parked = matrix
    .filter(({ atStore, atRegister }) => atStore !== 'none' && atRegister !== 'none')
    .filter(({ atStore, atRegister }) => !(atStore === 'delete' && atRegister === 'delete'))
    .map(({ id, atRegister }) => ({
      key: `ID=3:${id};`,
      row: atRegister === 'delete' ? null : expect.stringContaining('STATUS=8:register;'),
      reason: 'store-wins',
      status: 'parked',
    }));
  expect(await shiftsOf(store)).toEqual(expected);
  expect(await shiftsOf(register)).toEqual(expected);
  const byKey = (await parkedIn(store)).toSorted((a, b) => String(a.key).localeCompare(String(b.key)));
  expect(byKey).toMatchObject(parked);
  expect(byKey).toHaveLength(parked.length);
  // Nothing goes back and forth afterwards.
  await cycle();
  expect(await cycle()).toEqual([nothing, nothing]);
});

test('the same change on both sides is no conflict', async () => {
  await cycle();
  for (const side of [store, register])
    await side.till.batch(`INSERT INTO dbo.SHIFTS (ID, STATUS) VALUES (N'A', N'open')`);
  expect(await cycle()).toMatchObject([
    { total: 1, parked: 0 },
    { total: 1, parked: 0 },
  ]);
  expect(await parkedIn(store)).toEqual([]);
});

test('what the store changed and the register has seen meanwhile may be changed there again', async () => {
  await store.till.batch(does('insert', 'A', 'store'));
  await cycle();
  await register.till.batch(does('update', 'A', 'register'));
  expect(await cycle()).toMatchObject([all(1), { total: 0 }]);
  expect(await shiftsOf(store)).toEqual(['A=register']);
  await store.till.batch(does('delete', 'A', ''));
  await cycle();
  await register.till.batch(does('insert', 'A', 'again'));
  await cycle();
  expect(await shiftsOf(store)).toEqual(['A=again']);
});

test('a row that a till changes between the two halves is not overwritten, and the next cycle resolves it', async () => {
  await store.till.batch(does('insert', 'A', 'old') + does('insert', 'B', 'old'));
  await cycle();
  await store.till.batch(does('update', 'A', 'store') + does('update', 'B', 'store'));
  await up(register);
  await register.till.batch(does('update', 'A', 'till'));
  const anchor = () => register.till.query('SELECT Timestamp AS at FROM storedb.Anchor');
  const before = await anchor();
  expect(await down(register)).toEqual({ ...all(1), held: ['SHIFTS'] });
  expect(await shiftsOf(register)).toEqual(['A=till', 'B=store']);
  expect(await anchor()).toEqual(before);
  expect(await cycle()).toMatchObject([{ parked: 1 }, { held: [] }]);
  expect(await shiftsOf(register)).toEqual(['A=store', 'B=store']);
  expect(await parkedIn(store)).toMatchObject([{ row: expect.stringContaining('STATUS=4:till;') }]);
});

test('a row that a till deletes or makes between the two halves is not brought back or overwritten', async () => {
  await store.till.batch(does('insert', 'A', 'old') + does('insert', 'B', 'old'));
  await cycle();
  await store.till.batch(
    does('update', 'A', 'store') + does('insert', 'C', 'store') + does('delete', 'B', ''),
  );
  await up(register);
  await register.till.batch(
    does('delete', 'A', '') + does('insert', 'C', 'till') + does('update', 'B', 'till'),
  );
  expect(await down(register)).toMatchObject({ total: 0, held: ['SHIFTS'] });
  expect(await shiftsOf(register)).toEqual(['B=till', 'C=till']);
  await cycle();
  expect(await shiftsOf(store)).toEqual(['A=store', 'C=store']);
  expect(await shiftsOf(register)).toEqual(['A=store', 'C=store']);
  expect(await parkedIn(store)).toHaveLength(3);
});

test('a change that is still open at the store is waited for, and wins', async () => {
  await store.till.batch(does('insert', 'A', 'old'));
  await cycle();
  await register.till.batch(does('update', 'A', 'register'));
  await store.till.batch(`BEGIN TRANSACTION; ${does('update', 'A', 'store')}`);
  const uploaded = up(register);
  await vi.waitFor(async () => {
    const waiting = await store.till.query(
      `SELECT 1 AS waits FROM sys.dm_tran_locks WHERE request_status = N'WAIT'`,
    );
    expect(waiting).not.toEqual([]);
  }, 30_000);
  await store.till.batch('COMMIT TRANSACTION');
  expect(await uploaded).toMatchObject({ parked: 1 });
  await down(register);
  expect(await shiftsOf(store)).toEqual(['A=store']);
  expect(await shiftsOf(register)).toEqual(['A=store']);
});

test('two rows that swap a unique value travel both ways', async () => {
  for (const { session } of [store, register])
    await session.batch('ALTER TABLE dbo.SHIFTS ADD CONSTRAINT UQ_SHIFTS UNIQUE (CODE)');
  await store.till.batch(`INSERT INTO dbo.SHIFTS VALUES (N'A', N'x', 1), (N'B', N'x', 2)`);
  await cycle();
  await register.till.batch('UPDATE dbo.SHIFTS SET CODE = 3 - CODE');
  await cycle();
  const codes = async ({ till }: Side) =>
    await till.query('SELECT ID AS id, CODE AS code FROM dbo.SHIFTS ORDER BY ID');
  expect(await codes(store)).toEqual([
    { id: 'A', code: 2 },
    { id: 'B', code: 1 },
  ]);
  expect(await codes(register)).toEqual(await codes(store));
});

const compareBoth = async () => {
  for (const { session } of [store, register])
    await session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
};

test('compared whole, a row that one side lacks comes to it, unless the other side remembers its deletion', async () => {
  await store.till.batch(['A', 'B', 'C', 'D', 'E', 'F'].map((id) => does('insert', id, 'old')).join(''));
  await cycle();
  const unseen = async (side: Side, change: string) =>
    side.session.batch(
      `DISABLE TRIGGER dbo.SHIFTS_storedb_tracking ON dbo.SHIFTS; ${change}; ENABLE TRIGGER dbo.SHIFTS_storedb_tracking ON dbo.SHIFTS`,
    );
  await unseen(store, does('delete', 'A', ''));
  await unseen(register, does('delete', 'B', ''));
  await unseen(register, does('insert', 'X', 'register'));
  await unseen(register, does('update', 'F', 'register'));
  await store.till.batch(does('delete', 'C', ''));
  await register.till.batch(does('delete', 'D', ''));
  await compareBoth();
  await cycle();
  // A and B are nobody's known deletion. C is the store's. D the store did not change, but that is not known any more.
  const expected = ['A=old', 'B=old', 'D=old', 'E=old', 'F=old', 'X=register'];
  expect(await shiftsOf(store)).toEqual(expected);
  expect(await shiftsOf(register)).toEqual(expected);
  expect((await parkedIn(store)).map(({ key, row }) => [key, row === null])).toEqual(
    expect.arrayContaining([
      ['ID=1:C;', false],
      ['ID=1:D;', true],
      ['ID=1:F;', false],
    ]),
  );
  await cycle();
  expect(await cycle()).toEqual([nothing, nothing]);
});

test('after a restore the store wins over whatever differs, also over what came from the register', async () => {
  await register.till.batch(does('insert', 'A', 'one'));
  await cycle();
  await register.till.batch(does('update', 'A', 'two'));
  await compareBoth();
  expect(await up(register, { isAfterRestore: true })).toMatchObject({ parked: 1 });
  await down(register);
  expect(await shiftsOf(store)).toEqual(['A=one']);
  expect(await shiftsOf(register)).toEqual(['A=one']);
});
