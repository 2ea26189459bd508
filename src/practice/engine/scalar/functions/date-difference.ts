/** DATEDIFF: how many boundaries of a part lie between two moments. */

import {
  calendarDay,
  type Moment,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../calendar.ts';
import { ticksOf, withOffset } from '../temporal.ts';
import type { DatePart } from './date-parts.ts';

const ticksPerPart: Partial<Record<DatePart, number>> = {
  hour: TICKS_PER_HOUR,
  minute: TICKS_PER_MINUTE,
  second: TICKS_PER_SECOND,
  millisecond: 10_000,
  microsecond: 10,
  day: TICKS_PER_DAY,
  dayofyear: TICKS_PER_DAY,
  weekday: TICKS_PER_DAY,
};

/** Boundaries crossed from start to end; negative when end is earlier. Moments with an offset are compared as UTC. Weeks begin on Sunday whatever DATEFIRST says. */
export function countBoundaries(part: DatePart, start: Moment, end: Moment): bigint {
  const [from, to] = [withOffset(start, 0), withOffset(end, 0)];
  if (part === 'year' || part === 'quarter' || part === 'month') {
    const [a, b] = [calendarDay(from.days), calendarDay(to.days)];
    if (part === 'year') return BigInt(b.year - a.year);
    const size = part === 'quarter' ? 3 : 1;
    return BigInt(
      (b.year - a.year) * (12 / size) + Math.floor((b.month - 1) / size) - Math.floor((a.month - 1) / size),
    );
  }
  // Day 0 is a Monday, so Sundays are the days 6, 13, 20, ...
  if (part === 'week') return BigInt(Math.floor((to.days + 1) / 7) - Math.floor((from.days + 1) / 7));
  if (part === 'nanosecond') return (ticksOf(to) - ticksOf(from)) * 100n;
  const unit = BigInt(ticksPerPart[part] ?? TICKS_PER_DAY);
  return ticksOf(to) / unit - ticksOf(from) / unit;
}
