/** Conversions into the integer types and bit. */

import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import type { Conversion } from './number-conversion.ts';
import { divideRounding } from './numeric.ts';
import { cannotConvert, overflow, textIsNot } from './scalar-errors.ts';
import { UNITS_PER_DAY } from './temporal.ts';
import {
  isApproximate,
  isBinary,
  isCharacter,
  isDecimal,
  isInteger,
  isMoney,
  scaleOf,
  typeName,
} from './type-facts.ts';

type NotNull = Exclude<Value, null>;

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  bigint: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
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

/** Any stored integer as a bigint. */
export const wholeOf = (value: NotNull): bigint =>
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

/** The conversion of `from` into the integer type `to`; undefined when there is none. */
export function toInteger(from: SqlType, to: SqlType): Conversion | undefined {
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
