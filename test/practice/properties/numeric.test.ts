import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  bigInt,
  constantFrom,
  integer,
  oneof,
  property,
  tuple,
} from 'fast-check';
import { expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, checkOptions } from '../campaign.ts';
import { startEngine } from '../engine/client.ts';
import { compiledOf, frameOf, testSession } from '../engine/scalar/evaluate.ts';
import {
  compare,
  cutTo,
  type Decimal,
  fitsIn,
  formOf,
  type Operator,
  plus,
  rational,
  resultOf,
  roundTo,
  textOf,
  worthOf,
} from './rational.ts';

const ten = (exponent: number): bigint => 10n ** BigInt(exponent);

/** Decimals of all forms; many are small, many as wide as they can be. */
const decimals: Arbitrary<Decimal> = integer({ min: 1, max: 38 }).chain((precision) =>
  tuple(
    integer({ min: 0, max: precision }),
    oneof(
      bigInt({ min: -(ten(precision) - 1n), max: ten(precision) - 1n }),
      bigInt({ min: -9n, max: 9n }),
      constantFrom(
        0n,
        ten(precision) - 1n,
        -(ten(precision) - 1n),
        ten(precision) / 2n,
        5n * ten(precision - 1),
      ),
    ),
  ).map(([scale, digits]) => ({ precision, scale, digits })),
);
const operators = constantFrom<Operator>('+', '-', '*', '/', '%');

const written = (value: Decimal): string =>
  `cast('${textOf(value)}' as numeric(${value.precision},${value.scale}))`;

/** Type and value of an expression, or the number of its error. */
const evaluate = (text: string): { form: string; value: unknown } | { error: number } => {
  const session = testSession();
  try {
    const { type, evaluate: run } = compiledOf(text, session);
    return { form: `${type.precision},${type.scale ?? 0}`, value: run(frameOf(session)) };
  } catch (problem) {
    const { number } = problem as { number?: number };
    if (number === undefined) throw problem;
    return { error: number };
  }
};
const whole = (text: string): unknown => {
  const result = evaluate(text);
  return 'error' in result ? result : result.value;
};

