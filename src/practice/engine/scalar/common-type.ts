/** The type that several expressions become together: CASE, COALESCE, UNION, comparisons. */

import { SqlError } from '../extension.ts';
import type { SqlType } from '../types.ts';
import { conversionRule } from './conversion-rules.ts';
import { implicitForbidden, typeClash } from './scalar-errors.ts';
import {
  INT,
  isBinary,
  isCharacter,
  isDecimal,
  isFixedCharacter,
  isInteger,
  isMoney,
  isUnicode,
  lengthOf,
  precisionOf,
  rank,
  scaleOf,
} from './type-facts.ts';

/** The type of highest precedence, wide enough for all. Throws 206 or 257 where one does not convert to it. All NULL: int. */
export function commonType(types: readonly SqlType[]): SqlType {
  let result: SqlType | undefined;
  for (const type of types) {
    if (type.kind === 'null') continue;
    result = result === undefined ? type : pairType(result, type);
  }
  return result ?? INT;
}

function pairType(left: SqlType, right: SqlType): SqlType {
  const [high, low] = rank(left.kind) <= rank(right.kind) ? [left, right] : [right, left];
  if (isCharacter(high) && isCharacter(low)) return characterPair(high, low);
  if (high.kind !== low.kind) {
    const rule = conversionRule(low, high);
    if (rule === 'none') throw typeClash(low, high);
    if (rule === 'explicit') throw implicitForbidden(low, high);
  }
  if (isDecimal(high) && (isDecimal(low) || isInteger(low) || isMoney(low))) return decimalPair(high, low);
  if (isBinary(high) && isBinary(low)) {
    if (high.kind === 'image' || high.kind === 'rowversion') return high;
    return { kind: high.kind, length: longer(lengthOf(high), lengthOf(low)) };
  }
  if (high.kind === 'datetime2' || high.kind === 'datetimeoffset' || high.kind === 'time')
    return low.kind === 'datetime' ||
      low.kind === high.kind ||
      low.kind === 'datetime2' ||
      low.kind === 'time'
      ? { kind: high.kind, scale: Math.max(scaleOf(high), scaleOf(low)) }
      : high;
  return high;
}

const longer = (left: number | 'max', right: number | 'max'): number | 'max' =>
  left === 'max' || right === 'max' ? 'max' : Math.max(left, right);

function characterPair(high: SqlType, low: SqlType): SqlType {
  const collation = mergeCollations(high.collation, low.collation);
  const facets = collation === undefined ? {} : { collation };
  if (high.kind === 'ntext' || high.kind === 'text') return { kind: high.kind, ...facets };
  const length = longer(lengthOf(high), lengthOf(low));
  const isFixed = isFixedCharacter(high) && isFixedCharacter(low) && length !== 'max';
  const isWide = isUnicode(high) || isUnicode(low);
  const kind = isWide ? (isFixed ? 'nchar' : 'nvarchar') : isFixed ? 'char' : 'varchar';
  const limit = isWide ? 4000 : 8000;
  return { kind, length: length === 'max' ? length : Math.min(length, limit), ...facets };
}

/** The collation of two together; undefined is a literal's or variable's, which gives way. Throws 468 on two different ones. */
export function mergeCollations(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined) return right;
  if (right === undefined || left.toLowerCase() === right.toLowerCase()) return left;
  throw new SqlError(
    468,
    `Cannot resolve the collation conflict between "${left}" and "${right}" in the equal to operation.`,
    16,
    9,
  );
}

function decimalPair(high: SqlType, low: SqlType): SqlType {
  const scale = Math.max(scaleOf(high), scaleOf(low));
  const whole = Math.max(precisionOf(high) - scaleOf(high), precisionOf(low) - scaleOf(low));
  const precision = Math.min(38, whole + scale);
  return { kind: 'numeric', precision, scale: Math.min(scale, Math.max(precision - whole, 0)) };
}
