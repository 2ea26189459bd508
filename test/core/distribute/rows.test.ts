import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackFile } from '../../../src/core/distribute/pack/manifest.ts';
import { csvLines, readCsv } from '../../../src/core/distribute/rows/csv.ts';
import { ndjsonHeader, ndjsonLines, readNdjson } from '../../../src/core/distribute/rows/ndjson.ts';
import { readValue } from '../../../src/core/distribute/rows/read-value.ts';
import type { RowReading, RowText } from '../../../src/core/distribute/rows/row-text.ts';
import { textChunks } from '../../../src/core/distribute/rows/text-chunks.ts';
import { valueText } from '../../../src/core/distribute/rows/value-text.ts';
import type { ColumnShape } from '../../../src/core/offline/tables/table-shape.ts';

const file: PackFile = { name: 'tables/T.csv', table: 'T', rows: 0, bytes: 0, sha256: '' };

/** The bytes of a text in pieces of `size`. */
async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(reading: RowReading): Promise<{ readonly rows: RowText[]; readonly lines: number[] }> {
  const rows: RowText[] = [];
  const lines: number[] = [];
  for await (const batch of reading.batches) {
    rows.push(...batch.rows);
    lines.push(...batch.lines);
  }
  return { rows, lines };
}

const readCsvOf = async (text: string, size = 7) =>
  all(await readCsv(file, textChunks(file, pieces(text, size))));

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    '\\N',
    '\\',
    '\\\\N',
    '"',
    '""',
    ',',
    '\n',
    '\r\n',
    '\r',
    ' x ',
    '\ufeff',
    'NULL',
    "'",
    '0x',
    '=1+1',
    '\u0000',
  ),
);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) =>
    fc.array(fc.array(fc.option(text), { minLength: width, maxLength: width }), { maxLength: 20 }),
  );

describe('rows as text', () => {
  it('come back from CSV as they went in, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const width = rows[0]?.length ?? 2;
        const header = Array.from({ length: width }, (_, index) => `C${index}`);
        const written = csvLines([header, ...rows]);
        const read = await readCsvOf(written, size);
        expect(read.rows).toEqual(rows);
        // Each row begins on the line that the file has it on.
        const begins = rows.map((_, index) => csvLines([header, ...rows.slice(0, index)]).split('\n').length);
        expect(read.lines).toEqual(begins);
      }),
    );
  });

  it('come back from NDJSON as they went in, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const header = Array.from({ length: rows[0]?.length ?? 2 }, (_, index) => `C${index}`);
        const written = ndjsonHeader(header) + ndjsonLines(header, rows);
        const read = await all(await readNdjson(file, textChunks(file, pieces(written, size))));
        expect(read.rows).toEqual(rows);
        expect(read.lines).toEqual(rows.map((_, index) => index + 2));
      }),
    );
  });

  it('may have the line ends of Windows and a byte-order mark', async () => {
    expect((await readCsvOf('\ufeffA,B\r\n1,"x\r\ny"\r\n2,\\N\r\n')).rows).toEqual([
      ['1', 'x\r\ny'],
      ['2', null],
    ]);
  });

  it('may have no line end behind the last one', async () => {
    expect((await readCsvOf('A,B\n1,2')).rows).toEqual([['1', '2']]);
  });

  it.each([
    ['A,B\n1,"x\n2,y\n', /line 2: .*quote/i],
    ['A,B\n1,\\x\n', /line 2: a value begins with one backslash/],
  ])('are refused by line when they are not CSV: %j', async (content, message) => {
    await expect(readCsvOf(content)).rejects.toThrow(message);
  });

  it('are refused when they are not UTF-8', async () => {
    const bytes = (async function* () {
      yield Buffer.from([0x41, 0x0a, 0xff, 0x0a]);
    })();
    await expect(readCsv(file, textChunks(file, bytes))).rejects.toThrow('not UTF-8');
  });

  it.each([
    ['["A"]\n{"A":1}\n', 'line 2, column A: write it as a text'],
    ['["A"]\n{"B":"1"}\n', 'line 2, column B: the first line does not name'],
    ['["A","B"]\n{"A":"1"}\n', 'line 2, column B: it is missing'],
    ['["A"]\n{"A":"1"}\n[\n', 'line 3: this is not JSON'],
    ['{"A":"1"}\n', 'not the list of its columns'],
  ])('are refused by line and column when they are not NDJSON: %j', async (content, message) => {
    await expect(
      readNdjson(file, textChunks(file, pieces(content, 5))).then((reading) => all(reading)),
    ).rejects.toThrow(message);
  });
});

