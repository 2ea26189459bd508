import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import { isDate, isTime } from './dates.ts';

/** A value as it goes into the staging table, or in words why it does not fit the column. */
export type ReadValue = (
  text: string,
) => { readonly value: string | Uint8Array } | { readonly problem: string };

/** Checks the texts of a column against its type: what passes here, the server takes without losing a digit. */
export function readValue(column: ColumnShape): ReadValue {
  switch (column.type) {
    case 'bit':
      return whole(0n, 1n);
    case 'tinyint':
      return whole(0n, 255n);
    case 'smallint':
      return whole(-32_768n, 32_767n);
    case 'int':
      return whole(-2_147_483_648n, 2_147_483_647n);
    case 'bigint':
      return whole(-(2n ** 63n), 2n ** 63n - 1n);
    case 'numeric':
    case 'decimal':
      return exact(column.precision, column.scale);
    case 'money':
      return money(2n ** 63n);
    case 'smallmoney':
      return money(2n ** 31n);
    case 'time':
      return time(column.scale);
    case 'date':
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
    case 'datetimeoffset':
      return date(column.type, column.scale);
    case 'uniqueidentifier':
      return (text) =>
        /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
          ? { value: text }
          : { problem: 'this is not a GUID.' };
    case 'binary':
    case 'varbinary':
      return binary(column.maxLength);
    default:
      return characters(column);
  }
}

function whole(least: bigint, most: bigint): ReadValue {
  const isSmall = most <= 2_147_483_647n;
  const [from, to] = [Number(least), Number(most)];
  return (text) => {
    if (!/^-?\d{1,20}$/.test(text)) return { problem: 'this is not a whole number.' };
    const fits = isSmall
      ? Number(text) >= from && Number(text) <= to
      : BigInt(text) >= least && BigInt(text) <= most;
    return fits ? { value: text } : { problem: `this number is not between ${least} and ${most}.` };
  };
}

const number = /^-?(\d{1,60})(?:\.(\d{1,60}))?$/;

function exact(precision: number, scale: number): ReadValue {
  return (text) => {
    const match = number.exec(text);
    if (match === null) return { problem: 'this is not a number.' };
    const before = (match[1] ?? '').replace(/^0+/, '').length;
    const after = (match[2] ?? '').replace(/0+$/, '').length;
    if (before > precision - scale)
      return { problem: `this number has more than ${precision - scale} digits before the point.` };
    if (after > scale) return { problem: `this number has more than ${scale} digits after the point.` };
    return { value: text };
  };
}

/** `limit` in ten-thousandths: money is a whole number of those. */
function money(limit: bigint): ReadValue {
  return (text) => {
    const match = number.exec(text);
    if (match === null) return { problem: 'this is not a number.' };
    const after = (match[2] ?? '').replace(/0+$/, '');
    if (after.length > 4) return { problem: 'this amount has more than 4 digits after the point.' };
    const parts = BigInt(`${match[1] ?? ''}${after.padEnd(4, '0')}`);
    if (text.startsWith('-') ? parts > limit : parts >= limit)
      return { problem: 'this amount is out of range.' };
    return { value: text };
  };
}

type DateType = 'date' | 'datetime' | 'smalldatetime' | 'datetime2' | 'datetimeoffset';

/** First and last value of a type and the digits of a second that fit; datetime keeps 1/300 s of its three. */
const ranges: {
  readonly [Type in DateType]: { readonly first: string; readonly last: string; readonly digits: number };
} = {
  date: { first: '0001', last: '9999-12-31', digits: 0 },
  datetime: { first: '1753', last: '9999-12-31T23:59:59.998', digits: 3 },
  // Half a minute later it is rounded to a day that the type does not have.
  smalldatetime: { first: '1900', last: '2079-06-06T23:59:29', digits: 0 },
  datetime2: { first: '0001', last: '9999-12-31T23:59:59.9999999', digits: 7 },
  datetimeoffset: { first: '0001', last: '9999-12-31T23:59:59.9999999', digits: 7 },
};
const point = /^(\d{4}-\d\d-\d\d)(T(\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?([+-]\d\d:\d\d)?$/;

function date(type: DateType, scale: number): ReadValue {
  const { first, last, digits } = ranges[type];
  const most = Math.min(digits, type.startsWith('datetime') && digits === 7 ? scale : digits);
  const form = type === 'date' ? 'yyyy-mm-dd' : 'yyyy-mm-ddThh:mm:ss';
  return (text) => {
    const [, day = '', hasTime, time = '00:00:00', fraction = '', offset] = point.exec(text) ?? [];
    const isForm = type === 'date' ? hasTime === undefined : true;
    if (!isForm || !isDate(day) || !isTime(time) || (offset !== undefined) !== (type === 'datetimeoffset'))
      return { problem: `this is not a date (${form}${type === 'datetimeoffset' ? '+hh:mm' : ''}).` };
    if (text < first || (offset === undefined && text > last))
      return { problem: `this date is out of the range of ${type}.` };
    if (fraction.length > most) return { problem: `this has more than ${most} digits of a second.` };
    // A day without a time is read by the server as the language of the login has it; with a time it is not.
    if (type !== 'date' && hasTime === undefined) return { value: `${day}T00:00:00` };
    return {
      value: type === 'datetime' && fraction !== '' ? `${day}T${time}.${fraction.padEnd(3, '0')}` : text,
    };
  };
}

function time(scale: number): ReadValue {
  return (text) => {
    const [clock = '', fraction = ''] = text.split('.', 2);
    if (!isTime(clock) || !/^\d{0,7}$/.test(fraction)) return { problem: 'this is not a time (hh:mm:ss).' };
    return fraction.length > scale
      ? { problem: `this has more than ${scale} digits of a second.` }
      : { value: text };
  };
}

function binary(maxLength: number): ReadValue {
  return (text) => {
    if (!/^0x(?:[\da-fA-F]{2})*$/.test(text))
      return { problem: 'this is not hex (0x and two digits for each byte).' };
    const bytes = Buffer.from(text.slice(2), 'hex');
    if (maxLength !== -1 && bytes.length > maxLength)
      return { problem: `this has ${bytes.length} bytes, and the column ${maxLength}.` };
    return { value: bytes };
  };
}

function characters({ type, maxLength }: ColumnShape): ReadValue {
  const most = maxLength === -1 ? Number.POSITIVE_INFINITY : type.startsWith('n') ? maxLength / 2 : maxLength;
  return (text) =>
    text.length <= most
      ? { value: text }
      : { problem: `this text has ${text.length} characters, and the column ${most}.` };
}
