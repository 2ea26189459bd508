/** The clock and the date functions without a part. */

import { SqlError } from '../../extension.ts';
import type { SqlType, Value } from '../../types.ts';
import {
  calendarDay,
  checkedDaysOf,
  DAYS_TO_1900,
  daysInMonth,
  daysOf,
  type Moment,
  momentOfDate,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../calendar.ts';
import { convert, converter } from '../convert.ts';
import { offsetOf } from '../date-parsing.ts';
import { invalidArgument } from '../scalar-errors.ts';
import { momentOf, valueOfMoment, withOffset } from '../temporal.ts';
import { DATETIME, INT, isCharacter, isTemporal, typeName } from '../type-facts.ts';
import { partOf } from './date-reading.ts';
import { argument, type Binding, ofRuntime, type ScalarFunction, strict, typeAt } from './definition.ts';

const DATE: SqlType = { kind: 'date' };
const DATETIME2: SqlType = { kind: 'datetime2', scale: 7 };
const DATETIMEOFFSET: SqlType = { kind: 'datetimeoffset', scale: 7 };

const local = (now: Date): Moment => momentOfDate(now, -now.getTimezoneOffset());
const utc = (now: Date): Moment => momentOfDate(now, 0);

const clock = (name: string, type: SqlType, read: (now: Date) => Moment): ScalarFunction =>
  ofRuntime(name, type, ({ now }) => valueOfMoment(read(now), type, type), false);

/** What a text means as a date follows the session, so these are not folded. */
const unfolded = (entry: ScalarFunction): ScalarFunction => ({ ...entry, isPure: false });

/** The argument as a date: dates as they are, numbers as datetime, texts as datetime2. */
function dateMoment(binding: Binding, index: number, name: string): (value: Exclude<Value, null>) => Moment {
  const from = typeAt(binding, index);
  if (isTemporal(from)) {
    if (from.kind === 'time')
      throw new SqlError(
        9810,
        `The datepart ${name} is not supported by date function ${name} for data type time.`,
      );
    return (value) => momentOf(value, from);
  }
  const target = isCharacter(from) || from.kind === 'null' ? DATETIME2 : DATETIME;
  const toDate = converter(from, target, { explicit: false, session: binding.session });
  return (value) => momentOf(toDate(value) as Exclude<Value, null>, target);
}

const partFunction = (name: string, part: 'year' | 'month' | 'day'): ScalarFunction =>
  unfolded(
    strict(name, 1, 1, (binding) => {
      const read = dateMoment(binding, 0, part);
      return { type: INT, compute: ([value = 0]) => partOf(part, read(value), 7) };
    }),
  );

const endOfMonth = unfolded(
  strict('EOMONTH', 1, 2, (binding) => {
    const read = dateMoment(binding, 0, 'eomonth');
    const toMonths = binding.types.length > 1 ? argument(binding, 1, INT) : undefined;
    return {
      type: DATE,
      compute: ([value = 0, monthsValue = 0]) => {
        const { year, month } = calendarDay(read(value).days);
        const total = year * 12 + month - 1 + (toMonths ? (toMonths(monthsValue) as number) : 0);
        const [newYear, newMonth] = [Math.floor(total / 12), (total % 12) + 1];
        if (newYear < 1 || newYear > 9999)
          throw new SqlError(517, "Adding a value to a 'date' column caused an overflow.");
        return daysOf(newYear, newMonth, daysInMonth(newYear, newMonth));
      },
    };
  }),
);

const impossible = (type: SqlType): SqlError =>
  new SqlError(
    289,
    `Cannot construct data type ${typeName(type)}, some of the arguments have values which are not valid.`,
  );

/** DATEFROMPARTS and its kin. `parts` is how many whole numbers come before the scale; `isScaled` when the last argument is the scale. */
function fromParts(
  name: string,
  parts: number,
  typeOf: (scale: number) => SqlType,
  build: (numbers: readonly number[], scale: number) => Moment | undefined,
  isScaled = false,
): ScalarFunction {
  const count = isScaled ? parts + 1 : parts;
  return strict(name, count, count, (binding) => {
    const written = isScaled ? binding.constants[parts] : 0;
    if (isScaled && (typeof written !== 'number' || written < 0 || written > 7))
      throw new SqlError(
        10760,
        `Scale argument is not valid. Valid expressions for data type ${typeName(typeOf(7))} scale argument are integer constants and integer constant expressions.`,
      );
    const scale = typeof written === 'number' ? written : 7;
    const type = typeOf(scale);
    const readers = Array.from({ length: parts }, (_, index) => argument(binding, index, INT));
    return {
      type,
      compute: (values) => {
        const moment = build(
          readers.map((read, index) => read(values[index] ?? null) as number),
          scale,
        );
        if (!moment) throw impossible(type);
        return valueOfMoment(moment, type, type);
      },
    };
  });
}

const at = (days: number | undefined, ticks: number | undefined, offset = 0): Moment | undefined =>
  days === undefined || ticks === undefined ? undefined : { days, ticks, offset };

function timeTicks(hour = 0, minute = 0, second = 0, fraction = 0, scale = 0): number | undefined {
  const isValid = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (!isValid || fraction < 0 || fraction >= 10 ** scale) return undefined;
  return (
    hour * TICKS_PER_HOUR +
    minute * TICKS_PER_MINUTE +
    second * TICKS_PER_SECOND +
    fraction * 10 ** (7 - scale)
  );
}

const dayOf = ([year = 0, month = 0, day = 0]: readonly number[]): number | undefined =>
  checkedDaysOf(year, month, day);

const constructors: readonly ScalarFunction[] = [
  fromParts(
    'DATEFROMPARTS',
    3,
    () => DATE,
    (n) => at(dayOf(n), 0),
  ),
  fromParts(
    'DATETIMEFROMPARTS',
    7,
    () => DATETIME,
    (n) => at(dayOf(n), timeTicks(n[3], n[4], n[5], n[6], 3)),
  ),
  fromParts(
    'SMALLDATETIMEFROMPARTS',
    5,
    () => ({ kind: 'smalldatetime' }),
    (n) => at(dayOf(n), timeTicks(n[3], n[4])),
  ),
  fromParts(
    'DATETIME2FROMPARTS',
    7,
    (scale) => ({ kind: 'datetime2', scale }),
    (n, scale) => at(dayOf(n), timeTicks(n[3], n[4], n[5], n[6], scale)),
    true,
  ),
  fromParts(
    'TIMEFROMPARTS',
    4,
    (scale) => ({ kind: 'time', scale }),
    (n, scale) => at(DAYS_TO_1900, timeTicks(n[0], n[1], n[2], n[3], scale)),
    true,
  ),
  fromParts(
    'DATETIMEOFFSETFROMPARTS',
    9,
    (scale) => ({ kind: 'datetimeoffset', scale }),
    (n, scale) => {
      const [hours = 0, minutes = 0] = n.slice(7);
      if (Math.abs(hours) > 14 || Math.abs(minutes) > 59 || hours * minutes < 0) return undefined;
      return at(dayOf(n), timeTicks(n[3], n[4], n[5], n[6], scale), hours * 60 + minutes);
    },
    true,
  ),
];

/** An offset is a text '+hh:mm' or a number of minutes. Throws 9812. */
function offsetArgument(
  binding: Binding,
  index: number,
  name: string,
): (value: Exclude<Value, null>) => number {
  const from = typeAt(binding, index);
  const isText = isCharacter(from);
  const toMinutes = isText ? undefined : argument(binding, index, INT);
  return (value) => {
    const minutes = toMinutes ? (toMinutes(value) as number) : offsetOf(value as string);
    if (minutes === undefined || Math.abs(minutes) > 840)
      throw new SqlError(9812, `The timezone provided to builtin function ${name} is invalid.`, 16, 0);
    return minutes;
  };
}

const switchOffset = unfolded(
  strict('SWITCHOFFSET', 2, 2, (binding) => {
    const from = typeAt(binding, 0);
    const type: SqlType = from.kind === 'datetimeoffset' ? from : DATETIMEOFFSET;
    const toDate = argument(binding, 0, type);
    const offset = offsetArgument(binding, 1, 'switchoffset');
    return {
      type,
      compute: ([value = 0, offsetValue = 0]) =>
        valueOfMoment(
          withOffset(momentOf(toDate(value) as Exclude<Value, null>, type), offset(offsetValue)),
          type,
          type,
        ),
    };
  }),
);

const toDateTimeOffset = unfolded(
  strict('TODATETIMEOFFSET', 2, 2, (binding) => {
    const from = typeAt(binding, 0);
    const scale = from.kind === 'datetime2' || from.kind === 'datetimeoffset' ? (from.scale ?? 7) : 7;
    const middle: SqlType = { kind: 'datetime2', scale };
    const type: SqlType = { kind: 'datetimeoffset', scale };
    const toDate = argument(binding, 0, middle);
    const offset = offsetArgument(binding, 1, 'todatetimeoffset');
    return {
      type,
      compute: ([value = 0, offsetValue = 0]) =>
        valueOfMoment(
          { ...momentOf(toDate(value) as Exclude<Value, null>, middle), offset: offset(offsetValue) },
          type,
          type,
        ),
    };
  }),
);

/** 1 when the text reads as a datetime, and for the older date types themselves. */
const isDate: ScalarFunction = {
  name: 'ISDATE',
  minArguments: 1,
  maxArguments: 1,
  isPure: false,
  bind: (binding) => {
    const from = typeAt(binding, 0);
    if (
      from.kind === 'datetime2' ||
      from.kind === 'datetimeoffset' ||
      from.kind === 'date' ||
      from.kind === 'time'
    )
      throw invalidArgument(from, 1, 'isdate');
    return {
      type: INT,
      isNullable: false,
      evaluate: ([value = null]) => {
        if (value === null) return 0;
        if (from.kind === 'datetime' || from.kind === 'smalldatetime') return 1;
        if (!isCharacter(from) || (value as string).trim() === '') return 0;
        try {
          convert(value, from, DATETIME, { explicit: false, session: binding.session });
          return 1;
        } catch (error) {
          if (error instanceof SqlError) return 0;
          throw error;
        }
      },
    };
  },
};

export const dateFunctions: readonly ScalarFunction[] = [
  clock('GETDATE', DATETIME, local),
  clock('CURRENT_TIMESTAMP', DATETIME, local),
  clock('GETUTCDATE', DATETIME, utc),
  clock('SYSDATETIME', DATETIME2, local),
  clock('SYSUTCDATETIME', DATETIME2, utc),
  clock('SYSDATETIMEOFFSET', DATETIMEOFFSET, local),
  partFunction('YEAR', 'year'),
  partFunction('MONTH', 'month'),
  partFunction('DAY', 'day'),
  endOfMonth,
  ...constructors,
  switchOffset,
  toDateTimeOffset,
  isDate,
];
