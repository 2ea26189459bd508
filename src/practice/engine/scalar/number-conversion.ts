/** Conversions into the number types. Each function returns a conversion for one pair of types. */

import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { parseFloatText } from './float-text.ts';
import {
  divideRounding,
  fits,
  parseScaled,
  rescale,
  scaledFromDouble,
  scaledText,
  scaledToDouble,
} from './numeric.ts';
import { cannotConvert, overflow, textIsNot } from './scalar-errors.ts';
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

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  bigint: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};
const moneyRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  smallmoney: [-2_147_483_648n, 2_147_483_647n],
  money: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

/** True when a whole number is inside an integer type's range. */
export const isInRange = (value: bigint, kind: string): boolean => {
  const range = ranges[kind];
  return range === undefined || (value >= range[0] && value <= range[1]);
};

/** The stored form of a whole number in an integer type; `fail` makes the error when it does not fit. */
function storeInteger(value: bigint, to: SqlType, fail: () => SqlError): Value {
  if (to.kind === 'bit') return value !== 0n;
  if (!isInRange(value, to.kind)) throw fail();
  return to.kind === 'bigint' ? value : Number(value);
}

function storeMoney(value: bigint, to: SqlType, fail: () => SqlError): bigint {
  const [low, high] = moneyRanges[to.kind] ?? [0n, 0n];
  if (value < low || value > high) throw fail();
  return value;
}

/** Any stored integer as a bigint. */
const wholeOf = (value: NotNull): bigint =>
  typeof value === 'bigint'
    ? value
    : typeof value === 'boolean'
      ? value
        ? 1n
        : 0n
      : BigInt(value as number);

/** 220 for the small integers, 8115 for the others. */
const integerOverflow = (value: bigint, to: SqlType, from: SqlType): SqlError => {
  if (to.kind === 'tinyint' || to.kind === 'smallint')
    return new SqlError(
      220,
      `Arithmetic overflow error for data type ${to.kind}, value = ${value}.`,
      16,
      to.kind === 'tinyint' ? 2 : 1,
    );
  return overflow(to, isDecimal(from) ? typeName(from) : 'expression');
};

/** The conversion from `from` into the number type `to`; undefined when this module knows none. */
export function toNumber(from: SqlType, to: SqlType): Conversion | undefined {
  if (isInteger(to)) return toInteger(from, to);
  if (isDecimal(to)) return toDecimal(from, to);
  if (isMoney(to)) return toMoney(from, to);
  if (isApproximate(to)) return toApproximate(from, to);
  return undefined;
}

function toInteger(from: SqlType, to: SqlType): Conversion | undefined {
  if (isInteger(from)) {
    const widths = ['bit', 'tinyint', 'smallint', 'int'];
    const isWidening = widths.indexOf(from.kind) >= 0 && widths.indexOf(from.kind) <= widths.indexOf(to.kind);
    if (isWidening && from.kind !== 'bit') return (value) => value;
    if (to.kind === 'bigint') return wholeOf;
    return (value) => {
      const whole = wholeOf(value);
      return storeInteger(whole, to, () => integerOverflow(whole, to, from));
    };
  }
  if (isDecimal(from)) {
    const unit = 10n ** BigInt(scaleOf(from));
    if (to.kind === 'bit') return (value) => value !== 0n;
    return (value) => {
      const whole = (value as bigint) / unit;
      return storeInteger(whole, to, () => overflow(to, typeName(from), 1));
    };
  }
  if (isMoney(from)) {
    if (to.kind === 'bit') return (value) => value !== 0n;
    return (value) => {
      const whole = divideRounding(value as bigint, 10_000n);
      return storeInteger(whole, to, () => integerOverflow(whole, to, from));
    };
  }
  if (isApproximate(from)) {
    if (to.kind === 'bit') return (value) => value !== 0;
    return (value) => {
      const number = value as number;
      const fail = (): SqlError =>
        to.kind === 'bigint'
          ? overflow(to)
          : new SqlError(
              232,
              `Arithmetic overflow error for type ${to.kind}, value = ${number.toFixed(6)}.`,
              16,
              to.kind === 'int' ? 3 : to.kind === 'smallint' ? 2 : 1,
            );
      if (!Number.isFinite(number)) throw fail();
      return storeInteger(BigInt(Math.trunc(number)), to, fail);
    };
  }
  if (isCharacter(from)) return (value) => integerOfText(value as string, from, to);
  if (from.kind === 'datetime' || from.kind === 'smalldatetime') {
    const perDay = from.kind === 'datetime' ? UNITS_PER_DAY : 1440;
    return (value) => {
      const days = BigInt(Math.floor((value as number) / perDay + 0.5));
      return storeInteger(days, to, () => integerOverflow(days, to, from));
    };
  }
  if (isBinary(from)) return (value) => integerOfBytes(value as Uint8Array, to);
  return undefined;
}

function integerOfText(text: string, from: SqlType, to: SqlType): Value {
  const trimmed = text.trim();
  if (to.kind === 'bit') {
    const word = trimmed.toLowerCase();
    if (word === 'true') return true;
    if (word === 'false') return false;
  }
  if (!/^[+-]?\d*$/.test(trimmed) || trimmed === '-' || trimmed === '+')
    throw to.kind === 'bigint' ? cannotConvert(from, to) : textIsNot(text, from, to);
  if (trimmed === '') return storeInteger(0n, to, () => overflow(to));
  return storeInteger(BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed), to, () =>
    textOverflow(text, from, to),
  );
}

function textOverflow(text: string, from: SqlType, to: SqlType): SqlError {
  if (to.kind === 'bigint') return overflow(to, 'expression');
  if (to.kind === 'int')
    return new SqlError(
      248,
      `The conversion of the ${typeName(from)} value '${text}' overflowed an int column.`,
    );
  const size = to.kind === 'tinyint' ? 'INT1' : 'INT2';
  return new SqlError(
    244,
    `The conversion of the ${typeName(from)} value '${text}' overflowed an ${size} column. Use a larger integer column.`,
  );
}

const sizes: Readonly<Record<string, number>> = { bit: 1, tinyint: 1, smallint: 2, int: 4, bigint: 8 };

/** The last bytes, big-endian; int and wider are signed. */
function integerOfBytes(data: Uint8Array, to: SqlType): Value {
  const size = sizes[to.kind] ?? 4;
  if (to.kind === 'bit') return data.some((byte) => byte !== 0);
  let value = 0n;
  for (const byte of data.subarray(Math.max(0, data.length - size))) value = (value << 8n) | BigInt(byte);
  if (to.kind !== 'tinyint') value = BigInt.asIntN(size * 8, value);
  return storeInteger(value, to, () => overflow(to));
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
          235,
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

/** The text of a money value: style 0 two digits, 1 with commas, 2 and 126 four digits; undefined = no such style. */
export function moneyText(value: bigint, style: number): string | undefined {
  switch (style) {
    case 0:
      return scaledText(rescale(value, 4, 2), 2);
    case 1:
      return scaledText(rescale(value, 4, 2), 2).replace(/\B(?=(\d{3})+\.)/g, ',');
    case 2:
    case 126:
      return scaledText(value, 4);
    default:
      return undefined;
  }
}
