/** Mathematical functions: https://learn.microsoft.com/sql/t-sql/functions/mathematical-functions-transact-sql */

import { SqlError } from '../../extension.ts';
import type { SqlType, Value } from '../../types.ts';
import { convert } from '../convert.ts';
import { fits, rescale, rescaleTruncating, tenTo } from '../numeric.ts';
import { invalidArgument, overflow } from '../scalar-errors.ts';
import {
  FLOAT,
  INT,
  isApproximate,
  isDecimal,
  isInteger,
  isMoney,
  isNumber,
  numeric,
  precisionOf,
  scaleOf,
} from '../type-facts.ts';
import { argument, type Binding, type ScalarFunction, strict, typeAt } from './definition.ts';

type NotNull = Exclude<Value, null>;

/** The type in which a function computes: small integers as int, texts as float. Throws 8116. */
function numberType(binding: Binding, name: string): SqlType {
  const from = typeAt(binding, 0);
  if (from.kind === 'null') return INT;
  if (from.kind === 'bigint') return from;
  if (isInteger(from)) return INT;
  if (from.kind === 'real') return FLOAT;
  if (isNumber(from)) return from.kind === 'smallmoney' ? { kind: 'money' } : from;
  if (from.kind === 'char' || from.kind === 'varchar' || from.kind === 'nchar' || from.kind === 'nvarchar')
    return FLOAT;
  throw invalidArgument(from, 1, name);
}

/** A function on the number's own type: one rule for whole numbers and scaled ones (as bigint), one for floats. */
function ofOwnType(
  name: string,
  exact: (value: bigint, scale: number) => bigint,
  float: (value: number) => number,
  resultType: (type: SqlType) => SqlType = (type) => type,
): ScalarFunction {
  return strict(name, 1, 1, (binding) => {
    const type = numberType(binding, name);
    const toNumber = argument(binding, 0, type);
    const result = resultType(type);
    if (isApproximate(type))
      return { type: result, compute: ([value = 0]) => float(toNumber(value) as number) };
    const scale = scaleOf(type);
    if (type.kind === 'int')
      return {
        type: result,
        compute: ([value = 0]) => intResult(exact(BigInt(toNumber(value) as number), 0)),
      };
    return { type: result, compute: ([value = 0n]) => exact(toNumber(value) as bigint, scale) };
  });
}

function intResult(value: bigint): number {
  if (BigInt.asIntN(32, value) !== value) throw overflow(INT);
  return Number(value);
}

const floorTo = (value: bigint, unit: bigint): bigint => {
  const cut = value / unit;
  return value < 0n && cut * unit !== value ? cut - 1n : cut;
};
/** numeric gives up its fraction; money stays money. */
const withoutFraction = (type: SqlType): SqlType => (isDecimal(type) ? numeric(precisionOf(type), 0) : type);

const abs = ofOwnType('ABS', (value) => (value < 0n ? -value : value), Math.abs);
const sign = ofOwnType(
  'SIGN',
  (value, scale) => (value > 0n ? tenTo(scale) : value < 0n ? -tenTo(scale) : 0n),
  Math.sign,
);

/** FLOOR and CEILING. `up` is the direction. */
const whole = (name: string, up: boolean): ScalarFunction =>
  strict(name, 1, 1, (binding) => {
    const type = numberType(binding, name);
    const toNumber = argument(binding, 0, type);
    const result = withoutFraction(type);
    const unit = tenTo(scaleOf(type));
    return {
      type: result,
      compute: ([value = 0]) => {
        const number = toNumber(value);
        if (typeof number === 'number') return up ? Math.ceil(number) + 0 : Math.floor(number);
        const floor = up ? -floorTo(-(number as bigint), unit) : floorTo(number as bigint, unit);
        return isMoney(type) ? floor * unit : floor;
      },
    };
  });

/** ROUND(number, digits [, cut]): keeps the type; 8115 when the result needs more digits than it has. */
const round = strict('ROUND', 2, 3, (binding) => {
  const type = numberType(binding, 'round');
  const toNumber = argument(binding, 0, type);
  const toDigits = argument(binding, 1, INT);
  const toCut = binding.types.length > 2 ? argument(binding, 2, INT) : undefined;
  const scale = scaleOf(type);
  return {
    type,
    compute: ([value = 0, digitsValue = 0, cutValue = 0]) => {
      const digits = toDigits(digitsValue) as number;
      const isCut = toCut !== undefined && toCut(cutValue) !== 0;
      const number = toNumber(value) as NotNull;
      if (isApproximate(type)) return roundFloat(number as number, digits, isCut);
      const exact = typeof number === 'bigint' ? number : BigInt(number as number);
      if (digits >= scale) return number;
      const result = roundScaled(exact, scale, digits, isCut);
      if (isDecimal(type) && !fits(result, precisionOf(type))) throw overflow(type);
      return typeof number === 'bigint' ? result : intResult(result);
    },
  };
});

function roundScaled(value: bigint, scale: number, digits: number, isCut: boolean): bigint {
  if (scale - digits > 60) return 0n;
  const change = isCut ? rescaleTruncating : rescale;
  // A scale below zero is a power of ten: both steps shift by the same number of digits.
  const shift = scale - digits;
  return change(value, shift, 0) * tenTo(shift);
}

function roundFloat(value: number, digits: number, isCut: boolean): number {
  const factor = 10 ** Math.abs(digits);
  if (!Number.isFinite(factor)) return digits > 0 ? value : 0;
  const scaled = Math.abs(digits >= 0 ? value * factor : value / factor);
  if (scaled > Number.MAX_SAFE_INTEGER) return value;
  const rounded = isCut ? Math.trunc(scaled) : Math.floor(scaled + 0.5);
  return Math.sign(value) * (digits >= 0 ? rounded / factor : rounded * factor) + 0;
}

