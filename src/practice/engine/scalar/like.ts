/** Patterns of LIKE and PATINDEX: https://learn.microsoft.com/sql/t-sql/language-elements/like-transact-sql */

import { SqlError } from '../extension.ts';
import type { Collation } from './collation.ts';

type Token =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'set'; has(character: string): boolean };

export type Pattern = {
  /** True when the whole text matches. `ignoresBlanks` lets blanks at the end of the text stay unmatched (char and varchar). */
  matches(text: string, ignoresBlanks: boolean): boolean;
  /** Position from 1 of the first match, 0 for none, as PATINDEX counts. */
  indexIn(text: string): number;
};

/** Reads a pattern. `escapeWith` is one character; throws 506 for a longer one. */
export function likePattern(pattern: string, escapeWith: string | undefined, collation: Collation): Pattern {
  if (escapeWith !== undefined && escapeWith.length !== 1)
    throw new SqlError(
      506,
      `The invalid escape character "${escapeWith}" was specified in a LIKE predicate.`,
    );
  const tokens = tokenize(pattern, escapeWith, collation);
  if (!tokens) return { matches: () => false, indexIn: () => 0 };
  return {
    matches: (text, ignoresBlanks) => matchFrom(tokens, collation.fold(text), 0, ignoresBlanks),
    indexIn: (text) => indexOfMatch(tokens, collation.fold(text)),
  };
}

/** undefined when a set never closes: such a pattern matches nothing. */
function tokenize(
  pattern: string,
  escapeWith: string | undefined,
  collation: Collation,
): Token[] | undefined {
  const tokens: Token[] = [];
  let index = 0;
  while (index < pattern.length) {
    const character = pattern.charAt(index);
    if (escapeWith !== undefined && character === escapeWith) {
      // An escape character with nothing after it matches nothing.
      if (index + 1 >= pattern.length) return undefined;
      tokens.push({ kind: 'character', text: collation.fold(pattern.charAt(index + 1)) });
      index += 2;
    } else if (character === '%') {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
      index += 1;
    } else if (character === '_') {
      tokens.push({ kind: 'one' });
      index += 1;
    } else if (character === '[') {
      const set = readSet(pattern, index + 1, escapeWith, collation);
      if (!set) return undefined;
      tokens.push(set.token);
      index = set.next;
    } else {
      tokens.push({ kind: 'character', text: collation.fold(character) });
      index += 1;
    }
  }
  return tokens;
}

type Range = { readonly low: string; readonly high: string };

function readSet(
  pattern: string,
  start: number,
  escapeWith: string | undefined,
  collation: Collation,
): { readonly token: Token; readonly next: number } | undefined {
  const isNegated = pattern.charAt(start) === '^';
  let index = isNegated ? start + 1 : start;
  const singles = new Set<string>();
  const ranges: Range[] = [];
  const member = (): string => {
    if (escapeWith !== undefined && pattern.charAt(index) === escapeWith && index + 1 < pattern.length)
      index += 1;
    const character = pattern.charAt(index);
    index += 1;
    return collation.fold(character);
  };
  while (index < pattern.length && pattern.charAt(index) !== ']') {
    const low = member();
    const next = pattern.charAt(index + 1);
    if (pattern.charAt(index) === '-' && next !== '' && next !== ']') {
      index += 1;
      ranges.push({ low, high: member() });
    } else {
      singles.add(low);
    }
  }
  if (index >= pattern.length) return undefined;
  const has = (character: string): boolean =>
    (singles.has(character) || ranges.some((range) => isBetween(character, range, collation))) !== isNegated;
  return { token: { kind: 'set', has }, next: index + 1 };
}

const isBetween = (character: string, range: Range, collation: Collation): boolean =>
  collation.compare(range.low, character) <= 0 && collation.compare(character, range.high) <= 0;

const onlyBlanksFrom = (text: string, index: number): boolean => {
  for (; index < text.length; index += 1) if (text.charCodeAt(index) !== 0x20) return false;
  return true;
};

function takes(token: Token | undefined, character: string): boolean {
  if (token === undefined) return false;
  switch (token.kind) {
    case 'one':
      return true;
    case 'character':
      return token.text === character;
    case 'set':
      return token.has(character);
    case 'any':
      return false;
  }
}

/** Greedy matching that goes back only to the last %: enough, because an earlier % can never need more. */
function matchFrom(tokens: readonly Token[], text: string, start: number, ignoresBlanks: boolean): boolean {
  let index = start;
  let position = 0;
  let retryToken = -1;
  let retryIndex = 0;
  for (;;) {
    const token = tokens[position];
    if (token?.kind === 'any') {
      retryToken = position + 1;
      retryIndex = index;
      position += 1;
      continue;
    }
    if (
      position === tokens.length &&
      (index === text.length || (ignoresBlanks && onlyBlanksFrom(text, index)))
    )
      return true;
    if (index < text.length && takes(token, text.charAt(index))) {
      index += 1;
      position += 1;
      continue;
    }
    if (retryToken < 0 || retryIndex >= text.length) return false;
    retryIndex += 1;
    index = retryIndex;
    position = retryToken;
  }
}

function indexOfMatch(tokens: readonly Token[], text: string): number {
  if (tokens[0]?.kind !== 'any') return matchFrom(tokens, text, 0, false) ? 1 : 0;
  const rest = tokens.slice(1);
  for (let start = 0; start <= text.length; start += 1) {
    if (matchFrom(rest, text, start, false)) return Math.min(start + 1, Math.max(text.length, 1));
  }
  return 0;
}
