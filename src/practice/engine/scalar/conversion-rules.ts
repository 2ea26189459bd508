/** Which types convert to which: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql#implicit-conversions */

import type { SqlType } from '../types.ts';
import {
  isApproximate,
  isBinary,
  isCharacter,
  isLegacyDate,
  isModernDate,
  isMoney,
  isNumber,
  isTemporal,
  isUnicode,
} from './type-facts.ts';

export type Permission = 'implicit' | 'explicit' | 'none';

const isLargeText = (type: SqlType): boolean => type.kind === 'text' || type.kind === 'ntext';

/** Whether a value of `from` becomes `to` by itself, only when written, or never. */
export function conversionRule(from: SqlType, to: SqlType): Permission {
  if (from.kind === to.kind || from.kind === 'null') return 'implicit';
  if (from.kind === 'sql_variant') return isLarge(to) ? 'none' : 'explicit';
  if (to.kind === 'sql_variant') return isLarge(from) || from.kind === 'rowversion' ? 'none' : 'implicit';
  if (isCharacter(from)) return fromCharacter(from, to);
  if (isNumber(from)) return fromNumber(from, to);
  if (isTemporal(from)) return fromTemporal(from, to);
  if (isBinary(from)) return fromBinary(from, to);
  if (from.kind === 'uniqueidentifier')
    return (isCharacter(to) && !isLargeText(to)) ||
      (isBinary(to) && to.kind !== 'image' && to.kind !== 'rowversion')
      ? 'implicit'
      : 'none';
  return 'none';
}

const isLarge = (type: SqlType): boolean =>
  isLargeText(type) || type.kind === 'image' || type.kind === 'xml' || type.length === 'max';

function fromCharacter(from: SqlType, to: SqlType): Permission {
  if (isLargeText(from)) return isCharacter(to) ? 'implicit' : 'none';
  if (isCharacter(to)) return 'implicit';
  if (isBinary(to)) {
    if (to.kind === 'image') return isUnicode(from) ? 'none' : 'implicit';
    return 'explicit';
  }
  return isNumber(to) || isTemporal(to) || to.kind === 'uniqueidentifier' ? 'implicit' : 'none';
}

function fromNumber(from: SqlType, to: SqlType): Permission {
  if (isNumber(to)) return 'implicit';
  if (isCharacter(to)) {
    if (isLargeText(to)) return 'none';
    return isMoney(from) ? 'explicit' : 'implicit';
  }
  if (isLegacyDate(to)) return 'implicit';
  if (to.kind === 'binary' || to.kind === 'varbinary') return 'implicit';
  if (to.kind === 'rowversion') return isApproximate(from) ? 'none' : 'implicit';
  return 'none';
}

function fromTemporal(from: SqlType, to: SqlType): Permission {
  if (isTemporal(to)) {
    const isDateWithTime =
      (from.kind === 'date' && to.kind === 'time') || (from.kind === 'time' && to.kind === 'date');
    return isDateWithTime ? 'none' : 'implicit';
  }
  if (isCharacter(to)) return isLargeText(to) ? 'none' : 'implicit';
  if (to.kind === 'binary' || to.kind === 'varbinary') return isModernDate(from) ? 'explicit' : 'implicit';
  return isLegacyDate(from) && isNumber(to) ? 'explicit' : 'none';
}

function fromBinary(from: SqlType, to: SqlType): Permission {
  if (isBinary(to)) return 'implicit';
  if (from.kind === 'image') return 'none';
  if (isCharacter(to)) {
    if (isLargeText(to)) return 'none';
    return from.kind === 'rowversion' && isUnicode(to) ? 'none' : 'implicit';
  }
  if (isApproximate(to)) return 'none';
  if (isNumber(to)) return 'implicit';
  if (isLegacyDate(to)) return 'implicit';
  if (isModernDate(to)) return 'explicit';
  return to.kind === 'uniqueidentifier' && from.kind !== 'rowversion' ? 'implicit' : 'none';
}
