import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collationOf,
  compare,
  compileCondition,
  equalityKey,
} from '../../../../src/practice/engine/scalar/index.ts';
import { likePattern } from '../../../../src/practice/engine/scalar/like.ts';
import type { Value } from '../../../../src/practice/engine/types.ts';
import { parseBatch } from '../../../../src/practice/language/parser.ts';
import { frameOf, scopeOf, testSession, value } from './evaluate.ts';

const holds = (condition: string): boolean => value(`case when ${condition} then 1 else 0 end`) === 1;

describe('texts', () => {
  test.each(["'abc' = 'ABC'", "'abc' = 'abc   '", "N'É' = N'é'", "'a' < 'B'", "'9' < 'a'", "'abc' <> 'abd'"])(
    '%s',
    (condition) => expect(holds(condition)).toBe(true),
  );
  test.each([
    "N'é' = N'e'",
    "'abc' = 'ABC' collate Latin1_General_CS_AS",
    "'abc' = 'ABC' collate Latin1_General_BIN2",
  ])('not %s', (condition) => expect(holds(condition)).toBe(false));
  test('an unknown collation is an error, one of another alphabet is refused', () => {
    expect(() => value("'a' collate Nonsense")).toThrow(/Invalid collation/);
    expect(() => value("'a' collate Japanese_CI_AS")).toThrow(
      /^Practice server: the collation Japanese_CI_AS/,
    );
  });
  test('have one key exactly when they compare as equal', () => {
    const type = { kind: 'nvarchar', length: 20 } as const;
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', 'é', 'É', 'ß', ' ', '-', '_', '\0', '0'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(compare(left, right, type) === 0).toBe(equalityKey(left, type) === equalityKey(right, type));
        expect(Math.sign(compare(left, right, type))).toBe(-Math.sign(compare(right, left, type)) + 0);
      }),
    );
  });
});

describe('other types', () => {
  test('uniqueidentifiers are ordered by their last group', () =>
    expect(
      holds(
        "cast('FFFFFFFF-0000-0000-0000-000000000001' as uniqueidentifier) < cast('00000000-0000-0000-0000-000000000002' as uniqueidentifier)",
      ),
    ).toBe(true));
  test('offsets do not count in the comparison of instants', () =>
    expect(
      holds(
        "cast('2020-03-05 14:00 +02:00' as datetimeoffset) = cast('2020-03-05 12:00 +00:00' as datetimeoffset)",
      ),
    ).toBe(true));
  test('numerics of different scale compare exactly', () => expect(holds('1.10 = 1.1000000000')).toBe(true));
});

describe('NULL', () => {
  test.each([
    'null = null',
    'not (null = 1)',
    '1 in (2, null)',
    '1 not in (2, null)',
    "null like 'a'",
    'null between 1 and 2',
  ])('%s is unknown', (condition) => expect(holds(condition)).toBe(false));
  test('does not hide what is decided without it', () => {
    expect(holds('1 = 1 or null = 1')).toBe(true);
    expect(holds('0 not between 1 and null')).toBe(true);
    expect(holds('1 in (1, null)')).toBe(true);
  });
});

describe('IN and quantifiers over a subquery', () => {
  const holdsOver = (condition: string, values: readonly Value[]): boolean | null => {
    const session = testSession();
    const scope = {
      ...scopeOf(session),
      columnSubquery: () => ({ type: { kind: 'int' } as const, values: () => values }),
    };
    const [statement] = parseBatch(`select 1 where ${condition}`).statements;
    if (statement?.kind !== 'query' || statement.query.body.kind !== 'select') throw new Error('no query');
    return compileCondition(statement.query.body.where!, scope)(frameOf(session));
  };
  test.each([
    ['2 in (select 1)', [1, 2], true],
    ['3 in (select 1)', [1, 2], false],
    ['3 in (select 1)', [1, null], null],
    ['3 not in (select 1)', [1, null], null],
    ['null in (select 1)', [], false],
    ["'2' in (select 1)", [1, 2], true],
    ['2.0 in (select 1)', [1, 2], true],
    ['3 > all (select 1)', [1, 2], true],
    ['3 > all (select 1)', [1, null], null],
    ['1 > any (select 1)', [1, 2], false],
    ['1 > all (select 1)', [], true],
  ])('%s of %j is %s', (condition, values, expected) => expect(holdsOver(condition, values)).toBe(expected));
});

describe('LIKE', () => {
  test.each([
    ["'abc' like 'A_C'", true],
    ["'50%' like '50[%]'", true],
    ["'505' like '50[%]'", false],
    ["'50%' like '50!%' escape '!'", true],
    ["'b' like '[a-c]'", true],
    ["'d' like '[^a-c]'", true],
    ["'-' like '[-ac]'", true],
    ["'abc  ' like 'abc'", true],
    ["'abc' like 'abc '", false],
    ["N'abc ' like N'abc'", false],
    ["'a[b' like 'a[b'", false],
    ["'aXbXc' like '%X%X%'", true],
  ])('%s is %s', (condition, expected) => expect(holds(condition)).toBe(expected));
  test('agrees with a regular expression on plain wildcards', () => {
    const unit = fc.constantFrom('a', 'b', '%', '_');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }),
        (pattern, text) => {
          const expected = new RegExp(`^${pattern.replaceAll('%', '.*').replaceAll('_', '.')}$`).test(text);
          expect(likePattern(pattern, undefined, collationOf()).matches(text, false)).toBe(expected);
        },
      ),
    );
  });
});
