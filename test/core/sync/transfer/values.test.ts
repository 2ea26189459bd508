import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { commonColumns, incoming, outgoing } from '../../../../src/core/sync/transfer/columns.ts';
import { type Natives, nativesOf, plainNatives } from '../../../../src/core/sync/transfer/natives.ts';
import { passRows } from '../../../../src/core/sync/transfer/pass-rows.ts';
import { plainRows } from '../../../../src/core/sync/transfer/plain-rows.ts';
import { stageRows } from '../../../../src/core/sync/transfer/stage-rows.ts';
import { createStaging, stagingTable } from '../../../../src/core/sync/transfer/staging.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { twoDatabases } from './databases.ts';
import { types } from './values.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let databases: Awaited<ReturnType<typeof twoDatabases>>;
const signal = new AbortController().signal;
const staging = stagingTable(2, 'T');
const names = types.map((_, index) => `C${index}`);

beforeAll(async () => {
  server = await startTestServer();
  databases = await twoDatabases(server);
  const columns = types.map(({ type }, index) => `${names[index]} ${type} NULL`).join(', ');
  for (const session of [databases.source, databases.destination])
    await session.batch(`CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, ${columns})`);
});
afterAll(async () => {
  await databases.drop();
  await server.stop();
});

/** NULL as often as not in some columns, so that servers send both kinds of rows. */
const row = fc.tuple(
  ...types.map(({ literal }) =>
    fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: fc.constant('NULL') }),
  ),
);

/** Every value to its last bit: text and floats by their bytes, the rest in an exact spelling. */
const spelled = types.map(({ type }, index) => {
  const name = `C${index}`;
  if (/char/.test(type)) return `CAST(${name} AS varbinary(max)) AS ${name}`;
  if (/binary|float|real/.test(type)) return name;
  return `${/money/.test(type) ? `CONVERT(varchar(50), ${name}, 2)` : /date|time/.test(type) ? `CONVERT(varchar(50), ${name}, 121)` : `CAST(${name} AS varchar(50))`} AS ${name}`;
});

async function arrives(rows: readonly (readonly string[])[], way: 'raw' | 'plain'): Promise<void> {
  const { source, destination } = databases;
  await source.batch('DELETE FROM dbo.T');
  await destination.batch('DELETE FROM dbo.T');
  for (const [id, values] of rows.entries())
    await source.batch(`INSERT INTO dbo.T VALUES (${id}, ${values.join(', ')})`);
  const shape = (await readTableShapes(source, signal)).get('t')!;
  const natives: Natives = way === 'raw' ? await nativesOf(destination, signal) : plainNatives;
  const columns = commonColumns(shape, shape, natives);
  const query = `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} FROM dbo.T AS b`;
  const order = { reader: source, writer: destination, query };
  if (way === 'raw') expect(await stageRows({ ...order, staging, columns }, signal)).toBe(rows.length);
  else {
    await destination.batch(createStaging(staging, columns));
    expect(await passRows(order, plainRows(staging, columns), signal)).toEqual({
      read: rows.length,
      taken: rows.length,
    });
  }
  await destination.batch(
    `INSERT INTO dbo.T SELECT ${columns.map((column) => incoming(column, 's')).join(', ')} FROM ${staging} AS s`,
  );
  const all = `SELECT ID, ${spelled.join(', ')} FROM dbo.T ORDER BY ID`;
  expect(await destination.query(all)).toEqual(await source.query(all));
}

for (const way of ['raw', 'plain'] as const)
  test(`every value of every type arrives to its last digit by the ${way} way`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => arrives(rows, way)),
      { numRuns: 12 },
    );
  }, 120_000);

test('a destination that takes no type as it is gets text, and every value arrives', async () => {
  const { source, destination } = databases;
  const rows = fc.sample(row, { numRuns: 10, seed: 7 });
  await source.batch('DELETE FROM dbo.T');
  for (const [id, values] of rows.entries())
    await source.batch(`INSERT INTO dbo.T VALUES (${id}, ${values.join(', ')})`);
  await destination.batch('DELETE FROM dbo.T');
  const shape = (await readTableShapes(source, signal)).get('t')!;
  const columns = commonColumns(shape, shape, { way: 'raw', types: new Set() });
  expect(columns.filter(({ passage }) => passage === 'text')).toHaveLength(22);
  const query = `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} FROM dbo.T AS b`;
  await stageRows({ reader: source, writer: destination, query, staging, columns }, signal);
  await destination.batch(
    `INSERT INTO dbo.T SELECT ${columns.map((column) => incoming(column, 's')).join(', ')} FROM ${staging} AS s`,
  );
  const all = `SELECT ID, ${spelled.join(', ')} FROM dbo.T ORDER BY ID`;
  expect(await destination.query(all)).toEqual(await source.query(all));
});
