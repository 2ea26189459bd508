import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { asText } from '../../../../src/core/sync/window/row-text.ts';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { all, dropSides, makeSide, nothing, parkedIn, type Side, scopeOf } from './databases.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

let sides: readonly Side[] = [];
beforeEach(() => () => dropSides(server, sides));

const pair = async (atStore: readonly string[], atRegister: readonly string[] = atStore) => {
  const [store, register] = [await makeSide(server, atStore), await makeSide(server, atRegister)];
  sides = [store, register];
  return { store, register };
};

/** Types that a key may have, with values that are easily lost. */
const keys: readonly (readonly [string, string, string])[] = [
  ['nvarchar(20)', `N'a;b=1:''x'`, `N'\u{1F600} \u00e9'`],
  ['varchar(20) COLLATE Latin1_General_CI_AS', `'caf' + CHAR(233)`, `'b'`],
  ['nchar(5) COLLATE Latin1_General_BIN2', `N'a'`, `N'A'`],
  ['char(5)', `'x'`, `'y'`],
  ['varbinary(8)', '0x00FF', '0x'],
  ['binary(4)', '0x000000FF', '0x10000000'],
  ['bigint', '-9223372036854775808', '9223372036854775807'],
  ['numeric(32, 16)', '9999999999999999.9999999999999999', '-0.0000000000000001'],
  ['money', '922337203685477.5807', '-0.0001'],
  ['datetime', `'2012-01-01T23:59:59.997'`, `'1753-01-01'`],
  ['smalldatetime', `'2012-01-01T23:59:00'`, `'1900-01-01'`],
  ['date', `'9999-12-31'`, `'0001-01-01'`],
  ['time(7)', `'23:59:59.9999999'`, `'00:00:00.0000001'`],
  ['datetime2(7)', `'9999-12-31T23:59:59.9999999'`, `'0001-01-01T00:00:00.0000001'`],
  ['datetimeoffset(7)', `'2012-01-01T12:00:00.1234567+05:30'`, `'2012-01-01T00:00:00-08:00'`],
  ['uniqueidentifier', `'6F9619FF-8B86-D011-B42D-00C04FC964FF'`, `'00000000-0000-0000-0000-000000000001'`],
  ['bit', '0', '1'],
];
test.each(keys)(
  'rows with a key of %s travel, are parked, tried again and deleted',
  async (type, first, second) => {
    const { store, register } = await pair([
      `CREATE TABLE dbo.T (K ${type} NOT NULL CONSTRAINT PK_T PRIMARY KEY, V int NULL)`,
    ]);
    const { down } = scopeOf(store, ['T'], 'download');
    const rows = ({ till }: Side) =>
      till.query(`SELECT ${asText({ type: /^\w+/.exec(type)![0] }, 'K')} AS k, V AS v FROM dbo.T ORDER BY 1`);
    await down(register);
    await store.till.batch(`INSERT INTO dbo.T VALUES (${first}, 1), (${second}, NULL)`);
    await register.session.batch('ALTER TABLE dbo.T ALTER COLUMN V int NOT NULL');
    expect(await down(register)).toMatchObject({ total: 2, ok: 1, parked: 1 });
    // A second attempt finds the parked row by its key, and parks no second one.
    expect(await down(register)).toMatchObject({ total: 1, parked: 1 });
    expect(await parkedIn(register)).toHaveLength(1);
    await register.session.batch('ALTER TABLE dbo.T ALTER COLUMN V int NULL');
    expect(await down(register)).toEqual(all(1));
    expect(await rows(register)).toEqual(await rows(store));
    expect(await down(register)).toEqual(nothing);
    // Gone rows, told by the tracking table and by a whole comparison.
    await store.till.batch('DELETE FROM dbo.T WHERE V = 1');
    expect(await down(register)).toEqual(all(1));
    await store.session.batch('DISABLE TRIGGER ALL ON dbo.T; DELETE FROM dbo.T; ENABLE TRIGGER ALL ON dbo.T');
    await register.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
    expect(await down(register)).toEqual(all(1));
    expect(await rows(register)).toEqual([]);
  },
);

