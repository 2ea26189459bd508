import { describe, expect, test } from 'vitest';
import type { SqlError } from '../../../../src/practice/engine/extension.ts';
import { compiledOf, run, value } from './evaluate.ts';

const typeOf = (text: string) => compiledOf(text).type;
const errorOf = (text: string): number => {
  try {
    value(text);
  } catch (error) {
    return (error as SqlError).number;
  }
  return 0;
};

describe('integers', () => {
  test('divide and take the remainder towards zero', () => {
    expect(value('7 / -2')).toBe(-3);
    expect(value('(-7) % 3')).toBe(-1);
  });
  test('have the wider type of the two', () => {
    expect(typeOf('cast(1 as tinyint) + cast(2 as smallint)').kind).toBe('smallint');
    expect(typeOf('cast(1 as int) * cast(2 as bigint)').kind).toBe('bigint');
  });
  test('overflow and divide by zero only when they run', () => {
    expect(errorOf('2147483647 + 1')).toBe(8115);
    expect(errorOf('cast(255 as tinyint) + cast(1 as tinyint)')).toBe(8115);
    expect(errorOf('1 / 0')).toBe(8134);
    expect(value('case when 1 = 1 then 5 else 1 / 0 end')).toBe(5);
  });
  test('of type bit do not add up', () => expect(errorOf('cast(1 as bit) + cast(1 as bit)')).toBe(402));
});

describe('numeric', () => {
  test('follows the rules of precision and scale, cut to 38 digits', () => {
    const pair = (operator: string) => `cast(1 as numeric(32,16)) ${operator} cast(3 as numeric(32,16))`;
    expect(typeOf(pair('+'))).toMatchObject({ precision: 33, scale: 16 });
    expect(typeOf(pair('*'))).toMatchObject({ precision: 38, scale: 6 });
    expect(typeOf(pair('/'))).toMatchObject({ precision: 38, scale: 6 });
    expect(typeOf(pair('%'))).toMatchObject({ precision: 32, scale: 16 });
  });
  test('rounds products and cuts off quotients', () => {
    expect(value('cast(cast(1.0000007 as numeric(32,16)) * cast(1 as numeric(32,16)) as varchar(60))')).toBe(
      '1.000001',
    );
    expect(value('cast(cast(2 as numeric(32,16)) / cast(3 as numeric(32,16)) as varchar(60))')).toBe(
      '0.666666',
    );
  });
  test('counts an integer literal by its own digits, a variable as ten', () => {
    expect(typeOf('cast(1 as numeric(5,1)) * 2')).toMatchObject({ precision: 7, scale: 1 });
    expect(run('declare @i int = 2; select cast(1 as numeric(5,1)) * @i').sets[0]!.types[0]).toMatchObject({
      precision: 16,
      scale: 1,
    });
  });
  test('keeps every digit of 38', () =>
    expect(value('cast(99999999999999999999999999999999999999 as varchar(60))')).toBe('9'.repeat(38)));
});

describe('money', () => {
  test('cuts off quotients at four digits', () =>
    expect(value('cast($100 / $339 as numeric(10,4))')).toBe(2949n));
  test('becomes numeric beside numeric', () =>
    expect(typeOf('$1 * cast(2 as numeric(5,2))')).toMatchObject({ precision: 25, scale: 6 }));
});

describe('dates', () => {
  test('of the older types add numbers of days', () =>
    expect(value("convert(varchar(30), cast('20200301' as datetime) + 1.5, 121)")).toBe(
      '2020-03-02 12:00:00.000',
    ));
  test('of the newer types do not', () => {
    expect(errorOf("cast('20200101' as date) + 1")).toBe(206);
    expect(errorOf("cast('20200101' as date) - cast('20200101' as date)")).toBe(8117);
  });
});

describe('text', () => {
  test('adds its lengths', () => {
    expect(typeOf("cast('a' as varchar(3)) + N'bc'")).toMatchObject({ kind: 'nvarchar', length: 5 });
    expect(typeOf("cast('a' as varchar(max)) + 'b'")).toMatchObject({ kind: 'varchar', length: 'max' });
  });
  test('beside a number is a number', () => {
    expect(value("'1' + 1")).toBe(2);
    expect(errorOf("'n=' + 5")).toBe(245);
  });
  test('is cut at 8000 bytes unless one side is max', () =>
    expect(value("datalength(replicate('a', 5000) + replicate('b', 5000))")).toBe(8000));
});
