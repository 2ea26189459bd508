import { describe, expect, test } from 'vitest';
import { aggregates } from '../../../../src/practice/engine/scalar/index.ts';
import type { SqlType, Value } from '../../../../src/practice/engine/types.ts';

function over(name: string, type: SqlType, values: readonly Value[], separator: Value = null): Value {
  const accumulator = aggregates.get(name)!.bind([type]).start();
  for (const value of values) accumulator.add(value, separator);
  return accumulator.finish();
}
const typeOf = (name: string, type: SqlType) => aggregates.get(name)!.bind([type]).type;

describe('aggregates', () => {
  test('leave NULLs out', () => {
    expect(over('COUNT', { kind: 'int' }, [1, null, 2])).toBe(2);
    expect(over('SUM', { kind: 'int' }, [null, 5, 6])).toBe(11);
    expect(over('AVG', { kind: 'int' }, [1, 2, null])).toBe(1);
  });
  test('of nothing are NULL, counts are 0', () => {
    expect(over('SUM', { kind: 'int' }, [])).toBe(null);
    expect(over('COUNT_BIG', { kind: 'int' }, [])).toBe(0n);
    expect(over('STDEV', { kind: 'float' }, [5])).toBe(null);
  });
  test('have wider types than their arguments', () => {
    expect(typeOf('SUM', { kind: 'numeric', precision: 10, scale: 2 })).toMatchObject({
      precision: 38,
      scale: 2,
    });
    expect(typeOf('AVG', { kind: 'numeric', precision: 10, scale: 2 })).toMatchObject({
      precision: 38,
      scale: 6,
    });
    expect(typeOf('SUM', { kind: 'tinyint' }).kind).toBe('int');
  });
  test('overflow the type of their result', () =>
    expect(() => over('SUM', { kind: 'int' }, [2_147_483_647, 1])).toThrow(/Arithmetic overflow/));
  test('refuse types without sums or order', () => {
    expect(() => aggregates.get('SUM')!.bind([{ kind: 'varchar', length: 3 }])).toThrow(/invalid for sum/);
    expect(() => aggregates.get('MAX')!.bind([{ kind: 'bit' }])).toThrow(/invalid for max/);
  });
  test('find extremes by the collation', () => {
    const type: SqlType = { kind: 'varchar', length: 10 };
    expect(over('MIN', type, ['pear', 'Apple', 'zoo'])).toBe('Apple');
    expect(over('MAX', type, ['pear', 'Apple', 'zoo'])).toBe('zoo');
  });
  test('join texts with their separator', () =>
    expect(over('STRING_AGG', { kind: 'varchar', length: 10 }, ['a', null, 'b'], ', ')).toBe('a, b'));
});
