import mssql from 'mssql';
import { type Connection, Request, TYPES } from 'tedious';
import { describe, expect, it } from 'vitest';
import type { RpcParameter } from '../../../src/practice/engine/results.ts';
import type { SqlType, Value } from '../../../src/practice/engine/types.ts';
import { ByteReader } from '../../../src/practice/tds/byte-reader.ts';
import { ByteWriter } from '../../../src/practice/tds/byte-writer.ts';
import { dialectFor } from '../../../src/practice/tds/protocol.ts';
import { readTypeInfo } from '../../../src/practice/tds/values/read.ts';
import { columnForm } from '../../../src/practice/tds/values/write.ts';
import { connectTedious, poolOn, runBatch, serverFor } from './clients.ts';
import { column } from './fake-engine.ts';

const guid = '01234567-89AB-CDEF-0123-456789ABCDEF';

/** Types with a value of the engine, and what tedious makes of it. */
const cases: readonly (readonly [SqlType, Value, unknown])[] = [
  [{ kind: 'bit' }, true, true],
  [{ kind: 'tinyint' }, 255, 255],
  [{ kind: 'smallint' }, -32768, -32768],
  [{ kind: 'int' }, -2147483648, -2147483648],
  [{ kind: 'bigint' }, -9223372036854775808n, '-9223372036854775808'],
  [{ kind: 'numeric', precision: 9, scale: 2 }, -1234567n, -12345.67],
  [{ kind: 'decimal', precision: 19, scale: 0 }, 1234567890123n, 1234567890123],
  [{ kind: 'numeric', precision: 28, scale: 4 }, 12345n, 1.2345],
  [{ kind: 'numeric', precision: 38, scale: 0 }, 1n << 80n, 2 ** 80],
  [{ kind: 'money' }, -12345678n, -1234.5678],
  [{ kind: 'smallmoney' }, 12345n, 1.2345],
  [{ kind: 'float' }, 0.1, 0.1],
  [{ kind: 'real' }, 0.5, 0.5],
  [{ kind: 'char', length: 5 }, 'ab   ', 'ab   '],
  [{ kind: 'varchar', length: 10 }, 'äÖ€', 'äÖ€'],
  [{ kind: 'varchar', length: 'max' }, 'x'.repeat(100_000), 'x'.repeat(100_000)],
  [{ kind: 'varchar', length: 10, collation: 'Cyrillic_General_CI_AS' }, 'Привет', 'Привет'],
  [{ kind: 'nchar', length: 3 }, '日本 ', '日本 '],
  [{ kind: 'nvarchar', length: 20 }, "o'Neill 💡", "o'Neill 💡"],
  [{ kind: 'nvarchar', length: 'max' }, '日'.repeat(100_000), '日'.repeat(100_000)],
  [{ kind: 'text' }, 'long äö', 'long äö'],
  [{ kind: 'ntext' }, 'long 日', 'long 日'],
  [{ kind: 'image' }, Buffer.from([1, 2, 3]), Buffer.from([1, 2, 3])],
  [{ kind: 'binary', length: 4 }, Buffer.from([0, 1, 2, 3]), Buffer.from([0, 1, 2, 3])],
  [{ kind: 'varbinary', length: 8000 }, Buffer.from([9]), Buffer.from([9])],
  [{ kind: 'varbinary', length: 'max' }, Buffer.alloc(70_000, 7), Buffer.alloc(70_000, 7)],
  [{ kind: 'rowversion' }, Buffer.from('00000000000007d1', 'hex'), Buffer.from('00000000000007d1', 'hex')],
  [{ kind: 'date' }, 0, new Date('0001-01-01T00:00:00Z')],
  [{ kind: 'date' }, 3652058, new Date('9999-12-31T00:00:00Z')],
  [{ kind: 'time', scale: 3 }, 450000000000n, new Date('1970-01-01T12:30:00Z')],
  [{ kind: 'smalldatetime' }, 44195 * 1440 + 61, new Date('2021-01-01T01:01:00Z')],
  [{ kind: 'datetime' }, -53690 * 25_920_000, new Date('1753-01-01T00:00:00Z')],
  [{ kind: 'datetime' }, 44195 * 25_920_000 + 1, new Date('2021-01-01T00:00:00.003Z')],
  [{ kind: 'datetime2', scale: 7 }, 637450560001230000n, new Date('2021-01-01T00:00:00.123Z')],
  [{ kind: 'datetime2', scale: 0 }, 637450560010000000n, new Date('2021-01-01T00:00:01Z')],
  [
    { kind: 'datetimeoffset', scale: 3 },
    { utc: 637450560001230000n, offset: -330 },
    new Date('2021-01-01T00:00:00.123Z'),
  ],
  [{ kind: 'uniqueidentifier' }, guid, guid],
  [{ kind: 'xml' }, '<a>ü</a>', '<a>ü</a>'],
  [{ kind: 'null' }, null, null],
];

