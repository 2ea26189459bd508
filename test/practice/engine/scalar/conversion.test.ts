import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SqlError } from '../../../../src/practice/engine/extension.ts';
import { calendarDay, daysOf, LAST_DAY } from '../../../../src/practice/engine/scalar/calendar.ts';
import { convert, storeConverter } from '../../../../src/practice/engine/scalar/index.ts';
import { parseScaled, scaledText } from '../../../../src/practice/engine/scalar/numeric.ts';
import type { SqlType, Value } from '../../../../src/practice/engine/types.ts';
import { testSession, value } from './evaluate.ts';

const numberOf = (work: () => unknown): number => {
  try {
    work();
  } catch (error) {
    return (error as SqlError).number;
  }
  return 0;
};
const errorOf = (text: string): number => numberOf(() => value(text));

describe('text to numbers', () => {
  test.each([
    ["cast(' 12 ' as int)", 12],
    ["cast('' as int)", 0],
    ["cast('-.5' as float)", -0.5],
    ["cast('true' as bit)", true],
    ["cast('$1,234.56' as money)", 12_345_600n],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
  test.each([
    ["cast('1.5' as int)", 245],
    ["cast('abc' as bigint)", 8114],
    ["cast('40000' as smallint)", 244],
    ["cast('3000000000' as int)", 248],
    ["cast('1e3' as numeric(9,2))", 8114],
    ["cast('1.2.3' as real)", 8114],
  ])('%s fails with %i', (text, number) => expect(errorOf(text)).toBe(number));
});

describe('numbers to text', () => {
  test.each([
    ['cast(12345 as varchar(3))', '*'],
    ['cast(0.000123456789e0 as varchar(30))', '0.000123457'],
    ['cast(1234567e0 as varchar(30))', '1.23457e+006'],
    ['convert(varchar(40), 0.1e0, 3)', '1.0000000000000001e-001'],
    ['convert(varchar(20), $1234567.8915, 1)', '1,234,567.89'],
    ['cast(-0.5 as varchar(10))', '-0.5'],
  ])('%s is %s', (text, expected) => expect(value(text)).toBe(expected));
  test('numeric text that does not fit is an error', () =>
    expect(errorOf('cast(123.45 as varchar(3))')).toBe(8115));
});

describe('between numbers', () => {
  test('numeric and float cut off towards int, money rounds', () => {
    expect(value('cast(1.9 as int)')).toBe(1);
    expect(value('cast(-1.9e0 as int)')).toBe(-1);
    expect(value('cast($1.5 as int)')).toBe(2);
  });
  test.each([
    ['cast(256 as tinyint)', 220],
    ['cast(3000000000 as int)', 8115],
    ['cast(999.995 as numeric(5,2))', 8115],
    ['cast(1e10 as smallint)', 232],
  ])('%s fails with %i', (text, number) => expect(errorOf(text)).toBe(number));
  test('every amount survives its own text', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
        fc.integer({ min: 0, max: 38 }),
        (amount, scale) => {
          expect(parseScaled(scaledText(amount, scale), scale)).toBe(amount);
        },
      ),
    );
  });
});

