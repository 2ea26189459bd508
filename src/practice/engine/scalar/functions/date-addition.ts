/** DATEADD on each of the date types. */

import { SqlError } from '../../extension.ts';
import type { DateTimeOffset, SqlType, Value } from '../../types.ts';
import {
  calendarDay,
  daysInMonth,
  daysOf,
  LAST_DAY,
  type Moment,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../calendar.ts';
import { momentOf, roundTicks, ticksOf, UNITS_PER_DAY, valueOfMoment } from '../temporal.ts';
import { scaleOf, typeName } from '../type-facts.ts';
import type { DatePart } from './date-parts.ts';

type NotNull = Exclude<Value, null>;

const monthsPerPart: Partial<Record<DatePart, number>> = { year: 12, quarter: 3, month: 1 };
const daysPerPart: Partial<Record<DatePart, number>> = { day: 1, dayofyear: 1, weekday: 1, week: 7 };
const ticksPerPart: Partial<Record<DatePart, number>> = {
  hour: TICKS_PER_HOUR,
  minute: TICKS_PER_MINUTE,
  second: TICKS_PER_SECOND,
  millisecond: 10_000,
  microsecond: 10,
};

const outOfRange = (type: SqlType): SqlError =>
  new SqlError(517, `Adding a value to a '${typeName(type)}' column caused an overflow.`);

/** A function that adds a count of parts to a value of the type. Throws 517. */
export function addToDate(part: DatePart, type: SqlType): (value: NotNull, count: number) => Value {
  const months = monthsPerPart[part];
  if (months !== undefined) return (value, count) => addMonths(value, type, count * months);
  const days = daysPerPart[part];
  if (days !== undefined) return (value, count) => addDays(value, type, count * days);
  return (value, count) => addTime(value, type, part, count);
}

/** The same day of another month, or its last day. */
function addMonths(value: NotNull, type: SqlType, months: number): Value {
  const moment = momentOf(value, type);
  const { year, month, day } = calendarDay(moment.days);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = (total % 12) + 1;
  if (newYear < 1 || newYear > 9999) throw outOfRange(type);
  const days = daysOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
  return addDays(value, type, days - moment.days);
}

/** Whole days are added to the stored form, so that nothing of the time is rounded. */
function addDays(value: NotNull, type: SqlType, days: number): Value {
  const day = momentOf(value, type).days + days;
  if (day < 0 || day > LAST_DAY) throw outOfRange(type);
  switch (type.kind) {
    case 'date':
      return day;
    case 'datetime':
      return checkedLegacy((value as number) + days * UNITS_PER_DAY, type);
    case 'smalldatetime':
      return checkedLegacy((value as number) + days * 1440, type);
    case 'datetime2':
      return (value as bigint) + BigInt(days) * BigInt(TICKS_PER_DAY);
    default: {
      const { utc, offset } = value as DateTimeOffset;
      return { utc: utc + BigInt(days) * BigInt(TICKS_PER_DAY), offset };
    }
  }
}

function checkedLegacy(value: number, type: SqlType): number {
  const isSmall = type.kind === 'smalldatetime';
  const first = isSmall ? 0 : -53_690 * UNITS_PER_DAY;
  const last = isSmall ? 65_536 * 1440 - 1 : 2_958_464 * UNITS_PER_DAY - 1;
  if (value < first || value > last) throw outOfRange(type);
  return value;
}

function addTime(value: NotNull, type: SqlType, part: DatePart, count: number): Value {
  const size = ticksPerPart[part];
  // A nanosecond is a hundredth of a tick; what is left of it is rounded.
  const ticks = size === undefined ? BigInt(Math.round(count / 100)) : BigInt(count) * BigInt(size);
  if (type.kind === 'datetime')
    return checkedLegacy((value as number) + Math.floor((Number(ticks) * 3) / 100_000 + 0.5), type);
  if (type.kind === 'smalldatetime')
    return checkedLegacy((value as number) + Math.floor(Number(ticks) / TICKS_PER_MINUTE + 0.5), type);
  const perDay = BigInt(TICKS_PER_DAY);
  if (type.kind === 'time') {
    const sum = ((((value as bigint) + ticks) % perDay) + perDay) % perDay;
    return BigInt(roundTicks({ days: 0, ticks: Number(sum), offset: 0 }, scaleOf(type)).ticks);
  }
  const moment = momentOf(value, type);
  const total = ticksOf(moment) + ticks;
  if (total < 0n || total >= BigInt(LAST_DAY + 1) * perDay) throw outOfRange(type);
  const result: Moment = {
    days: Number(total / perDay),
    ticks: Number(total % perDay),
    offset: moment.offset,
  };
  return valueOfMoment(result, type, type);
}