const variants: readonly (readonly [SqlType, Exclude<Value, null>, unknown])[] = [
  [{ kind: 'int' }, 5, 5],
  [{ kind: 'bigint' }, 5n, '5'],
  [{ kind: 'bit' }, true, true],
  [{ kind: 'numeric', precision: 10, scale: 2 }, 1234n, 12.34],
  [{ kind: 'nvarchar', length: 20 }, '日本', '日本'],
  [{ kind: 'varchar', length: 20 }, 'plain', 'plain'],
  [{ kind: 'datetime' }, 44195 * 25_920_000, new Date('2021-01-01T00:00:00Z')],
  [{ kind: 'date' }, 737790, new Date('2021-01-01T00:00:00Z')],
  [{ kind: 'datetime2', scale: 7 }, 637450560001230000n, new Date('2021-01-01T00:00:00.123Z')],
  [{ kind: 'varbinary', length: 10 }, Buffer.from([1, 2]), Buffer.from([1, 2])],
  [{ kind: 'uniqueidentifier' }, guid, guid],
  [{ kind: 'money' }, 12345n, 1.2345],
];

function nameOf({ kind, length, precision, scale }: SqlType): string {
  return [kind, length, precision, scale].filter((part) => part !== undefined).join(' ');
}

describe('a column of', () => {
  for (const [type, value, seen] of cases) {
    it(`${nameOf(type)} arrives whole, and as NULL`, async () => {
      await using fixture = await serverFor();
      fixture.engine.answerRows(
        'q',
        [column('v', type), column('after', { kind: 'int' })],
        [
          [value, 1],
          [null, 2],
        ],
      );
      await using pool = await poolOn(fixture.server);
      const { recordset } = await pool.request().query('q');
      expect(recordset.map((row) => row.after)).toEqual([1, 2]);
      expect(recordset[0].v).toEqual(seen);
      expect(recordset[1].v).toBeNull();
    });
  }

  for (const [type, value, seen] of variants) {
    it(`sql_variant holding ${nameOf(type)} arrives whole`, async () => {
      await using fixture = await serverFor();
      const columns = [column('v', { kind: 'sql_variant' }), column('after', { kind: 'int' })];
      fixture.engine.answerRows('q', columns, [
        [{ type, value } as Value, 1],
        [null, 2],
      ]);
      await using pool = await poolOn(fixture.server);
      const { recordset } = await pool.request().query('q');
      expect(recordset.map((row) => row.after)).toEqual([1, 2]);
      expect(recordset[0].v).toEqual(seen);
    });
  }
});

describe('what is written', () => {
  const dialect = dialectFor(0x74000004)!;
  const all = [
    ...cases,
    ...variants.map(
      ([type, value]) =>
        [{ kind: 'sql_variant' }, { type, value }, undefined] as unknown as (typeof cases)[number],
    ),
  ];
  for (const [type, value] of all.filter(([{ kind }]) => kind !== 'rowversion' && kind !== 'null')) {
    const inner = type.kind === 'sql_variant' ? ` of ${nameOf((value as { type: SqlType }).type)}` : '';
    it(`as ${nameOf(type)}${inner} is read back exactly`, () => {
      const form = columnForm(type, dialect);
      const out = new ByteWriter();
      form.writeTypeInfo(out);
      form.write(out, value);
      form.write(out, null);
      const reader = new ByteReader(out.shiftAll());
      const wire = readTypeInfo(reader, true);
      expect(wire.type.kind).toBe(type.kind);
      expect(wire.read(reader)).toEqual(value);
      expect(wire.read(reader)).toBeNull();
      expect(reader.remaining).toBe(0);
    });
  }
});

