/**
 * Collations: which texts are equal and how they are ordered. Equality follows the rules of the named collation;
 * the order of letters and digits too, that of punctuation is the one of Unicode and may differ from SQL Server's.
 */

import { Refusal, SqlError } from '../extension.ts';

export const DEFAULT_COLLATION = 'SQL_Latin1_General_CP1_CI_AS';

export type Collation = {
  readonly name: string;
  readonly isCaseSensitive: boolean;
  readonly isAccentSensitive: boolean;
  readonly isBinary: boolean;
  /** Equal texts and only they have the same key. Trailing blanks do not count. */
  key(text: string): string;
  /** Folds case and accents but keeps every character in its place, for LIKE and CHARINDEX. */
  fold(text: string): string;
  compare(left: string, right: string): number;
};

const known = new Map<string, Collation>();
const families =
  /^(SQL_Latin1_General_CP1|SQL_Latin1_General_CP1252|SQL_1xCompat_CP850|Latin1_General|Latin1_General_100)_(.+)$/i;
const recognised = /^[A-Za-z]+[A-Za-z0-9_]*_(CI|CS|BIN|BIN2)(_|$)/i;

/** The collation of that name. Throws 448 for a name that is none and refuses those of other alphabets. */
export function collationOf(name: string = DEFAULT_COLLATION): Collation {
  const found = known.get(name) ?? known.get(name.toLowerCase());
  if (found) return found;
  const match = families.exec(name);
  const suffix = match?.[2]?.toUpperCase();
  const made =
    suffix === undefined ? undefined : make(name, suffix.replace(/_(KS|WS|SC|UTF8|VSS)(?=_|$)/g, ''));
  if (!made) {
    if (!match && recognised.test(name)) throw new Refusal(`the collation ${name}`);
    throw new SqlError(448, `Invalid collation '${name}'.`);
  }
  known.set(name.toLowerCase(), made);
  known.set(name, made);
  return made;
}

function make(name: string, suffix: string): Collation | undefined {
  switch (suffix) {
    case 'BIN':
    case 'BIN2':
      return binary(name);
    case 'CI_AS':
      return linguistic(name, false, true);
    case 'CI_AI':
      return linguistic(name, false, false);
    case 'CS_AS':
      return linguistic(name, true, true);
    case 'CS_AI':
      return linguistic(name, true, false);
    default:
      return undefined;
  }
}

/** Without the blanks at its end, which never count in a comparison. */
export function trimEndBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function binary(name: string): Collation {
  return {
    name,
    isCaseSensitive: true,
    isAccentSensitive: true,
    isBinary: true,
    key: trimEndBlanks,
    fold: (text) => text,
    compare: (left, right) => order(trimEndBlanks(left), trimEndBlanks(right)),
  };
}

const plainAscii = /^[\0-\x7f]*$/;

/** Upper case, character by character: a character whose upper case is longer (the German sharp s) stays as it is. */
export function upperCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length) return upper;
  let result = '';
  for (const character of text) {
    const one = character.toUpperCase();
    result += one.length === character.length ? one : character;
  }
  return result;
}

/** Lower case, character by character. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  let result = '';
  for (const character of text) {
    const one = character.toLowerCase();
    result += one.length === character.length ? one : character;
  }
  return result;
}

function withoutAccents(text: string): string {
  if (plainAscii.test(text)) return text;
  let result = '';
  for (const character of text) {
    const base = character.normalize('NFD').replace(/\p{M}+/gu, '');
    result += base.length === character.length ? base : character;
  }
  return result;
}

function linguistic(name: string, isCaseSensitive: boolean, isAccentSensitive: boolean): Collation {
  const sensitivity = isCaseSensitive ? 'variant' : isAccentSensitive ? 'accent' : 'base';
  const collator = new Intl.Collator('en', { sensitivity, caseFirst: 'false' });
  const fold = (text: string): string => {
    const cased = isCaseSensitive ? text : upperCase(text);
    return isAccentSensitive ? cased : withoutAccents(cased);
  };
  const key = (text: string): string => fold(trimEndBlanks(text));
  return {
    name,
    isCaseSensitive,
    isAccentSensitive,
    isBinary: false,
    key,
    fold,
    compare: (left, right) => {
      const leftKey = key(left);
      const rightKey = key(right);
      if (leftKey === rightKey) return 0;
      // The keys decide what is equal, so a tie of the collator is broken by code points.
      return collator.compare(leftKey, rightKey) || order(leftKey, rightKey);
    },
  };
}
