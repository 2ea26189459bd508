import { refusedFeature, refusedOption } from './refusals.ts';
import type { Options, Position } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** Options of indexes and tables that change how pages are laid out or built, and nothing that a query sees. */
export const indexOptions: ReadonlySet<string> = new Set([
  'pad_index',
  'fillfactor',
  'sort_in_tempdb',
  'ignore_dup_key',
  'statistics_norecompute',
  'statistics_incremental',
  'drop_existing',
  'online',
  'allow_row_locks',
  'allow_page_locks',
  'optimize_for_sequential_key',
  'maxdop',
  'data_compression',
  'lock_escalation',
]);

/** `WITH (NAME = value, ...)`, or the older `WITH FILLFACTOR = 80`, or nothing. */
export function parseOptionalIndexOptions(input: TokenReader): Options {
  const hasParenthesis = input.is('with') && input.isSymbol('(', 1);
  const old = input.ahead(1);
  if (!hasParenthesis && !(input.is('with') && indexOptions.has(old.key))) return {};
  input.take();
  const options = hasParenthesis
    ? input.parenthesized(() => parseIndexOption(input))
    : input.list(() => parseOldIndexOption(input));
  return Object.fromEntries(options);
}

/** The options of ALTER TABLE ... SET and the like, in parentheses. */
export function parseIndexOptions(input: TokenReader): Options {
  return Object.fromEntries(input.parenthesized(() => parseIndexOption(input)));
}

function parseIndexOption(input: TokenReader): [string, string | number | boolean] {
  const name = takeOptionName(input);
  input.expectSymbol('=');
  return [name, parseOptionWord(input)];
}

function parseOldIndexOption(input: TokenReader): [string, string | number | boolean] {
  const name = takeOptionName(input);
  return [name, input.acceptSymbol('=') ? parseOptionWord(input) : true];
}

function takeOptionName(input: TokenReader): string {
  const { kind, key, value } = input.current;
  if (kind !== 'word') throw input.unexpected();
  if (!indexOptions.has(key)) throw refusedOption(`The option ${value.toUpperCase()}`, input.at);
  return input.take().key;
}

/** ON and OFF as booleans, a number, or a word in lower case. */
export function parseOptionWord(input: TokenReader): string | number | boolean {
  if (input.accept('on')) return true;
  if (input.accept('off')) return false;
  const { kind } = input.current;
  if (kind === 'integer' || kind === 'decimal') return Number(input.take().value);
  if (kind === 'string' || kind === 'unicode-string') return input.take().value;
  if (kind !== 'word' && kind !== 'bracketed') throw input.unexpected();
  return input.take().key;
}

/** `ON [PRIMARY]` and its kin: there is one filegroup, so any other is refused. */
export function parseOptionalFilegroup(input: TokenReader): void {
  for (const clause of ['on', 'textimage_on', 'filestream_on']) {
    if (!input.accept(clause)) continue;
    const at: Position = input.at;
    const group = input.take();
    const isPrimary = ['primary', 'default'].includes(group.value.toLowerCase());
    if (!isPrimary || clause === 'filestream_on' || input.isSymbol('('))
      throw refusedFeature('filegroup', at);
  }
}
