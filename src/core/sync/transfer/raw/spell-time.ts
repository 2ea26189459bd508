/** Dates and times of the wire ([MS-TDS] 2.2.5.5.1.8), spelled as CONVERT spells them in styles 121 and 126. */

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const day = 86_400_000;
const yearOne = Date.parse('0001-01-01T00:00:00Z');
const year1900 = Date.parse('1900-01-01T00:00:00Z');

function dateText(from: number, days: number): string {
  const date = new Date(from + days * day);
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

/** Three bytes of days since the first of January of the year 1. */
export const spellDate = (bytes: Buffer): string => dateText(yearOne, bytes.readUIntLE(0, 3));

/** Units of the last digit since midnight. */
export function spellTime(bytes: Buffer, digits: number): string {
  return timeText(bytes.readUIntLE(0, bytes.length), digits);
}

function timeText(units: number, digits: number): string {
  const perSecond = 10 ** digits;
  const seconds = Math.floor(units / perSecond);
  const whole = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return digits === 0 ? whole : `${whole}.${pad(units % perSecond, digits)}`;
}

/** Days since 1900, either way, and 1/300 s since midnight. Style 126 leaves milliseconds of 0 out. */
export function spellDateTime(bytes: Buffer): string {
  const ticks = bytes.readUInt32LE(4);
  const milliseconds = Math.round((ticks % 300) / 0.3);
  const time = timeText(Math.floor(ticks / 300), 0);
  const part = milliseconds === 0 ? '' : `.${pad(milliseconds, 3)}`;
  return `${dateText(year1900, bytes.readInt32LE())}T${time}${part}`;
}

/** Days since 1900 and minutes since midnight. */
export const spellSmallDateTime = (bytes: Buffer): string =>
  `${dateText(year1900, bytes.readUInt16LE())}T${timeText(bytes.readUInt16LE(2) * 60, 0)}`;

/** The time and the date of UTC, then the minutes by which the local clock, which is spelled, is ahead. */
export function spellOffset(bytes: Buffer, digits: number): string {
  const ahead = bytes.readInt16LE(bytes.length - 2);
  const perDay = 86_400 * 10 ** digits;
  const local = bytes.readUIntLE(0, bytes.length - 5) + ahead * 60 * 10 ** digits;
  const days = Math.floor(local / perDay);
  const date = dateText(yearOne, bytes.readUIntLE(bytes.length - 5, 3) + days);
  const distance = Math.abs(ahead);
  const zone = `${ahead < 0 ? '-' : '+'}${pad(Math.floor(distance / 60))}:${pad(distance % 60)}`;
  return `${date} ${timeText(local - days * perDay, digits)} ${zone}`;
}
