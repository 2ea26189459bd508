import { type Arbitrary, assert, bigInt, constantFrom, integer, oneof, property } from 'fast-check';
import { expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, checkOptions } from '../campaign.ts';
import { value } from '../engine/scalar/evaluate.ts';

/** Ticks of 100 ns since 0001-01-01: the model counts in these, and asks JavaScript's own calendar for the rest. */
const SECOND = 10_000_000n;
const DAY = 86_400n * SECOND;
const EPOCH = BigInt(Date.UTC(1970, 0, 1) - new Date('0001-01-01T00:00:00Z').getTime()) * 10_000n;
const LAST = (BigInt(new Date('9999-12-31T00:00:00Z').getTime()) * 10_000n + EPOCH) / DAY;
const FIRST_DATETIME = BigInt(new Date('1753-01-01T00:00:00Z').getTime()) * 10_000n + EPOCH;

const floorDivide = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;
const dateOf = (ticks: bigint): Date => new Date(Number(floorDivide(ticks - EPOCH, 10_000n)));
const ticksOfDay = (year: number, month: number, day: number): bigint => {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return BigInt(date.getTime()) * 10_000n + EPOCH;
};
/** yyyy-mm-dd hh:mm:ss.fffffff */
const textOf = (ticks: bigint): string => {
  const date = dateOf(ticks);
  const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${date.toISOString().slice(-19, -14)}`;
  const time = date.toISOString().slice(-13, -5);
  return `${day} ${time}.${String(ticks % SECOND).padStart(7, '0')}`;
};

const evaluate = (sql: string): unknown => {
  try {
    return value(sql);
  } catch (problem) {
    const { number } = problem as { number?: number };
    if (number === undefined) throw problem;
    return { error: number };
  }
};
const moment = (ticks: bigint): string => `cast('${textOf(ticks)}' as datetime2(7))`;
const moments: Arbitrary<bigint> = oneof(
  bigInt({ min: 0n, max: (LAST + 1n) * DAY - 1n }),
  // Where years, months and days begin and end.
  integer({ min: 0, max: 3_652_058 }).chain((day) =>
    constantFrom(0n, 1n, DAY - 1n, DAY / 2n).map((ticks) => BigInt(day) * DAY + ticks),
  ),
  integer({ min: 1800, max: 2100 }).chain((year) =>
    constantFrom(
      ticksOfDay(year, 1, 28),
      ticksOfDay(year, 1, 29),
      ticksOfDay(year, 11, 31),
      ticksOfDay(year, 0, 1),
    ),
  ),
);
const calendarParts = constantFrom('year', 'quarter', 'month');
const timeUnits = {
  week: 7n * DAY,
  day: DAY,
  hour: 3600n * SECOND,
  minute: 60n * SECOND,
  second: SECOND,
  millisecond: 10_000n,
  microsecond: 10n,
} as const;
const timeParts = constantFrom(...(Object.keys(timeUnits) as (keyof typeof timeUnits)[]));
const counts = oneof(integer({ min: -50, max: 50 }), integer({ min: -200_000, max: 200_000 }), integer());

const inRange = (ticks: bigint): boolean => ticks >= 0n && ticks < (LAST + 1n) * DAY;

/** Months are added by the calendar; a day that the month has not becomes its last. Undefined outside of the years. */
const addMonths = (ticks: bigint, months: number): bigint | undefined => {
  const date = dateOf(ticks);
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(total / 12);
  if (year < 1 || year > 9999) return undefined;
  const month = total - year * 12;
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month + 1, 0)).getUTCDate();
  return ticksOfDay(year, month, Math.min(date.getUTCDate(), lastDay)) + (ticks % DAY);
};

test(
  'DATEADD of years, quarters and months stays within the month',
  () => {
    assert(
      property(moments, calendarParts, counts, (ticks, part, count) => {
        const months = count * (part === 'year' ? 12 : part === 'quarter' ? 3 : 1);
        const expected = addMonths(ticks, months);
        expect(evaluate(`convert(varchar(40), dateadd(${part}, ${count}, ${moment(ticks)}), 121)`)).toEqual(
          expected === undefined ? { error: 517 } : textOf(expected),
        );
      }),
      checkOptions('DATEADD by the calendar', 1_500),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'DATEADD of weeks to microseconds adds so many ticks',
  () => {
    assert(
      property(moments, timeParts, counts, (ticks, part, count) => {
        const sum = ticks + BigInt(count) * timeUnits[part];
        expect(evaluate(`convert(varchar(40), dateadd(${part}, ${count}, ${moment(ticks)}), 121)`)).toEqual(
          inRange(sum) ? textOf(sum) : { error: 517 },
        );
      }),
      checkOptions('DATEADD by the clock', 1_500),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'DATEDIFF counts the boundaries that lie between, and overflows where they are more than an int',
  () => {
    assert(
      property(moments, moments, oneof(calendarParts, timeParts), (start, end, part) => {
        const [a, b] = [dateOf(start), dateOf(end)];
        const years = b.getUTCFullYear() - a.getUTCFullYear();
        const sundays = (ticks: bigint): bigint => floorDivide(floorDivide(ticks, DAY) + 1n, 7n);
        const expected =
          part === 'year'
            ? BigInt(years)
            : part === 'quarter'
              ? BigInt(years * 4 + Math.floor(b.getUTCMonth() / 3) - Math.floor(a.getUTCMonth() / 3))
              : part === 'month'
                ? BigInt(years * 12 + b.getUTCMonth() - a.getUTCMonth())
                : part === 'week'
                  ? sundays(end) - sundays(start)
                  : floorDivide(end, timeUnits[part as keyof typeof timeUnits]) -
                    floorDivide(start, timeUnits[part as keyof typeof timeUnits]);
        expect(evaluate(`datediff(${part}, ${moment(start)}, ${moment(end)})`)).toEqual(
          BigInt.asIntN(32, expected) === expected ? Number(expected) : { error: 535 },
        );
      }),
      checkOptions('DATEDIFF', 1_500),
    );
  },
  CAMPAIGN_TIMEOUT,
);

/** The week of the ISO calendar: that of the week's Thursday. */
const isoWeek = (ticks: bigint): number => {
  const day = floorDivide(ticks, DAY);
  // 0001-01-01 was a Monday.
  const thursday = day - (day % 7n) + 3n;
  const year = dateOf(thursday * DAY).getUTCFullYear();
  return Number((thursday - floorDivide(ticksOfDay(year, 0, 1), DAY)) / 7n) + 1;
};

test(
  'DATEPART, DATENAME, YEAR, MONTH, DAY and EOMONTH read the calendar',
  () => {
    assert(
      property(moments, (ticks) => {
        const date = dateOf(ticks);
        const year = date.getUTCFullYear();
        const firstDay = floorDivide(ticksOfDay(year, 0, 1), DAY);
        const day = floorDivide(ticks, DAY);
        const weekday = Number((day + 1n) % 7n) + 1;
        const firstWeekday = (firstDay + 1n) % 7n;
        const parts = {
          year,
          quarter: Math.floor(date.getUTCMonth() / 3) + 1,
          month: date.getUTCMonth() + 1,
          dayofyear: Number(day - firstDay) + 1,
          day: date.getUTCDate(),
          week: Number((day - firstDay + firstWeekday) / 7n) + 1,
          weekday,
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
          second: date.getUTCSeconds(),
          millisecond: Number((ticks % SECOND) / 10_000n),
          microsecond: Number((ticks % SECOND) / 10n),
          nanosecond: Number(ticks % SECOND) * 100,
          iso_week: isoWeek(ticks),
        };
        for (const [part, expected] of Object.entries(parts))
          expect([part, evaluate(`datepart(${part}, ${moment(ticks)})`)]).toEqual([part, expected]);
        const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
        expect(evaluate(`datename(weekday, ${moment(ticks)})`)).toBe(names[weekday - 1]);
        expect(evaluate(`datename(month, ${moment(ticks)})`)).toBe(
          date.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' }),
        );
        const next = addMonths(ticksOfDay(year, date.getUTCMonth(), 1), 1);
        const last = (next ?? (LAST + 1n) * DAY) - DAY;
        expect(evaluate(`convert(varchar(10), eomonth(${moment(ticks)}), 23)`)).toBe(
          textOf(last).slice(0, 10),
        );
      }),
      checkOptions('parts of dates', 400),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'a datetime holds three hundredths of a second, and shows them as 0, 3 and 7',
  () => {
    assert(
      property(
        bigInt({ min: FIRST_DATETIME, max: (LAST + 1n) * DAY - SECOND }),
        integer({ min: -5000, max: 5000 }),
        (ticks, count) => {
          const whole = ticks - (ticks % 10_000n);
          // To the nearest third of a hundredth; it shows its nearest millisecond.
          const units = floorDivide((whole - FIRST_DATETIME) * 600n + SECOND, SECOND * 2n);
          const shown = (at: bigint): string => {
            const milliseconds = floorDivide(at * 2000n + 300n, 600n);
            return textOf(FIRST_DATETIME + milliseconds * 10_000n).slice(0, 23);
          };
          const text = textOf(whole).slice(0, 23);
          expect(evaluate(`convert(varchar(30), cast('${text}' as datetime), 121)`)).toBe(shown(units));
          const later = floorDivide((units * 10n + BigInt(count) * 3n) * 2n + 10n, 20n);
          const isLate = later * SECOND >= ((LAST + 1n) * DAY - FIRST_DATETIME) * 300n;
          expect(
            evaluate(
              `convert(varchar(30), dateadd(millisecond, ${count}, cast('${text}' as datetime)), 121)`,
            ),
          ).toEqual(later < 0n || isLate ? { error: 517 } : shown(later));
        },
      ),
      checkOptions('datetime', 1_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);

test(
  'a text of a moment reads back as that moment, at every scale',
  () => {
    assert(
      property(moments, integer({ min: 0, max: 7 }), (ticks, scale) => {
        const unit = 10n ** BigInt(7 - scale);
        const rounded = floorDivide(ticks * 2n + unit, unit * 2n) * unit;
        if (!inRange(rounded)) return;
        const text = textOf(rounded).slice(0, scale === 0 ? 19 : 20 + scale);
        expect(evaluate(`convert(varchar(40), cast('${textOf(ticks)}' as datetime2(${scale})), 121)`)).toBe(
          text,
        );
        expect(
          evaluate(
            `convert(varchar(40), cast('${textOf(ticks).replace(' ', 'T')}' as datetime2(${scale})), 126)`,
          ),
        ).toBe(text.replace(' ', 'T').replace(/\.0+$/, ''));
      }),
      checkOptions('datetime2', 1_000),
    );
  },
  CAMPAIGN_TIMEOUT,
);
