/** DATEADD, DATEDIFF, DATEDIFF_BIG, DATEPART and DATENAME: functions whose first argument is a part of a date. */

import type { Expression } from '../../../language/syntax.ts';
import { SqlError } from '../../extension.ts';
import type { SqlType, Value } from '../../types.ts';
import { checkArguments } from '../compile-call.ts';
import { compileExpression } from '../compile-expression.ts';
import { convertTo } from '../compiled.ts';
import { invalidArgument } from '../scalar-errors.ts';
import type { Compiled, Scope } from '../scope.ts';
import { momentOf } from '../temporal.ts';
import { BIGINT, DATETIME, INT, isTemporal, nvarchar, typeName } from '../type-facts.ts';
import { addToDate } from './date-addition.ts';
import { countBoundaries } from './date-difference.ts';
import { nameOfPart, partOf } from './date-reading.ts';

export type DatePart =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond'
  | 'tzoffset'
  | 'iso_week';

/** https://learn.microsoft.com/sql/t-sql/functions/datepart-transact-sql#datepart */
const partNames: Readonly<Record<DatePart, readonly string[]>> = {
  year: ['yy', 'yyyy'],
  quarter: ['qq', 'q'],
  month: ['mm', 'm'],
  dayofyear: ['dy', 'y'],
  day: ['dd', 'd'],
  week: ['wk', 'ww'],
  weekday: ['dw', 'w'],
  hour: ['hh'],
  minute: ['mi', 'n'],
  second: ['ss', 's'],
  millisecond: ['ms'],
  microsecond: ['mcs'],
  nanosecond: ['ns'],
  tzoffset: ['tz'],
  iso_week: ['isowk', 'isoww'],
};
const parts = new Map<string, DatePart>();
for (const [part, names] of Object.entries(partNames) as [DatePart, readonly string[]][]) {
  parts.set(part, part);
  for (const name of names) parts.set(name, part);
}

type Call = Extract<Expression, { kind: 'call' }>;

/** Compiles one of the date-part functions; undefined for any other name. */
export function dateFunction(name: string, call: Call, scope: Scope): Compiled | undefined {
  switch (name) {
    case 'DATEADD':
      return dateAdd(call, scope);
    case 'DATEDIFF':
    case 'DATEDIFF_BIG':
      return dateDiff(call, scope, name === 'DATEDIFF_BIG');
    case 'DATEPART':
    case 'DATENAME':
      return readPart(call, scope, name === 'DATENAME');
    default:
      return undefined;
  }
}

function datePart(call: Call, count: number): DatePart {
  checkArguments(call.name.name, call.arguments.length, count, count);
  const [node] = call.arguments;
  const name = call.name.name.toLowerCase();
  const written = node?.kind === 'column' && node.parts.length === 1 ? node.parts[0] : undefined;
  if (written === undefined) throw new SqlError(1023, `Invalid parameter 1 specified for ${name}.`, 15);
  const part = parts.get(written.toLowerCase());
  if (!part) throw new SqlError(155, `'${written}' is not a recognized ${name} option.`, 15);
  return part;
}

const node = (call: Call, index: number): Expression => {
  const found = call.arguments[index];
  if (!found) throw new Error('the argument count was checked');
  return found;
};

const isTimePart = (part: DatePart): boolean =>
  ['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond'].includes(part);

/** Throws 9810 where the type has no such part. */
function requirePart(part: DatePart, type: SqlType, name: string): void {
  const isMissing =
    (type.kind === 'date' && (isTimePart(part) || part === 'tzoffset')) ||
    (type.kind === 'time' && !isTimePart(part)) ||
    (part === 'tzoffset' && type.kind !== 'datetimeoffset' && type.kind !== 'datetime2');
  if (isMissing) throw unsupportedPart(part, type, name);
}

const unsupportedPart = (part: DatePart, type: SqlType, name: string): SqlError =>
  new SqlError(
    9810,
    `The datepart ${part} is not supported by date function ${name.toLowerCase()} for data type ${typeName(type)}.`,
  );

/** The date argument: dates as they are, everything else in the type given. */
function dateArgument(call: Call, index: number, otherwise: SqlType, scope: Scope): Compiled {
  const input = compileExpression(node(call, index), scope);
  if (isTemporal(input.type)) return input;
  const target =
    input.type.kind === 'int' || input.type.kind === 'numeric' || input.type.kind === 'float'
      ? DATETIME
      : otherwise;
  return convertTo(input, target, scope);
}

function dateAdd(call: Call, scope: Scope): Compiled {
  const part = datePart(call, 3);
  const numberInput = compileExpression(node(call, 1), scope);
  const number = convertTo(numberInput, INT, scope, { explicit: false });
  const date = dateArgument(call, 2, DATETIME, scope);
  requirePart(part, date.type, 'dateadd');
  if (part === 'tzoffset' || part === 'iso_week') throw unsupportedPart(part, date.type, 'dateadd');
  const isLegacy = date.type.kind === 'datetime' || date.type.kind === 'smalldatetime';
  if (isLegacy && (part === 'microsecond' || part === 'nanosecond'))
    throw unsupportedPart(part, date.type, 'dateadd');
  const add = addToDate(part, date.type);
  return {
    type: date.type,
    isNullable: number.isNullable || date.isNullable,
    evaluate: (frame) => {
      const count = number.evaluate(frame);
      const value = date.evaluate(frame);
      return count === null || value === null ? null : add(value, count as number);
    },
  };
}

function dateDiff(call: Call, scope: Scope, isBig: boolean): Compiled {
  const name = isBig ? 'datediff_big' : 'datediff';
  const part = datePart(call, 3);
  const [from, to] = [1, 2].map((index) => dateArgument(call, index, { kind: 'datetime2', scale: 7 }, scope));
  if (!from || !to) throw new Error('the argument count was checked');
  if (part === 'tzoffset' || part === 'iso_week') throw unsupportedPart(part, from.type, name);
  for (const { type } of [from, to])
    if (type.kind === 'time' && !isTimePart(part)) throw unsupportedPart(part, type, name);
  return {
    type: isBig ? BIGINT : INT,
    isNullable: from.isNullable || to.isNullable,
    evaluate: (frame): Value => {
      const start = from.evaluate(frame);
      const end = to.evaluate(frame);
      if (start === null || end === null) return null;
      const count = countBoundaries(part, momentOf(start, from.type), momentOf(end, to.type));
      if (isBig) return count;
      if (BigInt.asIntN(32, count) !== count)
        throw new SqlError(
          535,
          'The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.',
          16,
          0,
        );
      return Number(count);
    },
  };
}

function readPart(call: Call, scope: Scope, isName: boolean): Compiled {
  const part = datePart(call, 2);
  const date = dateArgument(call, 1, { kind: 'datetime2', scale: 7 }, scope);
  const name = isName ? 'datename' : 'datepart';
  if (!isTemporal(date.type)) throw invalidArgument(date.type, 2, name);
  requirePart(part, date.type, name);
  const read = isName ? nameOfPart : partOf;
  return {
    type: isName ? nvarchar(30) : INT,
    isNullable: date.isNullable,
    evaluate: (frame) => {
      const value = date.evaluate(frame);
      return value === null ? null : read(part, momentOf(value, date.type), scope.session.dateFirst);
    },
  };
}
