import { createHash } from 'node:crypto';

/**
 * The way in which scripts are normalised before hashing. It stands in every journal row: a change of `normalise`
 * needs a new number, so that databases made before are not taken for changed.
 */
export const hashFormat = 1;

/** What is hashed: no byte-order mark, LF line ends, no blanks at the end of lines, no empty lines at the end. */
export function normalise(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n+$/, '');
}

/** SHA-256 of the normalised text, 64 lower-case hexadecimal digits: an editor's line ends do not change it. */
export function hashScript(text: string): string {
  return createHash('sha256').update(normalise(text), 'utf8').digest('hex');
}
