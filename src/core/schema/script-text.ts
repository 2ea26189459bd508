import { badPack } from './problems.ts';

/**
 * The text of a script or list as Windows editors leave it: UTF-8 with or without a byte-order mark, or UTF-16 with
 * one. Anything else is refused by name: guessing a code page would turn customers' names into other letters.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw badPack(
      `${file}: the file is not UTF-8 text.`,
      'Open it in an editor and save it as UTF-8.',
      error,
    );
  }
}

const headerLine = /^\s*--\s*(?<key>[a-z-]+)\s*:\s*(?<value>\S+)\s*$/i;

/**
 * Whether a script runs in a transaction: yes, unless one of the comment lines at its head says `-- tx: off`, for
 * what SQL Server refuses inside one (ALTER DATABASE, full text). Another value than on or off is refused.
 */
export function isTransactional(script: string, file: string): boolean {
  const lines = script.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '' && !line.trimStart().startsWith('--')) break;
    const header = headerLine.exec(line)?.groups;
    if (header?.key?.toLowerCase() !== 'tx') continue;
    const value = header.value?.toLowerCase();
    if (value === 'off') return false;
    if (value !== 'on')
      throw badPack(
        `${file}:${index + 1}: "tx: ${header.value}" is not known.`,
        'Write "-- tx: off" or nothing.',
      );
  }
  return true;
}
