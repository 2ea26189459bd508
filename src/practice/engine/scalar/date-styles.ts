/** Dates and times as text, in the styles of CONVERT: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql#date-and-time-styles */

import { Refusal, SqlError } from '../extension.ts';
import type { SqlType } from '../types.ts';
import {
  addTicks,
  calendarDay,
  type Moment,
  monthNames,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from './calendar.ts';
import { invalidStyle } from './scalar-errors.ts';
import { scaleOf, typeName } from './type-facts.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const blankTwo = (value: number): string => String(value).padStart(2, ' ');

type Fields = {
  readonly year: string;
  readonly shortYear: string;
  readonly month: string;
  readonly monthName: string;
  readonly dayNumber: number;
  readonly day: string;
  readonly hour: number;
  readonly minute: string;
  readonly second: string;
  /** Fractional digits of the type's scale, '' for scale 0. */
  readonly fraction: string;
};

function fieldsOf(moment: Moment, scale: number): Fields {
  const { year, month, day } = calendarDay(moment.days);
  const hour = Math.floor(moment.ticks / TICKS_PER_HOUR);
  const minute = Math.floor((moment.ticks % TICKS_PER_HOUR) / TICKS_PER_MINUTE);
  const second = Math.floor((moment.ticks % TICKS_PER_MINUTE) / TICKS_PER_SECOND);
  const fraction = String(moment.ticks % TICKS_PER_SECOND)
    .padStart(7, '0')
    .slice(0, scale);
  const fullYear = String(year).padStart(4, '0');
  return {
    year: fullYear,
    shortYear: fullYear.slice(2),
    month: two(month),
    monthName: (monthNames[month - 1] ?? '').slice(0, 3),
    dayNumber: day,
    day: two(day),
    hour,
    minute: two(minute),
    second: two(second),
    fraction,
  };
}

const clock24 = (f: Fields): string => `${two(f.hour)}:${f.minute}:${f.second}`;
const fractional = (f: Fields, point: string): string => (f.fraction === '' ? '' : point + f.fraction);
const half = (f: Fields): string => (f.hour < 12 ? 'AM' : 'PM');
const hour12 = (f: Fields): string => blankTwo(f.hour % 12 === 0 ? 12 : f.hour % 12);

/** The parts of a style: its date, its time, and what stands between them. */
type Style = {
  readonly date?: (f: Fields) => string;
  readonly time?: (f: Fields, point: string) => string;
  readonly between?: string;
  readonly hasOffset?: boolean;
};

const american = (f: Fields): string => `${f.monthName} ${blankTwo(f.dayNumber)} ${f.year}`;
const european = (f: Fields): string => `${f.day} ${f.monthName} ${f.year}`;
const iso = (f: Fields): string => `${f.year}-${f.month}-${f.day}`;

const general: Style = { date: american, time: (f) => `${hour12(f)}:${f.minute}${half(f)}` };
const generalLong: Style = {
  date: american,
  time: (f, point) => `${hour12(f)}:${f.minute}:${f.second}${fractional(f, point)}${half(f)}`,
};
const europeanLong: Style = { date: european, time: (f, point) => clock24(f) + fractional(f, point) };
const clock: Style = { time: clock24 };
const clockLong: Style = { time: (f, point) => clock24(f) + fractional(f, point) };
const odbc: Style = { date: iso, time: clock24, hasOffset: true };
const odbcLong: Style = { date: iso, time: (f) => clock24(f) + fractional(f, '.'), hasOffset: true };
const isoLong: Style = {
  date: iso,
  time: (f) => clock24(f) + (/^0*$/.test(f.fraction) ? '' : fractional(f, '.')),
  between: 'T',
  hasOffset: true,
};

const day = (short: (f: Fields) => string, long: (f: Fields) => string): readonly [Style, Style] => [
  { date: short },
  { date: long },
];
const pairs: readonly (readonly [number, readonly [Style, Style]])[] = [
  [
    1,
    day(
      (f) => `${f.month}/${f.day}/${f.shortYear}`,
      (f) => `${f.month}/${f.day}/${f.year}`,
    ),
  ],
  [
    2,
    day(
      (f) => `${f.shortYear}.${f.month}.${f.day}`,
      (f) => `${f.year}.${f.month}.${f.day}`,
    ),
  ],
  [
    3,
    day(
      (f) => `${f.day}/${f.month}/${f.shortYear}`,
      (f) => `${f.day}/${f.month}/${f.year}`,
    ),
  ],
  [
    4,
    day(
      (f) => `${f.day}.${f.month}.${f.shortYear}`,
      (f) => `${f.day}.${f.month}.${f.year}`,
    ),
  ],
  [
    5,
    day(
      (f) => `${f.day}-${f.month}-${f.shortYear}`,
      (f) => `${f.day}-${f.month}-${f.year}`,
    ),
  ],
  [6, day((f) => `${f.day} ${f.monthName} ${f.shortYear}`, european)],
  [
    7,
    day(
      (f) => `${f.monthName} ${f.day}, ${f.shortYear}`,
      (f) => `${f.monthName} ${f.day}, ${f.year}`,
    ),
  ],
  [
    10,
    day(
      (f) => `${f.month}-${f.day}-${f.shortYear}`,
      (f) => `${f.month}-${f.day}-${f.year}`,
    ),
  ],
  [
    11,
    day(
      (f) => `${f.shortYear}/${f.month}/${f.day}`,
      (f) => `${f.year}/${f.month}/${f.day}`,
    ),
  ],
  [
    12,
    day(
      (f) => `${f.shortYear}${f.month}${f.day}`,
      (f) => `${f.year}${f.month}${f.day}`,
    ),
  ],
];
const styles = new Map<number, Style>([
  [0, general],
  [100, general],
  [8, clock],
  [24, clock],
  [108, clock],
  [9, generalLong],
  [109, generalLong],
  [13, europeanLong],
  [113, europeanLong],
  [14, clockLong],
  [114, clockLong],
  [20, odbc],
  [120, odbc],
  [21, odbcLong],
  [25, odbcLong],
  [121, odbcLong],
  [
    22,
    {
      date: (f) => `${f.month}/${f.day}/${f.shortYear}`,
      time: (f) => `${hour12(f)}:${f.minute}:${f.second} ${half(f)}`,
    },
  ],
  [23, { date: iso }],
  [126, isoLong],
  [127, isoLong],
]);
for (const [number, [short, long]] of pairs) {
  styles.set(number, short);
  styles.set(number + 100, long);
}

/** '+02:00'. */
export const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

/** The text of a moment of the given type. Style undefined is the type's own form. Throws 281 and 9809; refuses the Hijri styles. */
export function dateText(moment: Moment, type: SqlType, style: number | undefined): string {
  const isLegacy = type.kind === 'datetime' || type.kind === 'smalldatetime';
  const number = style ?? (isLegacy ? 0 : 121);
  if (number === 130 || number === 131) throw new Refusal(`date style ${number} (Hijri calendar)`);
  const form = styles.get(number);
  if (!form) throw invalidStyle(number, type);
  const isZoned = type.kind === 'datetimeoffset';
  const shown =
    isZoned && number === 127
      ? { ...addTicks(moment, -moment.offset * TICKS_PER_MINUTE), offset: 0 }
      : moment;
  const fields = fieldsOf(shown, scaleOf(type.kind === 'smalldatetime' ? { kind: 'datetime' } : type));
  const point = isLegacy ? ':' : '.';
  const date = type.kind === 'time' ? undefined : form.date?.(fields);
  const time = type.kind === 'date' ? undefined : form.time?.(fields, point);
  if (date === undefined && time === undefined)
    throw new SqlError(
      9809,
      `The style ${number} is not supported for conversions from ${typeName(type)} to varchar.`,
    );
  const text =
    date !== undefined && time !== undefined ? date + (form.between ?? ' ') + time : (date ?? time ?? '');
  if (!isZoned || time === undefined) return text;
  if (number === 127) return `${text}Z`;
  return form.between === 'T' ? text + offsetText(moment.offset) : `${text} ${offsetText(moment.offset)}`;
}
