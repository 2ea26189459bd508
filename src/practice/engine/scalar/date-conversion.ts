/** Conversions into the date types. */

import { Refusal, SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { type DateOrder, orderOfStyle, parseDate } from './date-parsing.ts';
import type { Conversion } from './number-conversion.ts';
import { scaledToDouble } from './numeric.ts';
import { dateOutOfRange, overflow, textIsNoDate } from './scalar-errors.ts';
import type { DateSettings } from './scope.ts';
import { momentOf, UNITS_PER_DAY, valueOfMoment } from './temporal.ts';
import {
  isBinary,
  isCharacter,
  isLegacyDate,
  isNumber,
  isScaled,
  isTemporal,
  scaleOf,
} from './type-facts.ts';

const orders: readonly DateOrder[] = ['mdy', 'dmy', 'ymd', 'ydm', 'myd', 'dym'];
const orderOf = (settings: DateSettings | undefined): DateOrder =>
  orders.find((order) => order === settings?.dateFormat.toLowerCase()) ?? 'mdy';

/** The conversion of `from` into the date type `to`; texts are read by the style, else by the session's DATEFORMAT. */
export function toTemporal(
  from: SqlType,
  to: SqlType,
  style: number | undefined,
  settings: DateSettings | undefined,
): Conversion | undefined {
  if (isTemporal(from)) return (value) => valueOfMoment(momentOf(value, from), to, from);
  if (isCharacter(from)) return dateOfText(from, to, style, settings);
  if (!isLegacyDate(to)) {
    if (isBinary(from)) throw new Refusal(`converting binary to ${to.kind}`);
    return undefined;
  }
  if (isNumber(from)) return dateOfNumber(from, to);
  if (isBinary(from)) return dateOfBytes(to);
  return undefined;
}

function dateOfText(
  from: SqlType,
  to: SqlType,
  style: number | undefined,
  settings: DateSettings | undefined,
): Conversion {
  if (style === 130 || style === 131) throw new Refusal(`date style ${style} (Hijri calendar)`);
  const isLegacy = isLegacyDate(to);
  const written = style === undefined ? undefined : orderOfStyle(style);
  let lastText: string | undefined;
  let lastOrder: DateOrder | undefined;
  let lastValue: Value = null;
  return (value) => {
    const text = value as string;
    const order = written ?? orderOf(settings);
    if (text === lastText && order === lastOrder) return lastValue;
    const result = readDate(text, from, to, order, isLegacy);
    lastText = text;
    lastOrder = order;
    lastValue = result;
    return result;
  };
}

function readDate(text: string, from: SqlType, to: SqlType, order: DateOrder, isLegacy: boolean): Value {
  const parsed = parseDate(text, { order, isLegacy });
  if (parsed === 'out of range') throw isLegacy ? dateOutOfRange(from, to) : textIsNoDate();
  if (parsed === 'not a date')
    throw to.kind === 'smalldatetime'
      ? new SqlError(
          295,
          'Conversion failed when converting character string to smalldatetime data type.',
          16,
          3,
        )
      : textIsNoDate();
  return valueOfMoment(parsed, to, from);
}

/** Days since 1900-01-01, with a fraction. */
function dateOfNumber(from: SqlType, to: SqlType): Conversion {
  const last = 2_958_463;
  return (value) => {
    const days = isScaled(from) ? scaledToDouble(value as bigint, scaleOf(from)) : Number(value);
    if (to.kind === 'datetime') {
      if (days < -53_690 || days > last + 1) throw overflow(to);
      return Math.round(days * UNITS_PER_DAY);
    }
    if (days < 0 || days >= 65_536) throw overflow(to);
    return Math.round(days * 1440);
  };
}

/** The stored form, big-endian: days since 1900 and 1/300 s (datetime) or minutes (smalldatetime). Scripts that tools generate write dates so. */
function dateOfBytes(to: SqlType): Conversion {
  const size = to.kind === 'datetime' ? 8 : 4;
  return (value) => {
    const bytes = value as Uint8Array;
    const stored = Buffer.alloc(size);
    const kept = bytes.subarray(Math.max(0, bytes.length - size));
    stored.set(kept, size - kept.length);
    const days = to.kind === 'datetime' ? stored.readInt32BE(0) : stored.readUInt16BE(0);
    const time = to.kind === 'datetime' ? stored.readInt32BE(4) : stored.readUInt16BE(2);
    const perDay = to.kind === 'datetime' ? UNITS_PER_DAY : 1440;
    const isKnown = days >= -53_690 && days <= 2_958_463 && time >= 0 && time < perDay;
    if (!isKnown) throw overflow(to);
    return days * perDay + time;
  };
}
