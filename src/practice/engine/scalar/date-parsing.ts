/**
 * Texts that are dates and times. The older types (datetime, smalldatetime) read more loosely than the newer ones
 * (date, time, datetime2, datetimeoffset).
 * https://learn.microsoft.com/sql/t-sql/data-types/datetime-transact-sql#supported-string-literal-formats-for-datetime
 */

import {
  checkedDaysOf,
  DAYS_TO_1900,
  type Moment,
  monthNames,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from './calendar.ts';

export type DateOrder = 'mdy' | 'dmy' | 'ymd' | 'ydm' | 'myd' | 'dym';
/** What came of a text: a moment, a text that is no date, or one whose numbers are out of range. */
export type ParsedDate =
  | (Moment & { readonly hasOffset: boolean; readonly hasDate: boolean })
  | 'not a date'
  | 'out of range';

export type ParsingRules = {
  readonly order: DateOrder;
  /** True for datetime and smalldatetime. */
  readonly isLegacy: boolean;
};

/** The order of numbers that a CONVERT style says; undefined where the style leaves it to the session. */
export function orderOfStyle(style: number): DateOrder | undefined {
  switch (style) {
    case 1:
    case 101:
    case 10:
    case 110:
      return 'mdy';
    case 3:
    case 4:
    case 5:
    case 103:
    case 104:
    case 105:
      return 'dmy';
    case 2:
    case 11:
    case 12:
    case 20:
    case 21:
    case 23:
    case 25:
    case 102:
    case 111:
    case 112:
    case 120:
    case 121:
    case 126:
    case 127:
      return 'ymd';
    default:
      return undefined;
  }
}

const monthPattern = monthNames.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|');
const isoPattern = /^(\d{4})-(\d{2})-(\d{2})T(.+)$/;
const unseparatedPattern = /^(\d{8}|\d{6}|\d{4})(?:\s+(.+))?$/;
const numberPattern = /^(\d{1,4})\s*([-/.])\s*(\d{1,4})\s*\2\s*(\d{1,4})(?:(?:\s+|(?=T))(.+))?$/;
const monthFirst = new RegExp(
  `^(${monthPattern})[\\s.,/-]*(\\d{1,2})[\\s,/-]+(\\d{4}|\\d{2})(?:\\s+(.+))?$`,
  'i',
);
const dayFirst = new RegExp(
  `^(\\d{1,2})[\\s./-]*(${monthPattern})[\\s.,/-]*(\\d{4}|\\d{2})(?:\\s+(.+))?$`,
  'i',
);
const yearFirst = new RegExp(`^(\\d{4})[\\s./-]*(${monthPattern})[\\s.,/-]*(\\d{1,2})(?:\\s+(.+))?$`, 'i');
const monthAndYear = new RegExp(`^(${monthPattern})[\\s.,/-]*(\\d{4})(?:\\s+(.+))?$`, 'i');
const timePattern =
  /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:([.:])(\d{1,9}))?)?)?\s*(am|pm)?\s*(z|[+-]\d{1,2}:\d{2})?$/i;
const looksLikeTime = /^\d{1,2}(:|\s*[ap]m)/i;
const timeThenDate = /^(\d{1,2}:[\d:.]+(?:\s*[ap]m)?)\s+(\S.*)$/i;

type Time = { readonly ticks: number; readonly offset: number; readonly hasOffset: boolean };
type Failure = 'not a date' | 'out of range';

/** Reads a text. An empty text is 1900-01-01; a time alone is on that day. */
export function parseDate(text: string, rules: ParsingRules): ParsedDate {
  const trimmed = text.trim();
  if (trimmed === '') return { days: DAYS_TO_1900, ticks: 0, offset: 0, hasOffset: false, hasDate: false };
  if (looksLikeTime.test(trimmed)) {
    const both = timeThenDate.exec(trimmed);
    if (both?.[1] && both[2] && !/^([ap]m|z|[+-]\d)/i.test(both[2]))
      return parseDate(`${both[2]} ${both[1]}`, rules);
    return combine(DAYS_TO_1900, trimmed, rules, false);
  }
  const iso = isoPattern.exec(trimmed);
  if (iso) return combine(checkedDaysOf(Number(iso[1]), Number(iso[2]), Number(iso[3])), iso[4], rules, true);
  const unseparated = unseparatedPattern.exec(trimmed);
  if (unseparated?.[1]) return combine(unseparatedDays(unseparated[1]), unseparated[2], rules, true);
  const numbers = numberPattern.exec(trimmed);
  if (numbers) {
    const days = numberedDays(numbers[1] ?? '', numbers[3] ?? '', numbers[4] ?? '', rules);
    if (days === 'not a date') return days;
    const rest = numbers[5];
    return combine(days, rest?.startsWith('T') ? undefined : rest, rules, true);
  }
  return parseNamedMonth(trimmed, rules);
}

