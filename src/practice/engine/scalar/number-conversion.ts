/** Conversions into the number types. Each function returns a conversion for one pair of types. */

import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { parseFloatText } from './float-text.ts';
import { toInteger, wholeOf } from './integer-conversion.ts';
import {
  divideRounding,
  fits,
  parseScaled,
  rescale,
  scaledFromDouble,
  scaledText,
  scaledToDouble,
} from './numeric.ts';
import { cannotConvert, overflow } from './scalar-errors.ts';
import { UNITS_PER_DAY } from './temporal.ts';
import {
  isApproximate,
  isBinary,
  isCharacter,
  isDecimal,
  isInteger,
  isMoney,
  precisionOf,
  scaleOf,
  typeName,
} from './type-facts.ts';

type NotNull = Exclude<Value, null>;
export type Conversion = (value: NotNull) => Value;

const moneyRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  smallmoney: [-2_147_483_648n, 2_147_483_647n],
  money: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

function storeMoney(value: bigint, to: SqlType, fail: () => SqlError): bigint {
  const [low, high] = moneyRanges[to.kind] ?? [0n, 0n];
  if (value < low || value > high) throw fail();
  return value;
}

/** The conversion from `from` into the number type `to`; undefined when this module knows none. */
export function toNumber(from: SqlType, to: SqlType): Conversion | undefined {
  if (isInteger(to)) return toInteger(from, to);
  if (isDecimal(to)) return toDecimal(from, to);
  if (isMoney(to)) return toMoney(from, to);
  if (isApproximate(to)) return toApproximate(from, to);
  return undefined;
}

function toDecimal(from: SqlType, to: SqlType): Conversion | undefined {
  const precision = precisionOf(to);
  const scale = scaleOf(to);
  const check = (value: bigint, state: number): bigint => {
    if (!fits(value, precision)) throw overflow(to, typeName(from), state);
    return value;
  };
  if (isInteger(from)) return (value) => check(wholeOf(value) * 10n ** BigInt(scale), 8);
  if (isDecimal(from) || isMoney(from)) {
    const fromScale = scaleOf(from);
    if (fromScale === scale && precisionOf(from) <= precision) return (value) => value;
    return (value) => check(rescale(value as bigint, fromScale, scale), 8);
  }
  if (isApproximate(from))
    return (value) => {
      const scaled = scaledFromDouble(value as number, scale);
      if (scaled === undefined) throw overflow(to, typeName(from), 6);
      return check(scaled, 6);
    };
  if (isCharacter(from))
    return (value) => {
      const scaled = parseScaled(value as string, scale);
      if (scaled === undefined) throw cannotConvert(from, to);
      return check(scaled, 8);
    };
  if (from.kind === 'datetime' || from.kind === 'smalldatetime')
    return (value) => check(datetimeAsScaled(value as number, from, scale), 8);
  return undefined;
}

/** Days since 1900-01-01 with their fraction. */
const datetimeAsScaled = (value: number, from: SqlType, scale: number): bigint => {
  const perDay = BigInt(from.kind === 'datetime' ? UNITS_PER_DAY : 1440);
  return divideRounding(BigInt(value) * 10n ** BigInt(scale), perDay);
};

function toMoney(from: SqlType, to: SqlType): Conversion | undefined {
  const store = (value: bigint): bigint =>
    storeMoney(value, to, () =>
      overflow(to, isApproximate(from) || isDecimal(from) ? typeName(from) : 'expression'),
    );
  if (isInteger(from)) return (value) => store(wholeOf(value) * 10_000n);
  if (isDecimal(from) || isMoney(from)) {
    const fromScale = scaleOf(from);
    return (value) => store(rescale(value as bigint, fromScale, 4));
  }
  if (isApproximate(from))
    return (value) => {
      const scaled = scaledFromDouble(value as number, 4);
      if (scaled === undefined) throw overflow(to, typeName(from));
      return store(scaled);
    };
  if (isCharacter(from))
    return (value) => {
      const scaled = parseMoney(value as string);
      if (scaled === undefined)
        throw new SqlError(
          to.kind === 'money' ? 235 : 293,
          `Cannot convert a char value to ${to.kind}. The char value has incorrect syntax.`,
          16,
          0,
        );
      return store(scaled);
    };
  if (from.kind === 'datetime' || from.kind === 'smalldatetime')
    return (value) => store(datetimeAsScaled(value as number, from, 4));
  if (isBinary(from))
    return (value) => {
      const bytes = value as Uint8Array;
      let number = 0n;
      for (const byte of bytes.subarray(Math.max(0, bytes.length - 8)))
        number = (number << 8n) | BigInt(byte);
      return store(BigInt.asIntN(64, number));
    };
  return undefined;
}

/** Reads '$1,234.56', '-12.5', '' (zero); undefined when it is no amount. */
export function parseMoney(text: string): bigint | undefined {
  const match = /^([+-]?)\s*[$£€¥¢]?\s*([+-]?)([\d,]*(?:\.\d*)?)$/.exec(text.trim());
  if (!match) return undefined;
  const digits = (match[3] ?? '').replaceAll(',', '');
  const value = digits === '' || digits === '.' ? 0n : parseScaled(digits, 4);
  if (value === undefined) return undefined;
  return (match[1] === '-') !== (match[2] === '-') ? -value : value;
}

function toApproximate(from: SqlType, to: SqlType): Conversion | undefined {
  const store = (value: number): number => {
    const stored = to.kind === 'real' ? Math.fround(value) : value;
    if (!Number.isFinite(stored))
      throw to.kind === 'real'
        ? new SqlError(232, `Arithmetic overflow error for type real, value = ${value.toFixed(6)}.`, 16, 2)
        : overflow(to, typeName(from));
    return stored;
  };
  if (isInteger(from)) return (value) => store(Number(value));
  if (isDecimal(from) || isMoney(from)) {
    const scale = scaleOf(from);
    return (value) => store(scaledToDouble(value as bigint, scale));
  }
  if (isApproximate(from)) return (value) => store(value as number);
  if (isCharacter(from))
    return (value) => {
      const number = parseFloatText(value as string);
      if (number === undefined) throw cannotConvert(from, to);
      return store(number);
    };
  if (from.kind === 'datetime') return (value) => store((value as number) / UNITS_PER_DAY);
  if (from.kind === 'smalldatetime') return (value) => store((value as number) / 1440);
  return undefined;
}

/**
 * The text of a money value: style 0 two digits, 2 and 126 four, and every other style two digits with commas
 * (observed on a server: https://github.com/babelfish-for-postgresql/babelfish_extensions/pull/4165).
 */
export function moneyText(value: bigint, style: number): string {
  if (style === 2 || style === 126) return scaledText(value, 4);
  const text = scaledText(rescale(value, 4, 2), 2);
  return style === 0 ? text : text.replace(/\B(?=(\d{3})+\.)/g, ',');
}
