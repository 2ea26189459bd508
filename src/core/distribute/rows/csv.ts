import Papa from 'papaparse';
import type { PackFile } from '../pack/manifest.ts';
import { damaged } from '../pack/pack-refusal.ts';
import { type RowBatch, type RowReading, type RowText, rowRefused } from './row-text.ts';

/*
 * RFC 4180 with UTF-8 and LF. NULL is written \N, as PostgreSQL's COPY and MySQL write it, and a text that begins with
 * a backslash gets a second one: an empty field is an empty text, quoted or not, whatever wrote the file.
 */
const nullText = String.raw`\N`;

/** Characters that are parsed at once; enough that the parser's own start does not count. */
const bite = 1 << 18;
/** Characters of one row. A picture of the shop has some megabytes, twice that as hex. */
const longestRow = 64 * 1024 * 1024;

/** Rows as lines of the file, each with its line end. */
export const csvLines = (rows: readonly RowText[]): string =>
  `${Papa.unparse(rows.map((row) => row.map(written)) as string[][], { newline: '\n' })}\n`;

const written = (value: string | null): string => {
  if (value === null) return nullText;
  return value.startsWith('\\') ? `\\${value}` : value;
};

/** Reads the header; the rows come as they are asked for. Throws ExpectedErrors that name file and line. */
export async function readCsv(file: PackFile, text: AsyncIterable<string>): Promise<RowReading> {
  const batches = csvBatches(file, text);
  const first = await batches.next();
  const [header, ...rest] = first.done === true ? [] : first.value.rows;
  const lines = first.done === true ? [] : first.value.lines.slice(1);
  if (header === undefined) throw damaged(file.name, 'it has no header line.');
  return {
    columns: header.map((name) => name ?? ''),
    batches: (async function* () {
      try {
        yield { rows: rest, lines };
        yield* batches;
      } finally {
        await batches.return(undefined);
      }
    })(),
  };
}

async function* csvBatches(file: PackFile, text: AsyncIterable<string>): AsyncGenerator<RowBatch> {
  let line = 1;
  let pending = '';
  let needed = bite;
  let newline: '\n' | '\r\n' | undefined;
  const take = (isLast: boolean): RowBatch => {
    newline ??= /\r\n/.test(pending.slice(0, pending.indexOf('\n') + 1)) ? '\r\n' : '\n';
    const parser = new Papa.Parser({ delimiter: ',', newline });
    const { data, errors, meta } = parser.parse(pending, 0, !isLast);
    pending = isLast ? '' : pending.slice(meta.cursor);
    // What is left is read again with what follows: twice as much each time, or a long row would be read for ever.
    needed = Math.max(bite, 2 * pending.length);
    // A last line with its line end is followed by nothing, which the parser takes for a row.
    if (isLast && data.at(-1)?.length === 1 && data.at(-1)?.[0] === '') data.pop();
    const lines: number[] = [];
    for (const row of data) {
      lines.push(line);
      line += 1 + lineEndsIn(row);
    }
    const [error] = errors;
    if (error !== undefined)
      throw rowRefused(file, lines[error.row ?? -1] ?? line, undefined, `${error.message}.`);
    return { rows: data.map((row: string[], index: number) => read(row, file, lines[index] ?? line)), lines };
  };
  for await (const chunk of text) {
    pending += chunk;
    if (pending.length < needed) continue;
    yield take(false);
    if (pending.length > longestRow)
      throw rowRefused(file, line, undefined, 'this row does not end: is a closing quote missing?');
  }
  yield take(true);
}

function read(row: readonly string[], file: PackFile, line: number): RowText {
  // Nearly no row has a backslash in front of a value.
  if (!row.some((value) => value.charCodeAt(0) === 92)) return row;
  return row.map((value) => {
    if (value === nullText) return null;
    if (value.charCodeAt(0) !== 92) return value;
    if (value.charCodeAt(1) === 92) return value.slice(1);
    throw rowRefused(
      file,
      line,
      undefined,
      String.raw`a value begins with one backslash; write \\ for a backslash, \N for NULL.`,
    );
  });
}

function lineEndsIn(row: readonly string[]): number {
  let count = 0;
  for (const value of row)
    for (let at = value.indexOf('\n'); at !== -1; at = value.indexOf('\n', at + 1)) count += 1;
  return count;
}
