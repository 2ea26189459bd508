import fc from 'fast-check';

/** A column of a test's table and T-SQL literals of its values. */
export type Typed = { readonly type: string; readonly literal: fc.Arbitrary<string> };

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

function decimal(precision: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n;
  return fc.oneof(fc.bigInt(-most, most), fc.constantFrom(most, -most, 1n, -1n, 0n)).map((units) => {
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
  });
}

const integer = (bits: number): fc.Arbitrary<string> => {
  const most = 2n ** BigInt(bits - 1) - 1n;
  return fc.oneof(fc.bigInt(-most - 1n, most), fc.constantFrom(most, -most - 1n)).map(String);
};

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const day = (from: number, to: number) =>
  fc.tuple(
    fc.integer({ min: from, max: to }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  );
const dateText = ([year, month, date]: readonly [number, number, number]): string =>
  `${pad(year, 4)}-${pad(month)}-${pad(date)}`;
const time = (digits: number) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 59 }),
      fc.oneof(fc.integer({ min: 0, max: 10 ** digits - 1 }), fc.constant(10 ** digits - 1)),
    )
    .map(
      ([hour, minute, second, part]) =>
        `${pad(hour)}:${pad(minute)}:${pad(second)}${digits === 0 ? '' : `.${pad(part, digits)}`}`,
    );
const moment = (from: number, digits: number) =>
  fc.tuple(day(from, 9999).map(dateText), time(digits)).map(([date, at]) => `'${date}T${at}'`);

/** Any UTF-16, unpaired surrogates and NUL included: a column may hold them. */
const wide = (units: number) =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x20, 0x41, 0x2019)), {
      maxLength: units,
    })
    .map((codes) => `CAST(${hex(new Uint8Array(Uint16Array.from(codes).buffer))} AS nvarchar(max))`);
const astral = fc.constantFrom("N'\u{1F600}\u{1F3EA}'", "N' trailing  '", "N''", "N'a'", "N'A'");
const narrow = (letters: string, length: number) =>
  fc
    .array(fc.constantFrom(...letters), { maxLength: length })
    .map((text) => `N'${text.join('').replaceAll("'", "''")}'`);
const western = "abcXYZ äöüßéñ€’„ '0";
const cyrillic = "абвЯЖщ№ abc'0";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
const scientific = (value: number): string => (value === 0 ? '0e0' : value.toExponential(16));

export const types: readonly Typed[] = [
  { type: 'numeric(32, 16)', literal: fc.oneof(decimal(32, 16), fc.constant('1844.68')) },
  { type: 'numeric(38, 0)', literal: decimal(38, 0) },
  { type: 'numeric(9, 2)', literal: decimal(9, 2) },
  { type: 'decimal(19, 4)', literal: decimal(19, 4) },
  { type: 'numeric(28, 12)', literal: decimal(28, 12) },
  {
    type: 'money',
    literal: fc.oneof(decimal(18, 4), fc.constantFrom('-922337203685477.5808', '922337203685477.5807')),
  },
  { type: 'smallmoney', literal: fc.oneof(decimal(9, 4), fc.constantFrom('-214748.3648', '214748.3647')) },
  { type: 'bigint', literal: integer(64) },
  { type: 'int', literal: integer(32) },
  { type: 'smallint', literal: integer(16) },
  { type: 'tinyint', literal: fc.integer({ min: 0, max: 255 }).map(String) },
  { type: 'bit', literal: fc.constantFrom('0', '1') },
  { type: 'datetime', literal: fc.oneof(moment(1753, 3), fc.constant("'2012-12-31T23:59:59.997'")) },
  { type: 'smalldatetime', literal: day(1900, 2078).map((date) => `'${dateText(date)}T23:59:00'`) },
  { type: 'date', literal: day(1, 9999).map((date) => `'${dateText(date)}'`) },
  { type: 'time(7)', literal: time(7).map((text) => `'${text}'`) },
  { type: 'time(0)', literal: time(0).map((text) => `'${text}'`) },
  { type: 'datetime2(7)', literal: moment(1, 7) },
  { type: 'datetime2(2)', literal: moment(1, 2) },
  {
    type: 'datetimeoffset(7)',
    literal: fc
      .tuple(day(2, 9998).map(dateText), time(7), fc.integer({ min: -14 * 60, max: 14 * 60 }))
      .map(([date, at, offset]) => {
        const minutes = Math.abs(offset);
        return `'${date} ${at} ${offset < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}'`;
      }),
  },
  {
    type: 'float',
    literal: fc.oneof(finite, fc.constantFrom(0.1, 1 / 3, 1.7976931348623157e308)).map(scientific),
  },
  {
    type: 'real',
    literal: fc
      .oneof(
        finite.map((value) => value % 1e30),
        fc.constant(0.1),
      )
      .map((value) => scientific(Math.fround(value))),
  },
  { type: 'uniqueidentifier', literal: fc.uuid().map((text) => `'${text}'`) },
  { type: 'varbinary(50)', literal: fc.uint8Array({ maxLength: 50 }).map(hex) },
  { type: 'varbinary(max)', literal: fc.uint8Array({ maxLength: 300 }).map(hex) },
  { type: 'binary(8)', literal: fc.uint8Array({ minLength: 8, maxLength: 8 }).map(hex) },
  { type: 'nvarchar(20)', literal: fc.oneof(wide(20), astral) },
  { type: 'nvarchar(max)', literal: fc.oneof(wide(300), astral) },
  {
    type: 'nchar(5)',
    literal: fc.oneof(
      wide(5),
      astral.filter((text) => text.length < 8),
    ),
  },
  { type: 'varchar(20) COLLATE Latin1_General_CI_AS', literal: narrow(western, 20) },
  { type: 'varchar(20) COLLATE Cyrillic_General_CI_AS', literal: narrow(cyrillic, 20) },
  { type: 'varchar(max) COLLATE Latin1_General_CI_AS', literal: narrow(western, 300) },
  { type: 'char(5) COLLATE Cyrillic_General_CI_AS', literal: narrow(cyrillic, 5) },
];
