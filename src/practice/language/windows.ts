import { parseExpression } from './expressions.ts';
import { parseOrderItems } from './order-items.ts';
import type { FrameBound, Window, WindowFrame } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** The parentheses after OVER. */
export function parseWindow(input: TokenReader): Window {
  input.expectSymbol('(');
  const partitionBy = input.accept('partition', 'by') ? input.list(() => parseExpression(input)) : [];
  const orderBy = input.accept('order', 'by') ? parseOrderItems(input) : [];
  const frame = input.is('rows') || input.is('range') ? { frame: parseFrame(input) } : {};
  input.expectSymbol(')');
  return { partitionBy, orderBy, ...frame };
}

function parseFrame(input: TokenReader): WindowFrame {
  const unit = input.take().key === 'rows' ? 'rows' : 'range';
  if (!input.accept('between')) return { unit, from: parseBound(input), to: { kind: 'current-row' } };
  const from = parseBound(input);
  input.expect('and');
  return { unit, from, to: parseBound(input) };
}

function parseBound(input: TokenReader): FrameBound {
  if (input.accept('current', 'row')) return { kind: 'current-row' };
  if (input.accept('unbounded')) {
    if (input.accept('preceding')) return { kind: 'unbounded-preceding' };
    input.expect('following');
    return { kind: 'unbounded-following' };
  }
  if (input.current.kind !== 'integer') throw input.unexpected();
  const rows = Number(input.take().value);
  if (input.accept('preceding')) return { kind: 'preceding', rows };
  input.expect('following');
  return { kind: 'following', rows };
}
