import { describe, expect, test } from 'vitest';
import type { SqlError } from '../../../../src/practice/engine/extension.ts';
import {
  formatMessage,
  lookupFunction,
  registerFunctions,
} from '../../../../src/practice/engine/scalar/index.ts';
import { compiledOf, testSession, value } from './evaluate.ts';

const errorOf = (text: string): number => {
  try {
    value(text);
  } catch (error) {
    return (error as SqlError).number;
  }
  return 0;
};

describe('text functions', () => {
  test.each([
    ["len('abc  ')", 3],
    ["datalength(N'ab')", 4],
    ["substring('abcdef', 0, 3)", 'ab'],
    ["right('abc', 2)", 'bc'],
    ["replace('aAbB', 'a', 'x')", 'xxbB'],
    ["replace('aAbB' collate Latin1_General_BIN2, 'a', 'x')", 'xAbB'],
    ["stuff('abcdef', 2, 3, null)", 'aef'],
    ["charindex('B', 'abcabc', 3)", 5],
    ["patindex('%[0-9]%', 'abc7')", 4],
    ["quotename('a]b')", '[a]]b]'],
    ["quotename('abc', 'x')", null],
    ["concat('a', null, 2.50)", 'a2.50'],
    ["concat_ws(',', 'a', null, 'b')", 'a,b'],
    ['str(123.456, 8, 2)', '  123.46'],
    ['str(12345, 3)', '***'],
    ["parsename('[a.b].c', 2)", 'a.b'],
    ["translate('2*[3]', '[]', '()')", '2*(3)'],
    ["replicate('ab', -1)", null],
    ["upper(N'straße')", 'STRAßE'],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
  test('refuse lengths below zero and types without text', () => {
    expect(errorOf("left('abc', -1)")).toBe(537);
    expect(errorOf("right('abc', -1)")).toBe(536);
    expect(errorOf('substring(12345, 1, 2)')).toBe(8116);
  });
});

describe('mathematical functions', () => {
  test.each([
    ['cast(round(748.58, -1) as varchar(20))', '750.00'],
    ['cast(round(150.75, 0, 1) as varchar(20))', '150.00'],
    ['round(-2.567e0, 1)', -2.6],
    ['cast(ceiling(-1.2) as varchar(9))', '-1'],
    ['floor(-1.5e0)', -2],
    ['power(2, -1)', 0],
    ['radians(180)', 3],
    ['sign(-5)', -1],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
  test('overflow their type and refuse what has no result', () => {
    expect(errorOf('round(748.58, -3)')).toBe(8115);
    expect(errorOf('log(0)')).toBe(3623);
  });
});

describe('date functions', () => {
  test.each([
    ["convert(varchar(10), dateadd(month, 1, cast('2020-01-31' as date)), 120)", '2020-02-29'],
    ["datediff(year, '2019-12-31T23:59:59', '2020-01-01')", 1],
    ["datediff(week, '20200104', '20200105')", 1],
    ["datepart(iso_week, '20210103')", 53],
    ["datename(weekday, '20200305')", 'Thursday'],
    ["isdate('20210229')", 0],
    ["convert(varchar(10), eomonth('20200210'), 120)", '2020-02-29'],
    [
      "cast(switchoffset(cast('2020-03-05 14:00 +02:00' as datetimeoffset(0)), '-05:00') as varchar(40))",
      '2020-03-05 07:00:00 -05:00',
    ],
    ['convert(varchar(30), getdate(), 121)', '2020-03-05 14:07:09.123'],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
  test('weekdays follow DATEFIRST', () =>
    expect(value("datepart(weekday, '20200305')", testSession({ dateFirst: 1 }))).toBe(4));
  test.each([
    ["dateadd(foo, 1, '20200101')", 155],
    ["dateadd(hour, 1, cast('20200101' as date))", 9810],
    ["datediff(second, '19000101', '20200101')", 535],
    ['datefromparts(2021, 2, 29)', 289],
    ["dateadd(year, 9000, cast('20200101' as date))", 517],
  ])('%s fails with %i', (text, number) => expect(errorOf(text)).toBe(number));
});

describe('choices', () => {
  test('ISNULL has the type of its first argument, COALESCE the common one', () => {
    expect(value("isnull(cast(null as varchar(3)), 'longer')")).toBe('lon');
    expect(compiledOf("coalesce(cast(null as varchar(2)), N'xyz')").type).toMatchObject({
      kind: 'nvarchar',
      length: 3,
    });
  });
  test('evaluate only what they need', () => {
    expect(value('coalesce(1, 1 / 0)')).toBe(1);
    expect(value('nullif(7, 7)')).toBe(null);
  });
  test('TRY_CAST gives NULL for a value, an error for a pair of types', () => {
    expect(value("try_cast('abc' as int)")).toBe(null);
    expect(errorOf('try_cast(5 as date)')).toBe(529);
  });
});

describe('session functions', () => {
  test('read the session that runs', () => {
    const session = testSession({
      rowCount: 7n,
      caught: { number: 547, text: 'no', severity: 16, state: 0, line: 3, procedure: undefined },
    });
    expect(value('@@rowcount', session)).toBe(7);
    expect(value('error_number()', session)).toBe(547);
    expect(value('context_info()', session)).toBe(null);
    expect(value('xact_state()', session)).toBe(0);
  });
});

describe('hashes', () => {
  test('are those of the stored bytes', () => {
    expect(value("convert(varchar(40), hashbytes('MD5', 'abc'), 2)")).toBe(
      '900150983CD24FB0D6963F7D28E17F72',
    );
    expect(value("convert(varchar(40), hashbytes('MD5', N'abc'), 2)")).toBe(
      'CE1473CF80C6B3FDA8E3DFC006ADC315',
    );
  });
  test('with an unpublished algorithm are refused', () => expect(errorOf("checksum('abc')")).toBe(50100));
});

describe('calls', () => {
  test.each([
    ['foo(1)', 195],
    ["len('a', 'b')", 174],
    ["charindex('a')", 189],
    ['dbo.nosuch(1)', 4121],
    ["soundex('a')", 50100],
    ['sum(1)', 147],
  ])('%s fails with %i', (text, number) => expect(errorOf(text)).toBe(number));
  test('find the functions that the catalog adds', () => {
    registerFunctions([
      {
        name: 'TEST_ANSWER',
        minArguments: 0,
        maxArguments: 0,
        resultType: () => ({ kind: 'int' }),
        evaluate: () => 42,
      },
    ]);
    expect(lookupFunction('test_answer')?.name).toBe('TEST_ANSWER');
    expect(value('test_answer()')).toBe(42);
  });
});

describe('formatted messages', () => {
  const int = (number: number) => ({ type: { kind: 'int' } as const, value: number });
  const text = (content: string) => ({ type: { kind: 'varchar', length: 20 } as const, value: content });
  test.each([
    ['%s has %d', [text('a'), int(3)], 'a has 3'],
    ['[%10s][%-4s][%.2s]', [text('abc'), text('x'), text('abcdef')], '[       abc][x   ][ab]'],
    ['%05d %x %#X 100%%', [int(42), int(255), int(255)], '00042 ff 0XFF 100%'],
    ['%s', [], '(null)'],
    ['%*d', [int(5), int(7)], '    7'],
  ])('%s', (format, args, expected) => expect(formatMessage(format, args)).toBe(expected));
  test('refuse arguments of the wrong kind', () =>
    expect(() => formatMessage('%d', [text('a')])).toThrow(/substitution parameter 1/));
});
