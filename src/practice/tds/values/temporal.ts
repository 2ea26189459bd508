/** Dates and times between the engine's units and those of the wire. */

import type { DateTimeOffset } from '../../engine/types.ts';

export const TICKS_PER_DAY = 864_000_000_000n;
/** Units of 1/300 s in a day. */
export const DATETIME_UNITS_PER_DAY = 25_920_000;
export const MINUTES_PER_DAY = 1440;
const TICKS_PER_MINUTE = 600_000_000n;

/** Bytes that a time of day takes at a scale of 0 to 7. */
export function timeLength(scale: number): 3 | 4 | 5 {
  return scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
}

/** 100 ns units in one unit of the scale. */
export function ticksPerUnit(scale: number): bigint {
  return 10n ** BigInt(7 - scale);
}

function pad(value: number | bigint, width: number): string {
  return value.toString().padStart(width, '0');
}

/** yyyy-mm-dd of a day counted from 0001-01-01. */
export function dateText(days: number): string {
  const date = new Date(0);
  date.setUTCFullYear(1, 0, 1 + days);
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}

/** hh:mm:ss[.fffffff] of 100 ns units since midnight. */
export function timeText(ticks: bigint, scale: number): string {
  const seconds = ticks / 10_000_000n;
  const clock = `${pad(seconds / 3600n, 2)}:${pad((seconds / 60n) % 60n, 2)}:${pad(seconds % 60n, 2)}`;
  return scale === 0 ? clock : `${clock}.${pad(ticks % 10_000_000n, 7).slice(0, scale)}`;
}

/** yyyy-mm-dd hh:mm:ss[.fffffff] */
export function datetime2Text(ticks: bigint, scale: number): string {
  return `${dateText(Number(ticks / TICKS_PER_DAY))} ${timeText(ticks % TICKS_PER_DAY, scale)}`;
}

/** Local time with its offset: yyyy-mm-dd hh:mm:ss[.fffffff] +hh:mm */
export function datetimeoffsetText(value: DateTimeOffset, scale: number): string {
  const local = value.utc + BigInt(value.offset) * TICKS_PER_MINUTE;
  const minutes = Math.abs(value.offset);
  const sign = value.offset < 0 ? '-' : '+';
  return `${datetime2Text(local, scale)} ${sign}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
}
