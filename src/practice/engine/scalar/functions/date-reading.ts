/** DATEPART and DATENAME. */

import {
  calendarDay,
  daysOf,
  type Moment,
  monthNames,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  weekdayNames,
} from '../calendar.ts';
import { offsetText } from '../date-styles.ts';
import type { DatePart } from './date-parts.ts';

/** 1 for the day that DATEFIRST names; DATEFIRST counts Monday as 1. */
const weekdayNumber = (days: number, dateFirst: number): number =>
  ((((days + 1 - dateFirst) % 7) + 7) % 7) + 1;

/** ISO 8601: the week that holds the year's first Thursday is week 1. */
function isoWeek(days: number): number {
  const thursday = days - (days % 7) + 3;
  const { year } = calendarDay(thursday);
  return Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1;
}

/** The number of a part of a moment. */
export function partOf(part: DatePart, moment: Moment, dateFirst: number): number {
  switch (part) {
    case 'hour':
      return Math.floor(moment.ticks / TICKS_PER_HOUR);
    case 'minute':
      return Math.floor((moment.ticks % TICKS_PER_HOUR) / TICKS_PER_MINUTE);
    case 'second':
      return Math.floor((moment.ticks % TICKS_PER_MINUTE) / TICKS_PER_SECOND);
    case 'millisecond':
      return Math.floor((moment.ticks % TICKS_PER_SECOND) / 10_000);
    case 'microsecond':
      return Math.floor((moment.ticks % TICKS_PER_SECOND) / 10);
    case 'nanosecond':
      return (moment.ticks % TICKS_PER_SECOND) * 100;
    case 'tzoffset':
      return moment.offset;
    case 'weekday':
      return weekdayNumber(moment.days, dateFirst);
    case 'iso_week':
      return isoWeek(moment.days);
    default:
      return calendarPart(part, moment.days, dateFirst);
  }
}

function calendarPart(part: DatePart, days: number, dateFirst: number): number {
  const { year, month, day } = calendarDay(days);
  const newYear = daysOf(year, 1, 1);
  switch (part) {
    case 'year':
      return year;
    case 'quarter':
      return Math.floor((month - 1) / 3) + 1;
    case 'month':
      return month;
    case 'dayofyear':
      return days - newYear + 1;
    case 'week':
      return Math.floor((days - newYear + weekdayNumber(newYear, dateFirst) - 1) / 7) + 1;
    default:
      return day;
  }
}

/** The name of a month or weekday; every other part as a number in text. */
export function nameOfPart(part: DatePart, moment: Moment, dateFirst: number): string {
  if (part === 'month') return monthNames[calendarDay(moment.days).month - 1] ?? '';
  if (part === 'weekday') return weekdayNames[moment.days % 7] ?? '';
  if (part === 'tzoffset') return offsetText(moment.offset);
  return String(partOf(part, moment, dateFirst));
}
