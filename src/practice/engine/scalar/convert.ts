/** Conversion of values between types. */

import { Refusal } from '../extension.ts';
import type { SqlType, Value, Variant } from '../types.ts';
import { fitBytes, toBinary, toGuid } from './binary-conversion.ts';
import { toCodePage } from './codepage.ts';
import { trimEndBlanks } from './collation.ts';
import { conversionRule } from './conversion-rules.ts';
import { toTemporal } from './date-conversion.ts';
import { type Conversion, toNumber } from './number-conversion.ts';
import { explicitForbidden, implicitForbidden, truncated, typeClash } from './scalar-errors.ts';
import type { DateSettings } from './scope.ts';
import { fitText, toCharacter } from './text-conversion.ts';
import { isBinary, isCharacter, isNumber, isTemporal, isUnicode, lengthOf, typeName } from './type-facts.ts';

export type ConvertOptions = {
  /** True for CAST and CONVERT, false where the engine converts by itself. */
  readonly explicit: boolean;
  /** The style of CONVERT. */
  readonly style?: number;
  /** For the DATEFORMAT of texts that are dates; mdy without it. */
  readonly session?: DateSettings;
};

/** A conversion of values, NULL included. */
export type Converter = (value: Value) => Value;

/** True when the types differ in nothing but their collation. */
export const isSameType = (from: SqlType, to: SqlType): boolean =>
  from.kind === to.kind &&
  from.length === to.length &&
  from.precision === to.precision &&
  from.scale === to.scale;

/**
 * The conversion between two types, checked once. Throws 206, 257 or 529 when it is not allowed; the returned
 * function throws 220, 232, 235, 241, 242, 244, 245, 248, 281, 8114, 8115, ... when a value does not convert.
 */
export function converter(from: SqlType, to: SqlType, options: ConvertOptions): Converter {
  const rule = conversionRule(from, to);
  if (rule === 'none') throw options.explicit ? explicitForbidden(from, to) : typeClash(from, to);
  if (rule === 'explicit' && !options.explicit) throw implicitForbidden(from, to);
  if (from.kind === 'null') return () => null;
  if (isSameType(from, to)) return (value) => value;
  const conversion = conversionOf(from, to, options);
  return (value) => (value === null ? null : conversion(value));
}

function conversionOf(from: SqlType, to: SqlType, options: ConvertOptions): Conversion {
  if (to.kind === 'sql_variant') return (value) => ({ type: from, value: value as Variant['value'] });
  if (from.kind === 'sql_variant')
    return (value) => {
      const variant = value as Variant;
      return convert(variant.value, variant.type, to, options);
    };
  const found = isNumber(to)
    ? toNumber(from, to)
    : isCharacter(to)
      ? toCharacter(from, to, options.style)
      : isTemporal(to)
        ? toTemporal(from, to, options.style, options.session)
        : isBinary(to)
          ? toBinary(from, to, options.style)
          : to.kind === 'uniqueidentifier'
            ? toGuid(from)
            : undefined;
  if (!found) throw new Refusal(`conversion from ${typeName(from)} to ${typeName(to)}`);
  return found;
}

/** Converts one value; `converter` is the faster way for many. */
export function convert(value: Value, from: SqlType, to: SqlType, options: ConvertOptions): Value {
  return converter(from, to, options)(value);
}

/**
 * The conversion of a value that is stored in a column: implicit rules, and 8152 where text or bytes would be cut
 * off. Trailing blanks are cut off in silence.
 */
export function storeConverter(from: SqlType, to: SqlType, session?: DateSettings): Converter {
  const limit = lengthOf(to);
  if (limit !== 'max' && isCharacter(from) && isCharacter(to)) {
    const isNarrowing = isUnicode(from) && !isUnicode(to);
    return (value) => {
      if (value === null) return null;
      const text = isNarrowing ? toCodePage(value as string) : (value as string);
      if (text.length > limit && trimEndBlanks(text).length > limit) throw truncated();
      return fitText(text, to);
    };
  }
  if (limit !== 'max' && isBinary(from) && isBinary(to)) {
    return (value) => {
      if (value === null) return null;
      const bytes = value as Uint8Array;
      if (bytes.length > limit) throw truncated();
      return fitBytes(bytes, to);
    };
  }
  return converter(from, to, session ? { explicit: false, session } : { explicit: false });
}
