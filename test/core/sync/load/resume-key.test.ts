import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { keyAsText, keyFromText, type ResumeKey } from '../../../../src/core/sync/load/resume-key.ts';
import { SourceRows } from '../../../../src/core/sync/load/source-rows.ts';
import { commonColumns } from '../../../../src/core/sync/transfer/columns.ts';
import { plainNatives } from '../../../../src/core/sync/transfer/natives.ts';
import type { OpenTable } from '../../../../src/core/sync/window/open-tables.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { twoDatabases } from '../transfer/databases.ts';
import { types } from '../transfer/values.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let databases: Awaited<ReturnType<typeof twoDatabases>>;
const signal = new AbortController().signal;
beforeAll(async () => {
  server = await startTestServer();
  databases = await twoDatabases(server);
});
afterAll(async () => {
  await databases.drop();
  await server.stop();
});

const literalOf = (type: string) => types.find((each) => each.type === type)!.literal;
/** Types that a key may have, alone and behind one another. */
const keys: readonly (readonly string[])[] = [
  ['nvarchar(20)', 'int'],
  ['varchar(20) COLLATE Latin1_General_CI_AS', 'tinyint', 'nvarchar(20)'],
  ['nchar(5)', 'datetime'],
  ['uniqueidentifier'],
  ['numeric(32, 16)'],
  ['money', 'bit'],
  ['bigint', 'smalldatetime'],
  ['date', 'time(7)'],
  ['datetime2(7)'],
  ['datetimeoffset(7)'],
  ['varbinary(50)'],
  ['tinyint', 'binary(8)'],
];

for (const [index, key] of keys.entries())
  test(`ranges of a key of ${key.join(', ')} hold every row once`, async () => {
    const { source } = databases;
    const names = key.map((_, at) => `K${at}`);
    await source.batch(`CREATE TABLE dbo.T${index} (N int IDENTITY(1, 1) NOT NULL, ${key.map((type, at) => `${names[at]} ${type} NOT NULL`).join(', ')},
  CONSTRAINT PK_T${index} PRIMARY KEY (${names.join(', ')}))`);
    const rows = fc.sample(fc.tuple(...key.map(literalOf)), { numRuns: 60, seed: 11 });
    // What is equal to another one under the collation is left out.
    for (const row of rows) {
      const same = row.map(
        (value, at) => `${names[at]} = CAST(${value} AS ${key[at]?.replace(/ COLLATE.*/, '')})`,
      );
      await source.batch(
        `INSERT INTO dbo.T${index} SELECT ${row.join(', ')} WHERE NOT EXISTS (SELECT 1 FROM dbo.T${index} WHERE ${same.join(' AND ')})`,
      );
    }
    const shape = (await readTableShapes(source, signal)).get(`t${index}`)!;
    const columns = commonColumns(shape, shape, plainNatives);
    const table = { from: shape, to: shape, columns } as unknown as OpenTable;
    const ranged = new SourceRows(source, table, (query) => query, signal);
    const found: number[] = [];
    let after: ResumeKey | undefined;
    for (;;) {
      const upTo = await ranged.boundary(after, 7);
      if (upTo === undefined) break;
      const inRange = await source.query<{ N: number }>(`SELECT b.N ${ranged.between(after, upTo)}`);
      found.push(...inRange.map(({ N }) => N));
      after = keyFromText(keyAsText(upTo), key.length);
    }
    const all = await source.query<{ N: number }>(`SELECT N FROM dbo.T${index} ORDER BY N`);
    expect(all.length).toBeGreaterThan(1);
    expect(found.toSorted((one, other) => one - other)).toEqual(all.map(({ N }) => N));
  });

test('a key that this version did not write is none', () => {
  for (const text of [undefined, '', 'x', '1', '["a"]', '["a", 1]', '{"a":"b"}'])
    expect(keyFromText(text, 2)).toBeUndefined();
  expect(keyFromText('["a","\\u0000"]', 2)).toEqual(['a', '\0']);
});
