import { literalOf } from './expressions.ts';
import { isName } from './names.ts';
import { refusedFeature } from './refusals.ts';
import type { Expression, Parameter } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

/** The parameters of a procedure, whose parentheses may be left out, or of a function, whose may not. */
export function parseParameters(input: TokenReader, needsParentheses: boolean): readonly Parameter[] {
  const hasParentheses = needsParentheses || input.isSymbol('(');
  if (hasParentheses) input.expectSymbol('(');
  const parameters = input.current.kind === 'variable' ? input.list(() => parseParameter(input)) : [];
  if (hasParentheses) input.expectSymbol(')');
  return parameters;
}

function parseParameter(input: TokenReader): Parameter {
  const token = input.expectVariable();
  input.accept('as');
  const type = parseTypeName(input);
  if (input.is('varying')) throw refusedFeature('cursors', input.at);
  if (!input.accept('not', 'null')) input.accept('null');
  const initial = input.acceptSymbol('=') ? { default: parseDefault(input) } : {};
  const isOutput = input.accept('output') || input.accept('out');
  const isReadOnly = input.accept('readonly');
  input.variables.declare(token, type.schema !== undefined || isReadOnly ? 'either' : 'scalar');
  return { name: token.key, type, ...initial, isOutput, isReadOnly };
}

/** A constant, or a bare word that stands for itself as a string. */
function parseDefault(input: TokenReader): Expression {
  const at = input.at;
  const sign = input.isSymbol('-') || input.isSymbol('+') ? input.take().key : undefined;
  const token = input.current;
  const value = literalOf(input, token);
  if (value !== undefined) {
    input.take();
    const operand: Expression = { kind: 'literal', value, at };
    return sign === '-' ? { kind: 'unary', operator: '-', operand, at } : operand;
  }
  if (sign !== undefined || !isName(input)) throw input.unexpected();
  input.take();
  return { kind: 'literal', value: { type: 'string', text: token.value, isUnicode: true }, at };
}
