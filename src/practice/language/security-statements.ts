import { refusedStatement } from './refusals.ts';
import type { StatementNode } from './statements.ts';
import type { TokenReader } from './token-reader.ts';

export function parsePermission(input: TokenReader): StatementNode {
  throw refusedStatement(input.current.value.toUpperCase(), input.at);
}

export function parseEnableTrigger(input: TokenReader): StatementNode {
  throw refusedStatement(input.current.value.toUpperCase(), input.at);
}
