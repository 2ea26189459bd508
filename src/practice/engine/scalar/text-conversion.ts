/** Conversions into the character types. */

import { Refusal, SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { decodeCodePage, toCodePage } from './codepage.ts';
import { dateText } from './date-styles.ts';
import { floatText } from './float-text.ts';
import { type Conversion, moneyText } from './number-conversion.ts';
import { scaledText } from './numeric.ts';
import { cannotConvert, invalidStyle, overflow } from './scalar-errors.ts';
import { momentOf } from './temporal.ts';
import {
  isApproximate,
  isBinary,
  isCharacter,
  isDecimal,
  isFixedCharacter,
  isInteger,
  isMoney,
  isTemporal,
  isUnicode,
  lengthOf,
  scaleOf,
  typeName,
} from './type-facts.ts';

type NotNull = Exclude<Value, null>;

/** The text in the length of the type: cut off or padded with blanks. */
export function fitText(text: string, to: SqlType): string {
  const length = lengthOf(to);
  if (length === 'max') return text;
  if (text.length > length) return text.slice(0, length);
  return isFixedCharacter(to) ? text.padEnd(length, ' ') : text;
}

/** The conversion of `from` into the character type `to`. */
export function toCharacter(from: SqlType, to: SqlType, style: number | undefined): Conversion | undefined {
  const limit = lengthOf(to);
  if (isCharacter(from)) {
    const isNarrowing = isUnicode(from) && !isUnicode(to);
    const fromLimit = lengthOf(from);
    const isKept = !isFixedCharacter(to) && (limit === 'max' || (fromLimit !== 'max' && fromLimit <= limit));
    if (isKept) return isNarrowing ? (value) => toCodePage(value as string) : (value) => value;
    return isNarrowing
      ? (value) => fitText(toCodePage(value as string), to)
      : (value) => fitText(value as string, to);
  }
  if (isBinary(from)) return binaryText(to, style);
  const write = writer(from, style);
  if (!write) return undefined;
  return (value) => {
    const text = write(value);
    if (limit !== 'max' && text.length > limit) return tooLong(text, value, from, to);
    return fitText(text, to);
  };
}

/** The whole text of a value, whatever the length of the target. */
function writer(from: SqlType, style: number | undefined): ((value: NotNull) => string) | undefined {
  if (from.kind === 'bit') return (value) => (value === true ? '1' : '0');
  if (isInteger(from)) return (value) => String(value);
  if (isDecimal(from)) {
    const scale = scaleOf(from);
    return (value) => scaledText(value as bigint, scale);
  }
  if (isMoney(from)) return (value) => moneyText(value as bigint, style ?? 0);
  if (isApproximate(from))
    return (value) => checkedStyle(floatText(value as number, style ?? 0), style, from);
  if (isTemporal(from)) return (value) => dateText(momentOf(value, from), from, style);
  if (from.kind === 'uniqueidentifier') return (value) => value as string;
  return undefined;
}

function checkedStyle(text: string | undefined, style: number | undefined, from: SqlType): string {
  if (text === undefined) throw invalidStyle(style ?? 0, from);
  return text;
}

/** What happens to a text longer than its target depends on the type it came from. */
function tooLong(text: string, value: NotNull, from: SqlType, to: SqlType): Value {
  if (isTemporal(from)) return fitText(text, to);
  if (from.kind === 'tinyint' || from.kind === 'smallint' || from.kind === 'int' || from.kind === 'bit') {
    if (!isUnicode(to)) return fitText('*', to);
    throw overflow(to);
  }
  if (isMoney(from))
    throw new SqlError(
      234,
      `There is insufficient result space to convert a money value to ${typeName(to)}.`,
      16,
      2,
    );
  if (isApproximate(from))
    throw new SqlError(
      232,
      `Arithmetic overflow error for type ${typeName(to)}, value = ${(value as number).toFixed(6)}.`,
      16,
      2,
    );
  if (from.kind === 'uniqueidentifier')
    throw new SqlError(8170, 'Insufficient result space to convert uniqueidentifier value to char.', 16, 2);
  throw overflow(to, isDecimal(from) ? typeName(from) : 'expression', 5);
}

function binaryText(to: SqlType, style: number | undefined): Conversion {
  const prefix = style === 1 ? '0x' : '';
  if (style === 1 || style === 2)
    return (value) => {
      const limit = lengthOf(to);
      const text =
        prefix +
        Buffer.from(value as Uint8Array)
          .toString('hex')
          .toUpperCase();
      if (limit === 'max' || text.length <= limit) return fitText(text, to);
      // Only whole bytes are shown when the target is too short.
      return fitText(text.slice(0, limit - ((limit - prefix.length) % 2)), to);
    };
  if (style !== undefined && style !== 0) {
    const source: SqlType = { kind: 'varbinary' };
    return () => {
      throw invalidStyle(style, source);
    };
  }
  return isUnicode(to)
    ? (value) => fitText(Buffer.from(value as Uint8Array).toString('utf16le'), to)
    : (value) => fitText(decodeCodePage(value as Uint8Array), to);
}

/** The bytes that '0x4A6B' (style 1) or '4A6B' (style 2) write. Throws 8114. */
export function bytesOfHex(text: string, style: 1 | 2, from: SqlType, to: SqlType): Buffer {
  const trimmed = text.trimEnd();
  const digits = style === 1 ? trimmed.replace(/^0x/i, '') : trimmed;
  if (
    (style === 1 && digits.length === trimmed.length) ||
    digits.length % 2 === 1 ||
    !/^[0-9a-f]*$/i.test(digits)
  )
    throw cannotConvert(from, to);
  return Buffer.from(digits, 'hex');
}

/** Refuses what has a stored form that this server does not know. */
export const refuseBinaryForm = (from: SqlType): Refusal =>
  new Refusal(`the binary form of ${typeName(from)}`, 'is not supported here');