function parseNamedMonth(text: string, rules: ParsingRules): ParsedDate {
  const forms: readonly (readonly [RegExp, number, number, number, number])[] = [
    [monthFirst, 3, 1, 2, 4],
    [dayFirst, 3, 2, 1, 4],
    [yearFirst, 1, 2, 3, 4],
    [monthAndYear, 2, 1, 0, 3],
  ];
  for (const [pattern, year, month, day, rest] of forms) {
    const match = pattern.exec(text);
    if (!match) continue;
    const monthNumber =
      monthNames.findIndex(
        (name) => name.slice(0, 3).toLowerCase() === match[month]?.slice(0, 3).toLowerCase(),
      ) + 1;
    const days = checkedDaysOf(fullYear(match[year] ?? ''), monthNumber, day === 0 ? 1 : Number(match[day]));
    return combine(days, match[rest], rules, true);
  }
  return 'not a date';
}

function combine(
  days: number | undefined,
  timeText: string | undefined,
  rules: ParsingRules,
  hasDate: boolean,
): ParsedDate {
  const time =
    timeText === undefined ? { ticks: 0, offset: 0, hasOffset: false } : parseTime(timeText, rules);
  if (time === 'not a date') return time;
  if (days === undefined || time === 'out of range') return 'out of range';
  return { days, ...time, hasDate };
}

function parseTime(text: string, rules: ParsingRules): Time | Failure {
  const match = timePattern.exec(text.trim());
  if (!match) return 'not a date';
  const [, hourText = '', minuteText, secondText = '0', point, fractionText, half, zone] = match;
  if (minuteText === undefined && half === undefined) return 'not a date';
  if (rules.isLegacy && (fractionText?.length ?? 0) > 3) return 'not a date';
  if ((fractionText?.length ?? 0) > 7) return 'not a date';
  const hour = hourOf(Number(hourText), half);
  const minute = Number(minuteText ?? '0');
  const second = Number(secondText);
  if (hour === undefined || minute > 59 || second > 59) return 'out of range';
  const offset = zone === undefined ? 0 : offsetOf(zone);
  if (offset === undefined) return 'not a date';
  if (rules.isLegacy && zone !== undefined && zone.toUpperCase() !== 'Z') return 'not a date';
  const ticks =
    hour * TICKS_PER_HOUR +
    minute * TICKS_PER_MINUTE +
    second * TICKS_PER_SECOND +
    fractionTicks(point, fractionText);
  return ticks < TICKS_PER_DAY ? { ticks, offset, hasOffset: zone !== undefined } : 'out of range';
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  const isAfternoon = half.toLowerCase() === 'pm';
  if (hour > 12) return isAfternoon && hour <= 23 ? hour : undefined;
  if (hour === 12) return isAfternoon ? 12 : 0;
  return isAfternoon ? hour + 12 : hour;
}

/** After a point the digits are a fraction; after a colon a count of milliseconds. */
function fractionTicks(point: string | undefined, digits: string | undefined): number {
  if (digits === undefined) return 0;
  return point === ':' ? Number(digits) * 10_000 : Number(digits.padEnd(7, '0'));
}

/** Minutes from UTC of 'Z' or '+hh:mm'; undefined beyond 14 hours. */
export function offsetOf(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const match = /^([+-])(\d{1,2}):(\d{2})$/.exec(zone.trim());
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > 840 || Number(match[3]) > 59) return undefined;
  return match[1] === '-' ? -minutes : minutes;
}

/** Years of two digits end in 2049: https://learn.microsoft.com/sql/database-engine/configure-windows/configure-the-two-digit-year-cutoff-server-configuration-option */
const fullYear = (text: string): number => {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
};

function unseparatedDays(digits: string): number | undefined {
  if (digits.length === 4) return checkedDaysOf(Number(digits), 1, 1);
  const yearLength = digits.length - 4;
  return checkedDaysOf(
    fullYear(digits.slice(0, yearLength)),
    Number(digits.slice(-4, -2)),
    Number(digits.slice(-2)),
  );
}

/** Three numbers: a year of four digits stands first or last, else the order says which is which. */
function numberedDays(
  first: string,
  second: string,
  third: string,
  rules: ParsingRules,
): number | undefined | 'not a date' {
  if (second.length > 2) return 'not a date';
  if (first.length === 3 || third.length === 3) return 'not a date';
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  if (first.length === 4) {
    if (third.length > 2) return 'not a date';
    // The newer types read year-month-day whatever the session says; the older ones follow DATEFORMAT.
    const isDayBeforeMonth =
      rules.isLegacy && (rules.order === 'dmy' || rules.order === 'ydm' || rules.order === 'dym');
    return isDayBeforeMonth ? checkedDaysOf(a, c, b) : checkedDaysOf(a, b, c);
  }
  const isDayFirst = rules.order === 'dmy' || rules.order === 'dym' || rules.order === 'ydm';
  if (third.length === 4) return isDayFirst ? checkedDaysOf(c, b, a) : checkedDaysOf(c, a, b);
  switch (rules.order) {
    case 'mdy':
      return checkedDaysOf(fullYear(third), a, b);
    case 'dmy':
      return checkedDaysOf(fullYear(third), b, a);
    case 'ymd':
      return checkedDaysOf(fullYear(first), b, c);
    case 'ydm':
      return checkedDaysOf(fullYear(first), c, b);
    case 'myd':
      return checkedDaysOf(fullYear(second), a, c);
    case 'dym':
      return checkedDaysOf(fullYear(second), c, a);
  }
}
