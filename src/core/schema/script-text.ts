import { decodeText } from '../text-encoding.ts';
import { badPack } from './problems.ts';

/**
 * The text of a script or list as Windows editors leave it. What is neither UTF-8 nor UTF-16 with its mark is refused
 * by name: guessing a code page would turn customers' names into other letters.
 */
export function textOfFile(bytes: Uint8Array, file: string): string {
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw badPack(`${file}: the file is not UTF-8 text.`, 'Open it in an editor and save it as UTF-8.');
}

const headerLine = /^\s*--\s*(?<key>[a-z-]+)\s*:\s*(?<value>\S.*?)\s*$/i;

/** What the comment lines at the head of a script say as `-- key: value`; keys in lower case, lines from 1. */
function headersOf(script: string): ReadonlyMap<string, { readonly value: string; readonly line: number }> {
  const headers = new Map<string, { value: string; line: number }>();
  for (const [index, line] of script
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (line.trim() !== '' && !line.trimStart().startsWith('--')) break;
    const { key, value } = headerLine.exec(line)?.groups ?? {};
    if (key !== undefined && value !== undefined) headers.set(key.toLowerCase(), { value, line: index + 1 });
  }
  return headers;
}

/** What a script does in plain words, from `-- title: ...` at its head; undefined where it does not say. */
export function titleOf(script: string): string | undefined {
  return headersOf(script).get('title')?.value;
}

/**
 * Whether a script runs in a transaction: yes, unless one of the comment lines at its head says `-- tx: off`, for
 * what SQL Server refuses inside one (ALTER DATABASE, full text). Another value than on or off is refused.
 */
export function isTransactional(script: string, file: string): boolean {
  const header = headersOf(script).get('tx');
  const value = header?.value.toLowerCase();
  if (header === undefined || value === 'on') return true;
  if (value === 'off') return false;
  throw badPack(
    `${file}:${header.line}: "tx: ${header.value}" is not known.`,
    'Write "-- tx: off" or nothing.',
  );
}