const invalidOperation = (): SqlError => new SqlError(3623, 'An invalid floating point operation occurred.');

const checkedFloat = (value: number): number => {
  if (Number.isNaN(value)) throw invalidOperation();
  if (!Number.isFinite(value)) throw overflow(FLOAT);
  return value + 0;
};

/** A function of floats. */
const ofFloats = (
  name: string,
  count: 1 | 2,
  compute: (a: number, b: number) => number,
  least: number = count,
): ScalarFunction =>
  strict(name, least, count, (binding) => {
    const first = argument(binding, 0, FLOAT);
    const second = binding.types.length > 1 ? argument(binding, 1, FLOAT) : undefined;
    return {
      type: FLOAT,
      compute: ([a = 0, b = 0]) =>
        checkedFloat(compute(first(a) as number, second ? (second(b) as number) : Number.NaN)),
    };
  });

/** The type is that of the first argument: POWER(2, -1) is 0. */
const power = strict('POWER', 2, 2, (binding) => {
  const base = numberType(binding, 'power');
  const type = isDecimal(base) ? numeric(38, scaleOf(base)) : base;
  const toBase = argument(binding, 0, base);
  const toExponent = argument(binding, 1, FLOAT);
  return {
    type,
    compute: ([baseValue = 0, exponentValue = 0]) => {
      const number = toBase(baseValue) as NotNull;
      const exponent = toExponent(exponentValue) as number;
      if (isInteger(type) && Number.isInteger(exponent) && exponent >= 0 && exponent < 64) {
        const exact = BigInt(number as number | bigint) ** BigInt(exponent);
        if (type.kind === 'bigint' && BigInt.asIntN(64, exact) === exact) return exact;
        if (type.kind === 'int' && BigInt.asIntN(32, exact) === exact) return Number(exact);
      }
      const result = (convert(number, base, FLOAT, { explicit: true }) as number) ** exponent;
      if (Number.isNaN(result)) throw invalidOperation();
      if (!Number.isFinite(result)) throw overflow(type);
      return convert(result, FLOAT, type, { explicit: true });
    },
  };
});

/** DEGREES and RADIANS keep the type of their argument, integers included. */
const angle = (name: string, factor: number): ScalarFunction =>
  strict(name, 1, 1, (binding) => {
    const from = numberType(binding, name);
    const type = isDecimal(from) ? numeric(38, 18) : from;
    const toFloat = argument(binding, 0, FLOAT);
    return {
      type,
      compute: ([value = 0]) => convert((toFloat(value) as number) * factor, FLOAT, type, { explicit: true }),
    };
  });

const square = (value: number): number => value * value;
const positive = (value: number): number => {
  if (value <= 0) throw invalidOperation();
  return value;
};
const logarithm = (value: number, base: number): number =>
  Number.isNaN(base) ? Math.log(positive(value)) : Math.log(positive(value)) / Math.log(positive(base));

/** RAND() is one number for a whole statement. With a seed it is a pure function of it, as on the server; the numbers differ from the server's. */
const rand: ScalarFunction = {
  name: 'RAND',
  minArguments: 0,
  maxArguments: 1,
  isPure: false,
  bind: (binding) => {
    if (binding.types.length > 0) return seededRand(binding);
    let statement: Date | undefined;
    let number = 0;
    return {
      type: FLOAT,
      isNullable: false,
      evaluate: (_, { now }) => {
        // Each statement has an instant of its own, so a new one means a new number.
        if (now !== statement) number = Math.random();
        statement = now;
        return number;
      },
    };
  },
};

function seededRand(binding: Binding): ReturnType<ScalarFunction['bind']> {
  const toSeed = argument(binding, 0, INT);
  return {
    type: FLOAT,
    isNullable: false,
    evaluate: ([value = null]) => {
      const seed = toSeed(value) as number | null;
      return ((Math.imul((seed ?? 0) ^ 0x9e3779b9, 0x85ebca6b) >>> 0) + 0.5) / 4_294_967_296;
    },
  };
}

const pi: ScalarFunction = {
  name: 'PI',
  minArguments: 0,
  maxArguments: 0,
  isPure: true,
  bind: () => ({ type: FLOAT, isNullable: false, evaluate: () => Math.PI }),
};

export const mathFunctions: readonly ScalarFunction[] = [
  abs,
  sign,
  whole('FLOOR', false),
  whole('CEILING', true),
  round,
  power,
  angle('DEGREES', 180 / Math.PI),
  angle('RADIANS', Math.PI / 180),
  ofFloats('SQRT', 1, Math.sqrt),
  ofFloats('SQUARE', 1, square),
  ofFloats('EXP', 1, Math.exp),
  ofFloats('LOG', 2, logarithm, 1),
  ofFloats('LOG10', 1, (value) => Math.log10(positive(value))),
  ofFloats('SIN', 1, Math.sin),
  ofFloats('COS', 1, Math.cos),
  ofFloats('TAN', 1, Math.tan),
  ofFloats('COT', 1, (value) => 1 / Math.tan(value)),
  ofFloats('ASIN', 1, Math.asin),
  ofFloats('ACOS', 1, Math.acos),
  ofFloats('ATAN', 1, Math.atan),
  ofFloats('ATN2', 2, Math.atan2),
  rand,
  pi,
];
