import { parseNameText } from './names.ts';
import { parseDirection } from './order-items.ts';
import type { IndexColumn } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** The columns of a key, in parentheses, each with its direction. */
export function parseIndexColumns(input: TokenReader): readonly IndexColumn[] {
  return input.parenthesized(() => ({ name: parseNameText(input), descending: parseDirection(input) }));
}

/** CLUSTERED or NONCLUSTERED where it is said. */
export function parseClustered(input: TokenReader): boolean | undefined {
  if (input.accept('clustered')) return true;
  return input.accept('nonclustered') ? false : undefined;
}
