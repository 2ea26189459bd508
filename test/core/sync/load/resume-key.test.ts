import fc from 'fast-check';
import type { ColumnMetadata } from 'tedious/lib/token/colmetadata-token-parser.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { keyAsText, keyFromText, type ResumeKey } from '../../../../src/core/sync/load/resume-key.ts';
import { rowsBehind } from '../../../../src/core/sync/load/source-rows.ts';
import {
  commonColumns,
  outgoing,
  type TravellingColumn,
} from '../../../../src/core/sync/transfer/columns.ts';
import { type Natives, nativesOf, plainNatives } from '../../../../src/core/sync/transfer/natives.ts';
import { type RowBatch, type Way, withRows } from '../../../../src/core/sync/transfer/pass-rows.ts';
import { plainRows } from '../../../../src/core/sync/transfer/plain-rows.ts';
import { rawRows } from '../../../../src/core/sync/transfer/raw/raw-rows.ts';
import { spellValue } from '../../../../src/core/sync/transfer/raw/spell-value.ts';
import { keyOf } from '../../../../src/core/sync/window/staged-table.ts';
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
  ['decimal(19, 4)', 'smallint'],
  ['numeric(38, 0)'],
  ['smallmoney', 'time(0)'],
  ['datetime2(2)'],
];

/** How the rows come: as bytes of the wire, as bytes of a server that takes no type, in the driver's values. */
const ways: Readonly<Record<string, () => Promise<Natives>>> = {
  raw: () => nativesOf(databases.destination, signal),
  text: async () => ({ way: 'raw', types: new Set() }),
  plain: async () => plainNatives,
};

/** The key of every seventh row, as it is read from the batches while they pass. */
async function keysOnTheWay(
  table: Parameters<typeof rowsBehind>[0],
  key: readonly TravellingColumn[],
  { way }: Natives,
): Promise<readonly (ResumeKey | undefined)[]> {
  const reader = databases.source;
  const query = `SELECT ${table.columns.map((column) => outgoing(column, 'b')).join(', ')} ${rowsBehind(table, undefined)}`;
  const found: (ResumeKey | undefined)[] = [];
  const look = async <Batch extends RowBatch>(through: Way<Batch>) =>
    withRows(
      { reader, query },
      through,
      async ({ batches }) => {
        let rows = 0;
        for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
          rows += next.value.rows;
          const spelled = key.map((column) => through.spell(next.value, table.columns.indexOf(column)));
          if (rows % 7 === 0) found.push(spelled.flatMap((each) => each ?? []));
        }
      },
      signal,
    );
  const target = { table: '', columns: [], isLocked: false, isChecked: false, firesTriggers: false };
  if (way === 'raw') await look(rawRows(target, 7));
  else await look(plainRows('', table.columns));
  return found;
}

for (const [index, key] of keys.entries())
  test(`a key of ${key.join(', ')} is read from the wire as the server spells it, and the rows behind it are found`, async () => {
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
    for (const [way, natives] of Object.entries(ways)) {
      const columns = commonColumns(shape, shape, await natives());
      const table = { from: shape, to: shape, columns };
      const keyColumns = keyOf({ shape, columns });
      const behind = (after?: ResumeKey) => `${rowsBehind(table, after)}`;
      const all = await source.query<Record<string, unknown>>(
        `SELECT b.N, ${keyColumns.map((column) => `${spelling(column)} AS ${column.name}`).join(', ')} ${behind()}`,
      );
      const found = await keysOnTheWay(table, keyColumns, await natives());
      expect(found, way).toHaveLength(Math.floor(all.length / 7));
      for (const [at, after] of found.entries()) {
        const last = all[at * 7 + 6];
        expect(after, way).toEqual(names.map((name) => last?.[name]));
        const again = keyFromText(keyAsText(after!), key.length);
        const rest = await source.query<{ N: number }>(`SELECT b.N ${behind(again)}`);
        expect(rest.map(({ N }) => N)).toEqual(all.slice(at * 7 + 7).map(({ N }) => N));
      }
    }
  });

/** As the server itself spells the value of a key. */
function spelling(column: TravellingColumn): string {
  const { type, name } = column.from;
  if (/char/.test(type)) return `b.${name}`;
  if (/binary/.test(type)) return `CONVERT(varchar(max), b.${name}, 1)`;
  return outgoing({ ...column, passage: 'text' }, 'b');
}

test('text of a code page is read where its bytes say one character each, and nowhere else', () => {
  const column = (codepage: string) =>
    ({ type: { id: 167 }, dataLength: 20, collation: { codepage } }) as unknown as ColumnMetadata;
  expect(spellValue(column('CP932'), Buffer.from('A 1'))).toBe('A 1');
  expect(spellValue(column('CP932'), Buffer.from([0x83, 0x41]))).toBeUndefined();
  expect(spellValue(column('CP850'), Buffer.from([0x82]))).toBeUndefined();
  expect(spellValue(column('CP1252'), Buffer.from([0x80, 0xe9]))).toBe('€é');
  expect(spellValue(column('CP1251'), Buffer.from([0xe0]))).toBe('а');
  expect(spellValue(column('CP1253'), Buffer.from([0xaa]))).toBeUndefined();
  expect(spellValue(column('utf-8'), Buffer.from('\uFEFFé'))).toBe('\uFEFFé');
});

test('a key that this version did not write is none', () => {
  for (const text of [undefined, '', 'x', '1', '["a"]', '["a", 1]', '{"a":"b"}'])
    expect(keyFromText(text, 2)).toBeUndefined();
  expect(keyFromText('["a","\\u0000"]', 2)).toEqual(['a', '\0']);
});
