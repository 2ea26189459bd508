import { TYPES } from 'tedious';
import type { TravellingColumn } from '../../sync/transfer/columns.ts';
import type { StagedRow } from './open-file.ts';

/** How the values of a column go over the wire. */
export type WireColumn = {
  readonly name: string;
  readonly type: (typeof TYPES)['NVarChar'];
  /** Infinity = (max). */
  readonly length: number;
};

/** The longest name of a number or date in text, as the staging table has it. */
const textLength = 41;

export function wireColumn({ name, maxLength, type, passage }: TravellingColumn): WireColumn {
  const most = maxLength === -1 ? Number.POSITIVE_INFINITY : maxLength;
  if (passage === 'text') return { name, type: TYPES.VarChar, length: textLength };
  if (type.endsWith('binary')) return { name, type: TYPES.VarBinary, length: most };
  // Also for varchar: the server converts to the column's own code page, which nobody here knows.
  const characters = type.startsWith('n') ? most / 2 : most;
  return { name, type: TYPES.NVarChar, length: characters > 4000 ? Number.POSITIVE_INFINITY : characters };
}

const rowToken = 0xd1;
/** Bytes that a value needs beside itself, at most: two lengths and an end. */
const frame = 16;

/** Bytes of a run. tedious keeps a few dozen of them waiting. */
const runSize = 64 * 1024;

/**
 * The rows as a bulk load has them on the wire (MS-TDS 2.2.7.19), in runs, each without the token before its first row:
 * the line as an int, then the values. tedious writes value after value and waits after every row, which is five times
 * slower.
 */
export function* encodeRows(rows: readonly StagedRow[], columns: readonly WireColumn[]): Generator<Buffer> {
  let begin = 0;
  let room = 0;
  for (const [index, row] of rows.entries()) {
    room += roomFor(row);
    if (room < runSize && index < rows.length - 1) continue;
    yield encodeRun(rows.slice(begin, index + 1), columns, room);
    begin = index + 1;
    room = 0;
  }
}

/** An upper bound of its bytes. */
function roomFor(row: StagedRow): number {
  let room = 0;
  for (const value of row) {
    const bytes =
      typeof value === 'string' ? value.length * 2 : value instanceof Uint8Array ? value.length : 0;
    room += frame + bytes;
  }
  return room;
}

function encodeRun(rows: readonly StagedRow[], columns: readonly WireColumn[], room: number): Buffer {
  const run = Buffer.allocUnsafe(room);
  let at = 0;
  for (const [index, row] of rows.entries()) {
    if (index > 0) run[at++] = rowToken;
    run[at] = 4;
    at = run.writeInt32LE(Number(row[0]), at + 1);
    for (const [place, column] of columns.entries())
      at = writeValue(run, at, (row[place + 1] ?? null) as string | Uint8Array | null, column);
  }
  return run.subarray(0, at);
}

function writeValue(
  run: Buffer,
  at: number,
  value: string | Uint8Array | null,
  { type, length }: WireColumn,
): number {
  const isLarge = length === Number.POSITIVE_INFINITY;
  if (value === null) return run.fill(0xff, at, at + (isLarge ? 8 : 2)) && at + (isLarge ? 8 : 2);
  // A text of numbers is ASCII: readValue let nothing else through.
  const bytes =
    typeof value !== 'string' ? value.length : type === TYPES.VarChar ? value.length : value.length * 2;
  let to = at;
  if (isLarge) {
    // PLP_BODY of unknown length, as tedious sends it; one chunk of all, and nothing has no chunk.
    to = run.writeUInt32LE(0xfffffffe, to);
    to = run.writeUInt32LE(0xffffffff, to);
    if (bytes > 0) to = run.writeUInt32LE(bytes, to);
  } else to = run.writeUInt16LE(bytes, to);
  if (typeof value !== 'string') run.set(value, to);
  else if (type === TYPES.VarChar) run.write(value, to, bytes, 'latin1');
  else run.write(value, to, bytes, 'utf16le');
  to += bytes;
  return isLarge ? run.writeUInt32LE(0, to) : to;
}