describe('a decimal in a sql_variant', () => {
  it('has 17 bytes whatever its precision: Microsoft.Data.SqlClient waits for all of them', () => {
    const out = new ByteWriter();
    const value = { type: { kind: 'numeric', precision: 9, scale: 2 }, value: -1234n } as const;
    columnForm({ kind: 'sql_variant' }, dialectFor(0x74000004)!).write(out, value);
    expect(out.shiftAll().toString('hex')).toBe(`150000006c02090200d2040000${'00'.repeat(12)}`);
  });
});

describe('a parameter of', () => {
  const parameters: readonly (readonly [
    string,
    mssql.ISqlType | (() => mssql.ISqlType),
    unknown,
    SqlType,
    Value,
  ])[] = [
    ['bit', mssql.Bit, false, { kind: 'bit' }, false],
    ['tinyint', mssql.TinyInt, 200, { kind: 'tinyint' }, 200],
    ['smallint', mssql.SmallInt, -5, { kind: 'smallint' }, -5],
    ['int', mssql.Int, -70000, { kind: 'int' }, -70000],
    ['bigint', mssql.BigInt, '9007199254740993', { kind: 'bigint' }, 9007199254740993n],
    ['decimal', mssql.Decimal(18, 4), -12.5, { kind: 'decimal', precision: 18, scale: 4 }, -125000n],
    ['numeric', mssql.Numeric(32, 2), 12.25, { kind: 'numeric', precision: 32, scale: 2 }, 1225n],
    ['money', mssql.Money, -12.25, { kind: 'money' }, -122500n],
    ['smallmoney', mssql.SmallMoney, 3.5, { kind: 'smallmoney' }, 35000n],
    ['float', mssql.Float, 0.1, { kind: 'float' }, 0.1],
    ['real', mssql.Real, 0.5, { kind: 'real' }, 0.5],
    ['varchar', mssql.VarChar(10), 'äö€', { kind: 'varchar', length: 10 }, 'äö€'],
    ['char', mssql.Char(4), 'abcd', { kind: 'char', length: 4 }, 'abcd'],
    ['nvarchar', mssql.NVarChar(10), '日本', { kind: 'nvarchar', length: 10 }, '日本'],
    ['nchar', mssql.NChar(4), 'abcd', { kind: 'nchar', length: 4 }, 'abcd'],
    [
      'nvarchar(max)',
      mssql.NVarChar(mssql.MAX),
      'x'.repeat(9000),
      { kind: 'nvarchar', length: 'max' },
      'x'.repeat(9000),
    ],
    [
      'varchar(max)',
      mssql.VarChar(mssql.MAX),
      'ä'.repeat(9000),
      { kind: 'varchar', length: 'max' },
      'ä'.repeat(9000),
    ],
    [
      'varbinary',
      mssql.VarBinary(10),
      Buffer.from([1, 2]),
      { kind: 'varbinary', length: 10 },
      Buffer.from([1, 2]),
    ],
    [
      'varbinary(max)',
      mssql.VarBinary(mssql.MAX),
      Buffer.alloc(9000, 3),
      { kind: 'varbinary', length: 'max' },
      Buffer.alloc(9000, 3),
    ],
    ['binary', mssql.Binary, Buffer.from([1, 2]), { kind: 'binary', length: 2 }, Buffer.from([1, 2])],
    ['text', mssql.Text, 'tä', { kind: 'text' }, 'tä'],
    ['image', mssql.Image, Buffer.from([5]), { kind: 'image' }, Buffer.from([5])],
    ['date', mssql.Date, new Date('2021-01-01T00:00:00Z'), { kind: 'date' }, 737790],
    ['time', mssql.Time(3), new Date('1970-01-01T12:30:00Z'), { kind: 'time', scale: 3 }, 450000000000n],
    [
      'smalldatetime',
      mssql.SmallDateTime,
      new Date('2021-01-01T01:01:00Z'),
      { kind: 'smalldatetime' },
      44195 * 1440 + 61,
    ],
    ['datetime', mssql.DateTime, new Date('1753-01-01T00:00:00Z'), { kind: 'datetime' }, -53690 * 25_920_000],
    [
      'datetime2',
      mssql.DateTime2(7),
      new Date('2021-01-01T00:00:00.123Z'),
      { kind: 'datetime2', scale: 7 },
      637450560001230000n,
    ],
    [
      'datetimeoffset',
      mssql.DateTimeOffset(3),
      new Date('2021-01-01T00:00:00.123Z'),
      { kind: 'datetimeoffset', scale: 3 },
      { utc: 637450560001230000n, offset: 0 },
    ],
    ['uniqueidentifier', mssql.UniqueIdentifier, guid, { kind: 'uniqueidentifier' }, guid],
    ['xml', mssql.Xml, '<a/>', { kind: 'nvarchar', length: 'max' }, '<a/>'],
  ];
  for (const [name, type, given, expectedType, expected] of parameters) {
    it(`${name} reaches the engine, and as NULL`, async () => {
      await using fixture = await serverFor();
      await using pool = await poolOn(fixture.server);
      await pool.request().input('a', type, given).input('b', type, null).query('q');
      const call = fixture.engine.calls.at(-1)!;
      expect(call.procedure).toBe('sp_executesql');
      const found = call.parameters.slice(2) as RpcParameter[];
      expect(found.map((parameter) => parameter.name)).toEqual(['@a', '@b']);
      expect(found[0]).toMatchObject({ isOutput: false, isDefault: false });
      expect(found[0]?.type.kind).toBe(expectedType.kind);
      expect(found[0]?.value).toEqual(expected);
      expect(found[1]?.value).toBeNull();
      if (name !== 'xml' && name !== 'binary') expect(found[0]?.type).toEqual(expectedType);
    });
  }

  it('a table type is refused by name, and the connection goes on', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    const table = new mssql.Table('dbo.T');
    table.columns.add('a', mssql.Int);
    table.rows.add(1);
    await expect(pool.request().input('t', table).execute('p')).rejects.toMatchObject({
      number: 50100,
      message: 'Practice server: a table-valued parameter is not supported here.',
    });
    expect((await pool.request().query('SELECT 1;')).recordset).toHaveLength(1);
  });

  it('50 MB goes there and back', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server, { encrypt: true });
    const big = Buffer.alloc(50_000_000, 'practice');
    const returned = await callWithOutput(connection, big);
    expect(Buffer.compare(returned, big)).toBe(0);
    const call = fixture.engine.calls.at(-1)!;
    expect(Buffer.compare(call.parameters[0]?.value as Buffer, big)).toBe(0);
    fixture.engine.answerRows('big', [column('v', { kind: 'varbinary', length: 'max' })], [[big]]);
    const [row] = await runBatch(connection, 'big');
    expect(Buffer.compare(row?.[0] as Buffer, big)).toBe(0);
    connection.close();
  });
});