test('values arrive exactly, floats and texts of another collation among them', async () => {
  const columns = (collation: string) =>
    `F float NULL, R real NULL, X varchar(20) COLLATE ${collation} NULL, M varchar(max) COLLATE ${collation} NULL, B binary(4) NULL, O datetimeoffset(3) NULL, S smallmoney NULL`;
  const table = (collation: string) => [
    `CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, ${columns(collation)})`,
  ];
  const { store, register } = await pair(
    table('Latin1_General_CI_AS'),
    table('SQL_Latin1_General_CP1_CS_AS'),
  );
  const { down } = scopeOf(store, ['T'], 'download');
  await store.till.batch(`INSERT INTO dbo.T VALUES
(1, 0.1, 0.1, 'caf' + CHAR(233), REPLICATE(CAST('x' AS varchar(max)), 20000), 0x01, '2012-01-01T12:00:00.123+05:30', -214748.3648),
(2, 1.7976931348623157E+308, 3.4028235E+38, '', '', 0x, NULL, 0.0001),
(3, 4.9406564584124654E-324, 1.1754944E-38, ' trailing  ', NULL, NULL, NULL, NULL),
(4, 0.30000000000000004, 16777216, NULL, NULL, NULL, NULL, NULL), (5, -123456789.12345678, -1.1, NULL, NULL, NULL, NULL, NULL)`);
  expect(await down(register)).toEqual(all(5));
  const rows = ({ till }: Side) =>
    till.query(
      `SELECT ID, F AS f, R AS r, CAST(CAST(X AS nvarchar(20)) AS varbinary(40)) AS x, DATALENGTH(M) AS m, B AS b, CONVERT(varchar(40), O, 121) AS o, CAST(S AS varchar(20)) AS s FROM dbo.T ORDER BY ID`,
    );
  expect(await rows(register)).toEqual(await rows(store));
  expect(await down(register)).toEqual(nothing);
  await register.session.batch(
    `UPDATE storedb.Anchor SET State = 'compare'; UPDATE dbo.T SET F = 0.3 WHERE ID = 4`,
  );
  expect(await down(register)).toEqual(all(5));
  expect(await rows(register)).toEqual(await rows(store));
});

test("a register whose database sorts otherwise than the store's takes rows, parks them and gives its own", async () => {
  const table = [
    `CREATE TABLE dbo.T (K nvarchar(10) NOT NULL CONSTRAINT PK_T PRIMARY KEY, X varchar(10) NULL, V int NULL)`,
  ];
  const store = await makeSide(server, table);
  const register = await makeSide(server, table, 'Latin1_General_CS_AS');
  sides = [store, register];
  const rows = ({ till }: Side) => till.query('SELECT K AS k, X AS x, V AS v FROM dbo.T ORDER BY K');
  const { up, down } = scopeOf(store, ['T'], 'bidirectional');
  await store.till.batch(`INSERT INTO dbo.T VALUES (N'a', 'x', 1), (N'b', 'y', 2)`);
  await up(register);
  expect(await down(register)).toMatchObject({ total: 2, parked: 0 });
  await store.till.batch(
    `UPDATE dbo.T SET X = 'X' WHERE K = N'a'; INSERT INTO dbo.T VALUES (N'c', 'z', NULL); DELETE FROM dbo.T WHERE K = N'b'`,
  );
  await register.till.batch(
    `UPDATE dbo.T SET X = 'own' WHERE K = N'a'; INSERT INTO dbo.T VALUES (N'd', 'own', 1)`,
  );
  await register.session.batch('ALTER TABLE dbo.T ALTER COLUMN V int NOT NULL');
  expect(await up(register)).toMatchObject({ total: 2, parked: 1 });
  expect(await down(register)).toMatchObject({ total: 3, parked: 1 });
  expect(await down(register)).toMatchObject({ total: 1, parked: 1 });
  await register.session.batch('ALTER TABLE dbo.T ALTER COLUMN V int NULL');
  expect(await down(register)).toEqual(all(1));
  expect(await rows(register)).toEqual(await rows(store));
  const download = scopeOf(store, ['T'], 'download');
  await register.session.batch(
    `UPDATE storedb.Anchor SET State = 'compare'; INSERT INTO dbo.T VALUES (N'own', NULL, NULL)`,
  );
  expect(await download.down(register)).toMatchObject({ total: 4, parked: 0 });
  expect(await rows(register)).toEqual(await rows(store));
});