const column = (type: string, more: Partial<ColumnShape> = {}): ColumnShape => ({
  ...{ name: 'C', type, maxLength: -1, precision: 0, scale: 0, isNullable: false, isIdentity: false },
  ...{ isComputed: false, collation: undefined, isDatabaseCollation: false },
  ...more,
});
const numeric = column('numeric', { precision: 32, scale: 16 });

describe('a value', () => {
  it.each<[ColumnShape, readonly string[], readonly string[]]>([
    [column('bit'), ['0', '1'], ['2', '-1', 'true', '']],
    [column('tinyint'), ['0', '255'], ['256', '-1']],
    [column('smallint'), ['-32768', '32767'], ['32768']],
    [column('int'), ['-2147483648', '2147483647', '007'], ['2147483648', '1.0', '1e3', ' 1', '١']],
    [column('bigint'), ['-9223372036854775808', '9223372036854775807'], ['9223372036854775808']],
    [
      numeric,
      ['9999999999999999.9999999999999999', '-0.5', '0', '12.50000000000000000000'],
      ['10000000000000000', '0.00000000000000001', '1,5', '1e5', '.5', '5.', '', 'NaN'],
    ],
    [column('money'), ['922337203685477.5807', '-922337203685477.5808'], ['922337203685477.5808', '1.00001']],
    [column('smallmoney'), ['214748.3647', '-214748.3648'], ['214748.3648']],
    [
      column('datetime'),
      ['1753-01-01T00:00:00', '2012-02-29T23:59:59.997', '2012-01-31'],
      [
        '1752-12-31T00:00:00',
        '2013-02-29',
        '31.12.2012',
        '2012-13-01',
        '2012-01-01T24:00:00',
        '2012-01-01T00:00:00.0001',
        '',
      ],
    ],
    [column('smalldatetime'), ['1900-01-01T00:00:00', '2079-06-06T00:00:00'], ['1899-12-31', '2079-06-07']],
    [column('date'), ['0001-01-01', '9999-12-31'], ['2012-1-1', '2012-01-01T00:00:00', '0000-01-01']],
    [column('time', { scale: 3 }), ['00:00:00', '23:59:59.999'], ['24:00:00', '00:00:00.1234', '1:00:00']],
    [column('datetime2', { scale: 7 }), ['0001-01-01T00:00:00.1234567'], ['2012-01-01 00:00:00']],
    [column('datetimeoffset', { scale: 0 }), ['2012-01-01T00:00:00+05:30'], ['2012-01-01T00:00:00']],
    [
      column('uniqueidentifier'),
      ['6F9619FF-8B86-D011-B42D-00C04FC964FF'],
      ['6F9619FF', '{6F9619FF-8B86-D011-B42D-00C04FC964FF}'],
    ],
    [column('varbinary', { maxLength: 2 }), ['0x', '0xff00'], ['0xf', 'ff', '0x000000']],
    [column('nvarchar', { maxLength: 4 }), ['', 'ab', '😀'], ['abc', '😀x']],
    [column('nvarchar'), ['x'.repeat(10_000)], []],
    [column('varchar', { maxLength: 3 }), ['abc'], ['abcd']],
  ])('of a column of $type is taken or refused', (shape, taken, refused) => {
    const read = readValue(shape);
    for (const each of taken) expect(read(each), each).toHaveProperty('value');
    for (const each of refused) expect(read(each), each).toHaveProperty('problem');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['numeric', '12.5000000000000000', '12.5'],
    ['numeric', '100.0000', '100'],
    ['numeric', '100', '100'],
    ['numeric', '-0.0000', '0'],
    ['money', '0.0000', '0'],
    ['datetime', '2012-01-31T08:30:00.500', '2012-01-31T08:30:00.500'],
    ['datetime', '2012-01-31T08:30:00', '2012-01-31T08:30:00'],
    ['datetime2', '2012-01-31 08:30:00.0000000', '2012-01-31T08:30:00'],
    ['datetimeoffset', '2012-01-31 08:30:00.5000000 +01:00', '2012-01-31T08:30:00.5+01:00'],
    ['time', '08:30:00.1200000', '08:30:00.12'],
    ['date', '2012-01-31', '2012-01-31'],
    ['uniqueidentifier', '6f9619ff-8b86-d011-b42d-00c04fc964ff', '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
    ['varbinary', new Uint8Array([0, 255]), '0x00FF'],
    ['varbinary', new Uint8Array([]), '0x'],
    ['nvarchar', '1.50', '1.50'],
    ['bigint', '100', '100'],
  ])('of type %s that the server sends as %j has the one text %s', (type, sent, expected) => {
    expect(valueText({ type })(sent)).toBe(expected);
  });
});