function callWithOutput(connection: Connection, value: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let returned: Buffer | undefined;
    const request = new Request('dbo.echo', (error) => {
      if (error || !returned) reject(error ?? new Error('nothing came back'));
      else resolve(returned);
    });
    request.addOutputParameter('v', TYPES.VarBinary, value, { length: Infinity });
    request.on('returnValue', (_name, back) => {
      returned = back as Buffer;
    });
    connection.callProcedure(request);
  });
}

describe('a column that is never NULL', () => {
  const dialect = dialectFor(0x74000004)!;
  const written = (type: SqlType, value: Value): string => {
    const out = new ByteWriter();
    const form = columnForm(type, dialect, false);
    form.writeTypeInfo(out);
    form.write(out, value);
    return out.shiftAll().toString('hex');
  };

  it('travels in the fixed type, without lengths: Microsoft.Data.SqlClient reads it no other way', () => {
    expect(written({ kind: 'int' }, 42)).toBe('382a000000');
    expect(written({ kind: 'bit' }, true)).toBe('3201');
    expect(written({ kind: 'bigint' }, 1n)).toBe('7f0100000000000000');
    expect(written({ kind: 'datetime' }, 1)).toBe('3d0000000001000000');
    expect(written({ kind: 'numeric', precision: 5, scale: 0 }, 1n)).toBe('6c050500050101000000');
    expect(() => written({ kind: 'int' }, null)).toThrow('the engine gave NULL as a value of int');
  });

  it('arrives at tedious like any other', async () => {
    await using fixture = await serverFor();
    for (const [type, value, expected] of cases.filter(([{ kind }]) => kind !== 'null')) {
      fixture.engine.answerRows('q', [{ name: 'a', type, isNullable: false }], [[value]]);
      const connection = await connectTedious(fixture.server);
      expect(await runBatch(connection, 'q')).toEqual([[expected]]);
      connection.close();
    }
  });
});
