import type { PackFile } from '../pack/manifest.ts';
import { damaged } from '../pack/pack-refusal.ts';
import { type RowBatch, type RowReading, type RowText, rowRefused } from './row-text.ts';

/** Characters of one row. */
const longestRow = 64 * 1024 * 1024;

/**
 * One JSON object a line, every value a text or null: a number of JSON has no 32 digits. The first line names the
 * columns: an array of texts, so that a file without rows names them too.
 */
export const ndjsonHeader = (columns: readonly string[]): string => `${JSON.stringify(columns)}\n`;

export const ndjsonLines = (columns: readonly string[], rows: readonly RowText[]): string =>
  rows
    .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, row[index]])))}\n`)
    .join('');

/** Reads the first line; the rows come as they are asked for. Throws ExpectedErrors that name file and line. */
export async function readNdjson(file: PackFile, text: AsyncIterable<string>): Promise<RowReading> {
  const lines = linesOf(file, text);
  const first = await lines.next();
  const columns = first.done === true ? undefined : jsonOf(first.value[0] ?? '', file, 1);
  if (!Array.isArray(columns) || !columns.every((name) => typeof name === 'string'))
    throw damaged(file.name, 'its first line is not the list of its columns.');
  const head = first.done === true ? [] : first.value.slice(1);
  return { columns, batches: rowsOf(file, columns, head, lines) };
}

async function* rowsOf(
  file: PackFile,
  columns: readonly string[],
  head: readonly string[],
  rest: AsyncGenerator<readonly string[]>,
): AsyncGenerator<RowBatch> {
  let line = 2;
  const batch = (texts: readonly string[]): RowBatch => {
    const lines = texts.map((_, index) => line + index);
    line += texts.length;
    return { rows: texts.map((each, index) => rowOf(each, columns, file, lines[index] ?? 0)), lines };
  };
  try {
    yield batch(head);
    for await (const texts of rest) yield batch(texts);
  } finally {
    await rest.return(undefined);
  }
}

function rowOf(text: string, columns: readonly string[], file: PackFile, line: number): RowText {
  const value = jsonOf(text, file, line);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw rowRefused(file, line, undefined, 'this is not an object.');
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields))
    if (!columns.includes(name))
      throw rowRefused(file, line, name, 'the first line does not name this column.');
  return columns.map((name) => {
    const field = fields[name];
    if (typeof field === 'string' || field === null) return field;
    throw rowRefused(
      file,
      line,
      name,
      field === undefined ? 'it is missing.' : 'write it as a text, in quotes.',
    );
  });
}

function jsonOf(text: string, file: PackFile, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw rowRefused(file, line, undefined, 'this is not JSON.');
  }
}

/** Whole lines, some at a time. */
async function* linesOf(file: PackFile, text: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let pending = '';
  let line = 1;
  for await (const chunk of text) {
    pending += chunk;
    const end = pending.lastIndexOf('\n');
    if (end === -1) {
      if (pending.length > longestRow) throw rowRefused(file, line, undefined, 'this line does not end.');
      continue;
    }
    const whole = pending.slice(0, end).split('\n');
    pending = pending.slice(end + 1);
    line += whole.length;
    yield whole;
  }
  if (pending !== '') yield [pending];
}
