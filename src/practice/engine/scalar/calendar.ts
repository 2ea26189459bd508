/** Days and times of day without zones, over the years 1 to 9999. */

/** A point in local time: days since 0001-01-01, 100 ns ticks since midnight, and for datetimeoffset minutes from UTC. */
export type Moment = { readonly days: number; readonly ticks: number; readonly offset: number };
export type CalendarDay = { readonly year: number; readonly month: number; readonly day: number };

export const TICKS_PER_SECOND = 10_000_000;
export const TICKS_PER_MINUTE = 60 * TICKS_PER_SECOND;
export const TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE;
export const TICKS_PER_DAY = 24 * TICKS_PER_HOUR;
/** Days from 0001-01-01 to 1900-01-01, where datetime counts from. */
export const DAYS_TO_1900 = 693_595;
export const DAYS_TO_1753 = 639_905;
/** 9999-12-31. */
export const LAST_DAY = 3_652_058;
/** 2079-06-06, the last day of smalldatetime. */
export const LAST_SMALL_DAY = 759_130;

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
/** Monday first: index = days since 0001-01-01 (a Monday) modulo 7. */
export const weekdayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

const beforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** Days since 0001-01-01; the day is taken to exist. */
export const daysOf = (year: number, month: number, day: number): number => {
  const past = year - 1;
  const leap = month > 2 && isLeapYear(year) ? 1 : 0;
  return (
    past * 365 +
    Math.floor(past / 4) -
    Math.floor(past / 100) +
    Math.floor(past / 400) +
    (beforeMonth[month - 1] ?? 0) +
    leap +
    day -
    1
  );
};

/** undefined when there is no such day. */
export const checkedDaysOf = (year: number, month: number, day: number): number | undefined =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    ? daysOf(year, month, day)
    : undefined;

export const calendarDay = (days: number): CalendarDay => {
  let year = Math.floor((days * 400) / 146_097) + 1;
  while (daysOf(year, 1, 1) > days) year -= 1;
  while (year < 9999 && daysOf(year + 1, 1, 1) <= days) year += 1;
  let rest = days - daysOf(year, 1, 1);
  let month = 1;
  for (; month < 12; month += 1) {
    const length = daysInMonth(year, month);
    if (rest < length) break;
    rest -= length;
  }
  return { year, month, day: rest + 1 };
};

/** A JavaScript instant as local server time; the practice server's clock shows the machine's zone. */
export const momentOfDate = (now: Date, offset: number): Moment => {
  const millis = now.getTime() + offset * 60_000;
  const days = Math.floor(millis / 86_400_000);
  return {
    days: days + 719_162,
    ticks: (millis - days * 86_400_000) * 10_000,
    offset,
  };
};

/** A moment some ticks later or earlier, carrying over midnight. */
export const addTicks = (moment: Moment, ticks: number): Moment => {
  const total = moment.ticks + ticks;
  const carry = Math.floor(total / TICKS_PER_DAY);
  return { days: moment.days + carry, ticks: total - carry * TICKS_PER_DAY, offset: moment.offset };
};
