import { refusedOption } from './refusals.ts';
import type { QueryHint } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** Hints that only choose a plan, by their words; the practice server has one plan for each query. */
export const plainHints: readonly (readonly string[])[] = [
  ['recompile'],
  ['force', 'order'],
  ['loop', 'join'],
  ['hash', 'join'],
  ['merge', 'join'],
  ['hash', 'group'],
  ['order', 'group'],
  ['concat', 'union'],
  ['hash', 'union'],
  ['merge', 'union'],
  ['keep', 'plan'],
  ['keepfixed', 'plan'],
  ['robust', 'plan'],
  ['expand', 'views'],
  ['optimize', 'for', 'unknown'],
];
export const numberedHints = ['maxdop', 'maxrecursion', 'fast', 'query_governor_cost_limit'];

/** OPTION (...), or nothing. */
export function parseQueryHints(input: TokenReader): readonly QueryHint[] {
  return input.accept('option') ? input.parenthesized(() => parseQueryHint(input)) : [];
}

function parseQueryHint(input: TokenReader): QueryHint {
  const plain = plainHints.find((words) => input.accept(...words));
  if (plain !== undefined) return { name: plain.join(' ') };
  const numbered = numberedHints.find((word) => input.accept(word));
  if (numbered === undefined) {
    if (input.current.kind !== 'word') throw input.unexpected();
    throw refusedOption(`OPTION (${input.current.value.toUpperCase()})`, input.at);
  }
  if (input.current.kind !== 'integer') throw input.unexpected();
  return { name: numbered, value: Number(input.take().value) };
}
