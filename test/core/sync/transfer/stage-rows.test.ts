import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { metadataTables } from '../../../../src/core/offline/tracking/metadata.ts';
import { commonColumns, incoming, outgoing, schemaHash } from '../../../../src/core/sync/transfer/columns.ts';
import { nativesOf } from '../../../../src/core/sync/transfer/natives.ts';
import { stageRows } from '../../../../src/core/sync/transfer/stage-rows.ts';
import { dropStaging, stagingTable } from '../../../../src/core/sync/transfer/staging.ts';
import { Faults } from '../../../../src/practice/faults/faults.ts';
import { type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { twoDatabases } from './databases.ts';

const faults = new Faults();
let server: PracticeServer;
let databases: Awaited<ReturnType<typeof twoDatabases>>;
const never = new AbortController().signal;
const staging = stagingTable(2, 'T');
const many = 20_000;

beforeAll(async () => {
  server = await startPracticeServer({ faults });
});
afterAll(async () => server.close());
beforeEach(async () => {
  databases = await twoDatabases(server);
  return async () => {
    faults.clear();
    await databases.drop();
  };
});

const shapeOf = async (side: 'source' | 'destination') =>
  (await readTableShapes(databases[side], never)).get('t')!;

async function orderFor(from = 'dbo.T AS b') {
  const columns = commonColumns(
    await shapeOf('source'),
    await shapeOf('destination'),
    await nativesOf(databases.destination, never),
  );
  const query = `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} FROM ${from}`;
  return { reader: databases.source, writer: databases.destination, query, staging, columns };
}

async function makeTables(columns: string, there = columns): Promise<void> {
  await databases.source.batch(
    `CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, ${columns})`,
  );
  await databases.destination.batch(
    `CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, ${there})`,
  );
}

async function fill(rows: number): Promise<void> {
  await databases.source.batch(
    "INSERT INTO dbo.T (ID, NAME) VALUES (0, N'a row of some length, so that many packets pass')",
  );
  for (let count = 1; count < rows; count *= 2)
    await databases.source.batch(
      `INSERT INTO dbo.T (ID, NAME) SELECT ID + ${count}, NAME FROM dbo.T WHERE ID + ${count} < ${rows}`,
    );
}

const staged = async (what = 'COUNT(*)') =>
  (await databases.destination.query(`SELECT ${what} AS n FROM ${staging} AS s`))[0]?.n;
/** A session can still be used, and has nothing left of what was. */
const areFree = async () => {
  for (const session of [databases.source, databases.destination])
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
};

test('values longer than a packet, than a page and than 8,000 bytes arrive whole', async () => {
  await makeTables('NAME nvarchar(max) NULL, PICTURE varbinary(max) NULL');
  await databases.source.batch(`INSERT INTO dbo.T VALUES (1, REPLICATE(CAST(N'\u{1F3EA}x ' AS nvarchar(max)), 100000), NULL),
(2, N'', CAST(REPLICATE(CAST('picture' AS varchar(max)), 50000) AS varbinary(max))), (3, NULL, 0x)`);
  expect(await stageRows(await orderFor(), never)).toBe(3);
  const all = 'ID, NAME, PICTURE';
  const found = await databases.destination.query(`SELECT ${all} FROM ${staging} ORDER BY ID`);
  expect(found).toEqual(await databases.source.query(`SELECT ${all} FROM dbo.T ORDER BY ID`));
  expect(found.map(({ NAME }) => (NAME as string | null)?.length)).toEqual([400_000, 0, undefined]);
});

test('a column that is wider here, and text of another collation and code page, arrive in the type that is here', async () => {
  await makeTables(
    'SHORT nvarchar(5), SMALL int, CODE varchar(20) COLLATE Cyrillic_General_CI_AS, GONE int',
    'SHORT nvarchar(30) COLLATE Latin1_General_CS_AS, SMALL bigint, CODE nvarchar(20), MORE int',
  );
  await databases.source.batch(`INSERT INTO dbo.T VALUES (1, N'abc ', -5, N'5 € and more', 7)`);
  const order = await orderFor();
  expect(order.columns.map(({ name, passage }) => [name, passage])).toEqual([
    ['ID', 'native'],
    ['SHORT', 'native'],
    ['SMALL', 'native'],
    ['CODE', 'wide'],
  ]);
  await stageRows(order, never);
  await databases.destination.batch(
    `INSERT INTO dbo.T (ID, SHORT, SMALL, CODE) SELECT ${order.columns.map((column) => incoming(column, 's')).join(', ')} FROM ${staging} AS s`,
  );
  expect(await databases.destination.query('SELECT ID, SHORT, SMALL, CODE, MORE FROM dbo.T')).toEqual([
    { ID: 1, SHORT: 'abc ', SMALL: '-5', CODE: '5 € and more', MORE: null },
  ]);
});

test('the hash of the columns tells another type and another column, and nothing else', async () => {
  await makeTables('A int, B nvarchar(5)', 'B nvarchar(5), A int');
  const hash = async () => schemaHash((await orderFor()).columns);
  const before = await hash();
  await databases.source.batch('ALTER TABLE dbo.T ADD C int');
  expect(await hash()).toBe(before);
  await databases.destination.batch('ALTER TABLE dbo.T ADD C int');
  const withC = await hash();
  expect(withC).not.toBe(before);
  await databases.source.batch('ALTER TABLE dbo.T ALTER COLUMN B nvarchar(6)');
  expect(await hash()).not.toBe(withC);
});

test('what a killed run left under the name is replaced, and an empty answer leaves an empty table', async () => {
  await makeTables('NAME nvarchar(50)');
  await databases.destination.batch(`CREATE TABLE ${staging} (OLD int)`);
  expect(await stageRows(await orderFor(), never)).toBe(0);
  expect(await staged()).toBe(0);
});

test('rows are counted while they go', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(many);
  const seen: number[] = [];
  await stageRows({ ...(await orderFor()), onRows: (rows) => seen.push(rows) }, never);
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.at(-1)).toBe(many);
  expect(await staged('COUNT(DISTINCT ID)')).toBe(many);
});