test('columns that only one side has are left to it: the store its own, the register its defaults', async () => {
  const { store, register } = await pair(
    [
      `CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, A nvarchar(5) NULL, ONLYSTORE int NOT NULL CONSTRAINT DF_S DEFAULT 7, V rowversion, C AS ID + 1)`,
    ],
    [
      `CREATE TABLE dbo.T (id int NOT NULL CONSTRAINT PK_T PRIMARY KEY, ONLYREGISTER int NOT NULL CONSTRAINT DF_R DEFAULT 8, a nvarchar(10) NULL, N int IDENTITY(1, 1) NOT NULL)`,
    ],
  );
  const { down } = scopeOf(store, ['T'], 'download');
  await store.till.batch(`INSERT INTO dbo.T (ID, A) VALUES (1, N'a'), (2, N'b')`);
  expect(await down(register)).toEqual(all(2));
  await register.till.batch('UPDATE dbo.T SET ONLYREGISTER = 9 WHERE id = 1');
  await store.till.batch(`UPDATE dbo.T SET A = N'c'`);
  await down(register);
  expect(
    await register.till.query('SELECT id, a, ONLYREGISTER AS own, N AS n FROM dbo.T ORDER BY id'),
  ).toEqual([
    { id: 1, a: 'c', own: 9, n: 1 },
    { id: 2, a: 'c', own: 8, n: 2 },
  ]);
  // A column that both have from now on has the table compared once: its old values come too.
  await store.session.batch(`ALTER TABLE dbo.T ADD LATER int NOT NULL CONSTRAINT DF_L DEFAULT 5`);
  expect(await down(register)).toEqual(nothing);
  await register.session.batch(`ALTER TABLE dbo.T ADD LATER int NOT NULL CONSTRAINT DF_L DEFAULT 0`);
  expect(await down(register)).toEqual(all(2));
  expect(await register.till.query('SELECT LATER AS later FROM dbo.T')).toEqual([{ later: 5 }, { later: 5 }]);
});

test.each([
  [
    'a shorter text',
    'A nvarchar(10) NULL',
    'A nvarchar(5) NULL',
    'A is nvarchar(10) where its rows come from and nvarchar(5) where they go',
  ],
  ['a text of a code page', 'A nvarchar(10) NULL', 'A varchar(10) NULL', 'A is nvarchar(10)'],
  ['fewer digits', 'A numeric(32, 16) NULL', 'A numeric(20, 2) NULL', 'A is numeric(32, 16)'],
  ['another type', 'A int NULL', 'A nvarchar(20) NULL', 'A is int'],
])('a table with %s on the other side is left out alone, with a clear text', async (_, from, to, message) => {
  const table = (column: string) => [
    `CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, ${column})`,
    'CREATE TABLE dbo.U (ID int NOT NULL CONSTRAINT PK_U PRIMARY KEY)',
  ];
  const { store, register } = await pair(table(from), table(to));
  const { down } = scopeOf(store, ['T', 'U'], 'download');
  await store.till.batch('INSERT INTO dbo.T (ID) VALUES (1); INSERT INTO dbo.U VALUES (1)');
  expect(await down(register)).toMatchObject({
    ...all(1),
    findings: [{ code: 'table-not-synchronisable', message: expect.stringContaining(message) }],
  });
  expect(await register.till.query('SELECT TableName AS name FROM storedb.Anchor')).toEqual([{ name: 'U' }]);
});

test('a table with another key on the other side is left out alone', async () => {
  const { store, register } = await pair(
    [`CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, A int NOT NULL)`],
    [`CREATE TABLE dbo.T (ID int NOT NULL, A int NOT NULL CONSTRAINT PK_T PRIMARY KEY)`],
  );
  const { down } = scopeOf(store, ['T'], 'download');
  expect(await down(register)).toMatchObject({
    total: 0,
    findings: [{ code: 'table-not-synchronisable' }],
    hasMoved: false,
  });
});