describe('dates', () => {
  test('datetime rounds to thirds of a hundredth of a second', () => {
    const shown = (text: string) => value(`convert(varchar(30), cast('${text}' as datetime), 121)`);
    expect(shown('2020-01-01T00:00:00.001')).toBe('2020-01-01 00:00:00.000');
    expect(shown('2020-01-01T00:00:00.005')).toBe('2020-01-01 00:00:00.007');
    expect(shown('2020-12-31T23:59:59.999')).toBe('2021-01-01 00:00:00.000');
  });
  test('follow DATEFORMAT, except the ISO forms and the newer types', () => {
    const session = testSession({ dateFormat: 'dmy' });
    expect(value("convert(varchar(10), cast('05/03/2020' as datetime), 120)", session)).toBe('2020-03-05');
    expect(value("convert(varchar(10), cast('2020-03-05' as datetime), 120)", session)).toBe('2020-05-03');
    expect(value("convert(varchar(10), cast('2020-03-05' as date), 120)", session)).toBe('2020-03-05');
    expect(value("convert(varchar(10), cast('20200305' as datetime), 120)", session)).toBe('2020-03-05');
  });
  test.each([
    ["cast('5 Mar 2020 2:07PM' as datetime2(0))", '2020-03-05 14:07:00'],
    ["cast('March 5, 2020' as datetime2(0))", '2020-03-05 00:00:00'],
    ["cast('1/2/49' as datetime2(0))", '2049-01-02 00:00:00'],
    ["cast('1/2/50' as datetime2(0))", '1950-01-02 00:00:00'],
    ["cast('2020-03-05T14:07:09.5Z' as datetimeoffset(1))", '2020-03-05 14:07:09.5 +00:00'],
    ["cast('2020-03-05 14:07:09 -05:30' as datetimeoffset(0))", '2020-03-05 14:07:09 -05:30'],
  ])('%s reads as %s', (text, expected) => expect(value(`cast(${text} as varchar(40))`)).toBe(expected));
  test.each([
    ["cast('20200230' as datetime)", 242],
    ["cast('20200230' as date)", 241],
    ["cast('abc' as datetime)", 241],
    ["cast('17521231' as datetime)", 242],
    ["cast('2020-01-01 10:00:00.1234' as datetime)", 241],
    ['cast(5 as date)', 529],
    ['convert(varchar(30), getdate(), 999)', 281],
    ['convert(varchar(30), getdate(), 130)', 50100],
  ])('%s fails with %i', (text, number) => expect(errorOf(text)).toBe(number));
  test('every day of the calendar is its own day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_DAY }), (days) => {
        const { year, month, day } = calendarDay(days);
        expect(daysOf(year, month, day)).toBe(days);
      }),
    );
  });
});

describe('bytes', () => {
  test.each([
    ['cast(0x0102 as int)', 258],
    ['cast(0xFFFFFFFF as int)', -1],
    ['convert(varchar(20), 0x4A6B, 1)', '0x4A6B'],
    ["cast(cast(N'日本é' as varchar(10)) as nvarchar(10))", '??é'],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
  test('numbers are big-endian and keep their last bytes', () => {
    expect(value('cast(258 as varbinary(8))')).toEqual(Buffer.from('00000102', 'hex'));
    expect(value('cast(258 as binary(2))')).toEqual(Buffer.from('0102', 'hex'));
  });
  test('hexadecimal text of an odd length is no binary', () =>
    expect(errorOf("convert(varbinary(10), '4A6', 2)")).toBe(8114));
});

describe('what does not convert by itself', () => {
  const implicitly = (from: SqlType, to: SqlType) =>
    numberOf(() => convert(null as Value, from, to, { explicit: false }));
  test('says so before any value is seen', () => {
    expect(implicitly({ kind: 'varchar', length: 3 }, { kind: 'varbinary', length: 3 })).toBe(257);
    expect(implicitly({ kind: 'int' }, { kind: 'date' })).toBe(206);
    expect(implicitly({ kind: 'datetime' }, { kind: 'int' })).toBe(257);
  });
});

describe('storing in a column', () => {
  const store = (text: string, to: SqlType) => storeConverter({ kind: 'nvarchar', length: 100 }, to)(text);
  test('refuses text that is too long, but not its trailing blanks', () => {
    expect(numberOf(() => store('abcd', { kind: 'varchar', length: 3 }))).toBe(8152);
    expect(store('abc   ', { kind: 'varchar', length: 3 })).toBe('abc');
  });
  test('pads fixed lengths', () => expect(store('ab', { kind: 'char', length: 4 })).toBe('ab  '));
  test('rounds numeric in silence', () =>
    expect(
      storeConverter(
        { kind: 'numeric', precision: 9, scale: 4 },
        { kind: 'numeric', precision: 5, scale: 2 },
      )(12_345n),
    ).toBe(123n));
});
