/** Between the stored forms of the date types and moments. */

import { SqlError } from '../extension.ts';
import type { DateTimeOffset, SqlType, Value } from '../types.ts';
import {
  addTicks,
  DAYS_TO_1753,
  DAYS_TO_1900,
  LAST_DAY,
  LAST_SMALL_DAY,
  type Moment,
  TICKS_PER_DAY,
  TICKS_PER_MINUTE,
} from './calendar.ts';
import { dateOutOfRange } from './scalar-errors.ts';
import { scaleOf } from './type-facts.ts';

/** datetime counts 1/300 of a second. */
export const UNITS_PER_DAY = 300 * 86_400;
const TICKS_IN_DAY = BigInt(TICKS_PER_DAY);

const splitTicks = (value: bigint, offset: number): Moment => {
  let days = value / TICKS_IN_DAY;
  let ticks = value % TICKS_IN_DAY;
  if (ticks < 0n) {
    days -= 1n;
    ticks += TICKS_IN_DAY;
  }
  return { days: Number(days), ticks: Number(ticks), offset };
};

/** Ticks since 0001-01-01 of a moment, its offset left aside. */
export const ticksOf = (moment: Moment): bigint => BigInt(moment.days) * TICKS_IN_DAY + BigInt(moment.ticks);

/** The moment of a value of a date type. A datetime's thirds of milliseconds are rounded to whole ones, as up to compatibility level 120. */
export function momentOf(value: Exclude<Value, null>, type: SqlType): Moment {
  switch (type.kind) {
    case 'date':
      return { days: Number(value), ticks: 0, offset: 0 };
    case 'time':
      return { days: DAYS_TO_1900, ticks: Number(value), offset: 0 };
    case 'smalldatetime': {
      const minutes = Number(value);
      const days = Math.floor(minutes / 1440);
      return { days: DAYS_TO_1900 + days, ticks: (minutes - days * 1440) * TICKS_PER_MINUTE, offset: 0 };
    }
    case 'datetime': {
      const units = Number(value);
      const days = Math.floor(units / UNITS_PER_DAY);
      const millis = Math.round(((units - days * UNITS_PER_DAY) * 10) / 3);
      return { days: DAYS_TO_1900 + days, ticks: millis * 10_000, offset: 0 };
    }
    case 'datetime2':
      return splitTicks(value as bigint, 0);
    case 'datetimeoffset': {
      const { utc, offset } = value as DateTimeOffset;
      return splitTicks(utc + BigInt(offset) * BigInt(TICKS_PER_MINUTE), offset);
    }
    default:
      throw new Error(`${type.kind} is no date type`);
  }
}

/** Rounds the time of day to a number of fractional digits, half up; it may carry into the next day. */
export function roundTicks(moment: Moment, scale: number): Moment {
  if (scale >= 7) return moment;
  const unit = 10 ** (7 - scale);
  const ticks = Math.floor((moment.ticks + unit / 2) / unit) * unit;
  if (ticks < TICKS_PER_DAY) return { ...moment, ticks };
  // Nothing follows 9999-12-31: its last moment is cut off instead.
  if (moment.days >= LAST_DAY) return { ...moment, ticks: Math.floor(moment.ticks / unit) * unit };
  return { ...moment, days: moment.days + 1, ticks: ticks - TICKS_PER_DAY };
}

/** The value of a moment in a date type. `from` is named in 242 when datetime or smalldatetime cannot hold it. */
export function valueOfMoment(moment: Moment, type: SqlType, from: SqlType): Value {
  switch (type.kind) {
    case 'date':
      return checkDay(moment).days;
    case 'time': {
      const rounded = roundTicks(moment, scaleOf(type));
      return BigInt(rounded.ticks);
    }
    case 'datetime':
    case 'smalldatetime': {
      const units = datetimeUnits(moment);
      if (type.kind === 'datetime') {
        if (moment.days < DAYS_TO_1753 || units >= (LAST_DAY + 1 - DAYS_TO_1900) * UNITS_PER_DAY)
          throw dateOutOfRange(from, type);
        return units;
      }
      const minutes = Math.floor((units + 9000) / 18_000);
      if (minutes < 0 || minutes >= (LAST_SMALL_DAY + 1 - DAYS_TO_1900) * 1440)
        throw dateOutOfRange(from, type);
      return minutes;
    }
    case 'datetime2':
      return ticksOf(checkDay(roundTicks(moment, scaleOf(type))));
    case 'datetimeoffset': {
      const rounded = checkDay(roundTicks(moment, scaleOf(type)));
      const utc = ticksOf(rounded) - BigInt(rounded.offset) * BigInt(TICKS_PER_MINUTE);
      return { utc, offset: rounded.offset };
    }
    default:
      throw new Error(`${type.kind} is no date type`);
  }
}

const datetimeUnits = (moment: Moment): number =>
  (moment.days - DAYS_TO_1900) * UNITS_PER_DAY + Math.floor((moment.ticks * 3) / 100_000 + 0.5);

/** Throws 517 when the day is outside the years 1 to 9999. */
function checkDay(moment: Moment): Moment {
  if (moment.days >= 0 && moment.days <= LAST_DAY) return moment;
  throw new SqlError(517, 'Adding a value to a date column caused an overflow.');
}

/** The same instant seen with another offset. */
export const withOffset = (moment: Moment, offset: number): Moment => ({
  ...addTicks(moment, (offset - moment.offset) * TICKS_PER_MINUTE),
  offset,
});