test('a reader that fails in the middle is what is reported, and both sessions go on', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(many);
  const order = await orderFor(`dbo.T AS b WHERE 1 / (${many - 1} - b.ID) >= 0`);
  await expect(stageRows(order, never)).rejects.toMatchObject({ name: 'SqlFailure', number: 8134 });
  await areFree();
  expect(await staged()).toBe(0);
});

test('a writer that fails in the middle is what is reported, and both sessions go on', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(many);
  faults.arm({ at: 'bulk-row', does: 'log-full', skip: 15_000 });
  await expect(stageRows(await orderFor(), never)).rejects.toMatchObject({
    name: 'SqlFailure',
    number: 9002,
  });
  await areFree();
  expect(await staged()).toBe(0);
});

test('a writer whose connection is cut is what is reported, and the reader goes on', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(many);
  faults.arm({ at: 'packet', direction: 'in', type: 7, does: 'drop', skip: 20 });
  await expect(stageRows(await orderFor(), never)).rejects.toMatchObject({ code: 'connection-lost' });
  expect(databases.destination.isLost).toBe(true);
  expect(await databases.source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a reader whose connection is cut is what is reported, and the writer goes on', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(many);
  const order = await orderFor();
  faults.arm({ at: 'packet', direction: 'out', type: 4, does: 'drop', skip: 30 });
  await expect(stageRows(order, never)).rejects.toMatchObject({ code: 'connection-lost' });
  expect(databases.source.isLost).toBe(true);
  expect(await databases.destination.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await staged()).toBe(0);
});

test('a session that is closed when its answer has just come ends the transfer and nothing else', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(1);
  const order = await orderFor();
  const closing = { ...order, onRows: () => void order.reader.close() };
  await expect(stageRows(closing, never)).rejects.toMatchObject({ code: 'connection-lost' });
  expect(await databases.destination.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a cancelled transfer says so, and both sessions go on', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(many);
  const cancelled = new AbortController();
  const reason = new Error('the technician pressed Ctrl+C');
  const order = { ...(await orderFor()), onRows: () => cancelled.abort(reason) };
  await expect(stageRows(order, cancelled.signal)).rejects.toBe(reason);
  await areFree();
  expect(await staged()).toBe(0);
});

test('a table that was altered since its shape was read is refused, because its bytes would be other values', async () => {
  await makeTables('AMOUNT numeric(32, 16)');
  const order = await orderFor();
  await databases.source.batch(
    'INSERT INTO dbo.T VALUES (1, 5); ALTER TABLE dbo.T ALTER COLUMN AMOUNT numeric(32, 4)',
  );
  await expect(stageRows(order, never)).rejects.toMatchObject({
    code: 'table-changed',
    details: { column: 'AMOUNT' },
  });
  await areFree();
});

test('several tables go into staging at once, and another session sees them all', async () => {
  await makeTables('NAME nvarchar(60)');
  await fill(500);
  const order = await orderFor();
  const names = ['A', 'B', 'C'].map((name) => stagingTable(5, name));
  await Promise.all(
    names.map(async (name) => {
      const [reader, writer] = [await databases.another('source'), await databases.another('destination')];
      return stageRows({ ...order, reader, writer, staging: name }, never);
    }),
  );
  const counts = names.map((name) => `(SELECT COUNT(*) FROM ${name})`).join(' + ');
  expect(await databases.destination.query(`SELECT ${counts} AS n`)).toEqual([{ n: 1500 }]);
});

test('what a sender left in staging goes, and what nobody knows any more; what another one has stays', async () => {
  const { destination } = databases;
  for (const { create } of metadataTables) await destination.batch(create);
  const replica = (id: number, retired: string) =>
    `(${id}, NEWID(), N'offline', N'S', N'R${id}', N'usrt', N'M', N'D', 1, GETUTCDATE(), ${retired})`;
  await destination.batch(`INSERT INTO storedb.Replica (LocalId, ReplicaId, Kind, StoreId, RegisterId, DataAreaId, Machine, DatabaseName, Epoch, CreatedUtc, RetiredUtc)
VALUES ${[replica(2, 'NULL'), replica(22, 'NULL'), replica(3, 'GETUTCDATE()')].join(', ')}`);
  for (const name of [
    stagingTable(2, 'A_B'),
    stagingTable(2, "It's [odd]"),
    stagingTable(22, 'A'),
    stagingTable(3, 'A'),
    stagingTable(9, 'A'),
  ])
    await destination.batch(`CREATE TABLE ${name} (ID int)`);
  await dropStaging(destination, 2, never);
  expect(
    await destination.query("SELECT name FROM sys.tables WHERE SCHEMA_NAME(schema_id) = N'storedb_staging'"),
  ).toEqual([{ name: 'r22_A' }]);
});
