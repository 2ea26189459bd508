import type { ScopeStatus } from '../../core/sync/index.ts';
import { amount, clockTime, directionWord } from '../../core/words.ts';
import { pointerWidth } from '../layout.ts';
import { cut, padded, widthOf } from '../text-width.ts';

/** The columns behind the scope's name, in a wide and in a narrow terminal. */
const columns = [
  { title: 'Direction', narrow: 'Dir', wide: 9, slim: 4, isNumber: false },
  { title: 'Last run', narrow: 'Last', wide: 8, slim: 5, isNumber: false },
  { title: 'Rows', narrow: 'Rows', wide: 8, slim: 6, isNumber: true },
  { title: 'Errors', narrow: 'Errors', wide: 6, slim: 6, isNumber: true },
  { title: 'Waiting', narrow: 'Waiting', wide: 8, slim: 7, isNumber: true },
] as const;

const gap = '  ';
/** Columns of content from which the wide table fits. */
const wideFrom = 70;

/** `Scope                        Direction  Last run      Rows  Errors   Waiting` */
export function scopeHeading(width: number): string {
  const isWide = width >= wideFrom;
  return lineOf(
    'Scope',
    columns.map((column) => (isWide ? column.title : column.narrow)),
    width,
    '',
  );
}

/** One scope in the same columns; `mark` stands where its name had to be cut. */
export function scopeLine(scope: ScopeStatus, now: Date, width: number, mark: string): string {
  const isWide = width >= wideFrom;
  const { lastRun, direction } = scope;
  return lineOf(
    scope.scope,
    [
      directionWord(direction),
      lastRun === undefined ? 'never' : moment(lastRun.finishedUtc, now, isWide),
      lastRun === undefined ? '' : fitted(lastRun.downloaded + lastRun.uploaded, isWide ? 8 : 6),
      errorsOf(scope),
      waitingOf(scope, isWide ? 8 : 7),
    ],
    width,
    mark,
  );
}

function lineOf(name: string, cells: readonly string[], width: number, mark: string): string {
  const isWide = width >= wideFrom;
  const rest = columns.map((column, index) => {
    const room = isWide ? column.wide : column.slim;
    const cell = cells[index] ?? '';
    return column.isNumber ? cell.padStart(room) : padded(cell, room);
  });
  const tail = gap + rest.join(gap);
  const room = width - pointerWidth - widthOf(tail);
  return padded(cut(name, room, mark), room) + tail;
}

/** A number in its column: in thousands where the whole of it has no room. */
function fitted(number: number, room: number): string {
  const whole = amount(number);
  return whole.length <= room ? whole : `${amount(Math.floor(number / 1000))}k`;
}

/** Rows that are parked, or the word where the last run failed altogether. */
function errorsOf({ lastRun, parked }: ScopeStatus): string {
  return lastRun?.outcome === 'failed' ? 'failed' : amount(parked);
}

/** Rows on either side that the other one has not got; `?` where nobody can say. */
function waitingOf({ waiting, direction }: ScopeStatus, room: number): string {
  const ways = [
    ...(direction === 'download' ? [] : [waiting.up]),
    ...(direction === 'upload' ? [] : [waiting.down]),
  ];
  const known = ways.filter((way) => way !== undefined);
  const sum = known.reduce((total, way) => total + way, 0);
  return known.length < ways.length ? (sum === 0 ? '?' : `${fitted(sum, room - 1)}+`) : fitted(sum, room);
}

/** The time of day where it was today, else the day. */
function moment(at: Date, now: Date, isWide: boolean): string {
  const two = (number: number) => String(number).padStart(2, '0');
  if (at.toDateString() !== now.toDateString()) return `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return clockTime(at).slice(0, isWide ? 8 : 5);
}
