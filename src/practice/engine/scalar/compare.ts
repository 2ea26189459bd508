/** Order and equality of two values of one type. */

import { Refusal } from '../extension.ts';
import type { DateTimeOffset, SqlType, Value } from '../types.ts';
import { collationOf } from './collation.ts';
import { compareGuids } from './guid.ts';
import { isBinary, isCharacter, typeName } from './type-facts.ts';

type NotNull = Exclude<Value, null>;

/** Bytes compare as unsigned; missing bytes count as zero. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const compareSimple = (left: NotNull, right: NotNull): number => (left < right ? -1 : left > right ? 1 : 0);

/** Compares two values that are not null; negative, zero, positive. Text by the type's collation. */
export function comparer(type: SqlType): (left: NotNull, right: NotNull) => number {
  if (isCharacter(type)) {
    const collation = collationOf(type.collation);
    return (left, right) => (left === right ? 0 : collation.compare(left as string, right as string));
  }
  if (isBinary(type)) return (left, right) => compareBytes(left as Uint8Array, right as Uint8Array);
  if (type.kind === 'uniqueidentifier') return (left, right) => compareGuids(left as string, right as string);
  if (type.kind === 'datetimeoffset')
    return (left, right) => compareSimple((left as DateTimeOffset).utc, (right as DateTimeOffset).utc);
  if (type.kind === 'sql_variant' || type.kind === 'xml')
    throw new Refusal(`comparing values of type ${typeName(type)}`);
  return compareSimple;
}

/** Orders two values of a type; NULL comes first and equals NULL, as in ORDER BY. */
export function compare(left: Value, right: Value, type: SqlType): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  return comparer(type)(left, right);
}

/** A key that equal values of the type share and others do not, for hashing. NULL has none. */
export function equalityKeyOf(type: SqlType): (value: NotNull) => string | number | bigint {
  if (isCharacter(type)) {
    const collation = collationOf(type.collation);
    return (value) => collation.key(value as string);
  }
  if (isBinary(type))
    return (value) => {
      const bytes = value as Uint8Array;
      let end = bytes.length;
      while (end > 0 && bytes[end - 1] === 0) end -= 1;
      return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
    };
  if (type.kind === 'datetimeoffset') return (value) => (value as DateTimeOffset).utc;
  if (type.kind === 'sql_variant' || type.kind === 'xml')
    throw new Refusal(`comparing values of type ${typeName(type)}`);
  if (type.kind === 'bit') return (value) => (value === true ? 1 : 0);
  return (value) => value as string | number | bigint;
}

/** The key of one value; NULL has a key of its own, for grouping. */
export function equalityKey(value: Value, type: SqlType): string | number | bigint {
  return value === null ? '\0null' : equalityKeyOf(type)(value);
}