test(
  'sums, products and quotients have the documented type and the exact value',
  () => {
    assert(
      property(operators, decimals, decimals, (operator, a, b) => {
        const expected = resultOf(operator, a, b);
        const { precision, scale } = formOf(operator, a, b);
        const answer = evaluate(`${written(a)} ${operator} ${written(b)}`);
        if (typeof expected === 'bigint')
          expect(answer).toEqual({ form: `${precision},${scale}`, value: expected });
        else expect(answer).toEqual(expected);
      }),
      checkOptions('numeric operators', 3_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  "a whole number beside a decimal is one of its type's digits",
  () => {
    const integers = constantFrom(
      ['tinyint', 3, 0n, 255n],
      ['smallint', 5, -32_768n, 32_767n],
      ['int', 10, -2_147_483_648n, 2_147_483_647n],
      ['bigint', 19, -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
    ).chain(([kind, precision, min, max]) =>
      bigInt({ min: min as bigint, max: max as bigint }).map((digits) => ({
        kind: String(kind),
        decimal: { digits, precision: Number(precision), scale: 0 },
      })),
    );
    assert(
      property(operators, integers, decimals, (operator, { kind, decimal }, other) => {
        const answer = evaluate(`cast('${decimal.digits}' as ${kind}) ${operator} ${written(other)}`);
        const expected = resultOf(operator, decimal, other);
        const { precision, scale } = formOf(operator, decimal, other);
        if (typeof expected === 'bigint')
          expect(answer).toEqual({ form: `${precision},${scale}`, value: expected });
        else expect(answer).toEqual(expected);
      }),
      checkOptions('integers beside decimals', 1_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'a conversion between decimals rounds halves away from zero, and says when the digits do not suffice',
  () => {
    assert(
      property(decimals, decimals, (from, { precision, scale }) => {
        const digits = roundTo(worthOf(from), scale);
        expect(whole(`cast(${written(from)} as numeric(${precision},${scale}))`)).toEqual(
          fitsIn(digits, precision) ? digits : { error: 8115 },
        );
      }),
      checkOptions('numeric to numeric', 2_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'a conversion to a whole number cuts the fraction off',
  () => {
    assert(
      property(decimals, (from) => {
        const digits = cutTo(worthOf(from), 0);
        const isBig = BigInt.asIntN(64, digits) === digits;
        expect(whole(`cast(${written(from)} as bigint)`)).toEqual(isBig ? digits : { error: 8115 });
        const isInt = BigInt.asIntN(32, digits) === digits;
        expect(whole(`cast(${written(from)} as int)`)).toEqual(isInt ? Number(digits) : { error: 8115 });
      }),
      checkOptions('numeric to integer', 1_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'the text of a decimal has all of its digits, and reads back',
  () => {
    assert(
      property(decimals, (value) => {
        expect(whole(`cast(${written(value)} as varchar(41))`)).toBe(textOf(value));
      }),
      checkOptions('numeric to text', 1_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'decimals are compared by what they are worth, whatever their scales',
  () => {
    assert(
      property(decimals, decimals, constantFrom('<', '<=', '=', '>=', '>', '<>'), (a, b, sign) => {
        const order = compare(worthOf(a), worthOf(b));
        const holds = {
          '<': order < 0,
          '<=': order <= 0,
          '=': order === 0,
          '>=': order >= 0,
          '>': order > 0,
          '<>': order !== 0,
        };
        expect(whole(`case when ${written(a)} ${sign} ${written(b)} then 1 else 0 end`)).toBe(
          holds[sign] ? 1 : 0,
        );
      }),
      checkOptions('numeric comparisons', 1_500),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'ROUND keeps the type: it rounds or cuts, and overflows where a carry has no place',
  () => {
    assert(
      property(decimals, integer({ min: -40, max: 40 }), constantFrom(0, 1), (value, places, cuts) => {
        const exact = worthOf(value);
        const kept = Math.min(places, value.scale);
        const at = (scale: number): bigint => (cuts === 1 ? cutTo(exact, scale) : roundTo(exact, scale));
        const digits =
          kept >= 0
            ? at(kept) * ten(value.scale - kept)
            : (cuts === 1
                ? cutTo(rational(exact.top, exact.bottom * ten(-kept)), 0)
                : roundTo(rational(exact.top, exact.bottom * ten(-kept)), 0)) *
              ten(-kept) *
              ten(value.scale);
        const answer = evaluate(`round(${written(value)}, ${places}, ${cuts})`);
        const form = `${value.precision},${value.scale}`;
        expect(answer).toEqual(fitsIn(digits, value.precision) ? { form, value: digits } : { error: 8115 });
      }),
      checkOptions('ROUND', 1_500),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'FLOOR, CEILING, ABS and SIGN',
  () => {
    assert(
      property(decimals, (value) => {
        const exact = worthOf(value);
        const cut = cutTo(exact, 0);
        const isWhole = cut * exact.bottom === exact.top;
        const floor = isWhole || exact.top >= 0n ? cut : cut - 1n;
        const sql = (call: string): unknown => whole(`cast(${call}(${written(value)}) as varchar(50))`);
        const read = (text: unknown): string => String(text).replace(/\.0+$/, '').replace(/^-0$/, '0');
        expect(read(sql('floor'))).toBe(String(floor));
        expect(read(sql('ceiling'))).toBe(String(isWhole ? cut : floor + 1n));
        expect(sql('abs')).toBe(
          textOf({ ...value, digits: value.digits < 0n ? -value.digits : value.digits }),
        );
        expect(read(sql('sign'))).toBe(value.digits === 0n ? '0' : value.digits < 0n ? '-1' : '1');
      }),
      checkOptions('FLOOR and its kin', 600),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'SUM is exact in 38 digits, and AVG cut off at no fewer than six',
  async () => {
    const { connect } = startEngine();
    const client = await connect();
    const { seed, numRuns } = checkOptions('SUM and AVG', 150);
    await assert(
      asyncProperty(
        decimals,
        array(bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), { minLength: 1, maxLength: 8 }),
        async (like, raw) => {
          const digits = raw.map((each) => each % ten(like.precision));
          const values = digits.map((each) => written({ ...like, digits: each }));
          const { sets, errors } = await client.run(
            `select cast(sum(x) as varchar(50)), cast(avg(x) as varchar(50)) from (values ${values.map((v) => `(${v})`).join(', ')}) v (x)`,
          );
          expect(errors).toEqual([]);
          const sum = digits.reduce(
            (total, each) => plus(total, worthOf({ ...like, digits: each })),
            rational(0n),
          );
          const averageScale = Math.max(6, like.scale);
          const average = cutTo(rational(sum.top, sum.bottom * BigInt(digits.length)), averageScale);
          if (!fitsIn(average, 38)) return;
          expect(sets[0]?.rows[0]).toEqual([
            textOf({ digits: roundTo(sum, like.scale), scale: like.scale }),
            textOf({ digits: average, scale: averageScale }),
          ]);
        },
      ),
      { seed, numRuns },
    );
  },
  CAMPAIGN_TIMEOUT,
);
