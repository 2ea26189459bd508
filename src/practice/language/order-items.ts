import { parseExpression } from './expressions.ts';
import type { OrderItem } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** What follows ORDER BY. */
export function parseOrderItems(input: TokenReader): readonly OrderItem[] {
  return input.list(() => {
    const expression = parseExpression(input);
    return { expression, descending: parseDirection(input) };
  });
}

/** ASC, DESC or nothing; true for DESC. */
export function parseDirection(input: TokenReader): boolean {
  if (input.accept('desc')) return true;
  input.accept('asc');
  return false;
}
