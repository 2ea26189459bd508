import { parseCondition } from './conditions.ts';
import { parseCall, parseKeywordFunction } from './functions.ts';
import type { Token } from './lexer.ts';
import { isName, parseName, parseNameText } from './names.ts';
import { continueQueryBody, parseSubquery, startsQuery, startsSetOperation } from './queries.ts';
import { refusedFeature } from './refusals.ts';
import type { BinaryOperator, Expression, Literal } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';
import { parseXmlMethod } from './xml-idiom.ts';

/** https://learn.microsoft.com/sql/t-sql/language-elements/operator-precedence-transact-sql */
const strengths: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['&', 1],
  ['|', 1],
  ['^', 1],
  ['*', 2],
  ['/', 2],
  ['%', 2],
]);
const MULTIPLICATION = 2;

export function parseExpression(input: TokenReader): Expression {
  return input.nested(() => parseBinary(input, 1));
}

function parseBinary(input: TokenReader, minimum: number): Expression {
  return continueBinary(input, parseUnary(input), minimum);
}

/** Takes the operators after an operand that has been parsed already. */
export function continueBinary(input: TokenReader, left: Expression, minimum = 1): Expression {
  for (;;) {
    const { kind, key } = input.current;
    const strength = kind === 'symbol' ? strengths.get(key) : undefined;
    if (strength === undefined || strength < minimum) return left;
    input.take();
    const right = parseBinary(input, strength + 1);
    left = { kind: 'binary', operator: key as BinaryOperator, left, right, at: left.at };
  }
}

/** A sign binds more weakly than `*`: -100.0/-100.0*10.0 is -(100.0/-(100.0*10.0)), 0.1 and not 10. */
function parseUnary(input: TokenReader): Expression {
  const at = input.at;
  const { kind, key } = input.current;
  if (kind === 'symbol' && (key === '-' || key === '+')) {
    input.take();
    const operand = input.nested(() => parseBinary(input, MULTIPLICATION));
    return { kind: 'unary', operator: key, operand, at };
  }
  if (kind === 'symbol' && key === '~') {
    input.take();
    return { kind: 'unary', operator: key, operand: input.nested(() => parseUnary(input)), at };
  }
  return parsePostfix(input, parsePrimary(input));
}

/** COLLATE, AT TIME ZONE and the one xml method that has a shape, after an operand. */
export function parsePostfix(input: TokenReader, operand: Expression): Expression {
  const { at } = operand;
  for (;;) {
    if (input.accept('collate')) {
      operand = { kind: 'collate', operand, collation: parseNameText(input), at };
    } else if (input.accept('at', 'time', 'zone')) {
      operand = { kind: 'at-time-zone', operand, zone: parsePrimary(input), at };
    } else if (input.isSymbol('.')) {
      operand = parseXmlMethod(input, operand);
    } else {
      return operand;
    }
  }
}

function parsePrimary(input: TokenReader): Expression {
  const at = input.at;
  const token = input.current;
  const literal = literalOf(input, token);
  if (literal !== undefined) {
    input.take();
    return { kind: 'literal', value: literal, at };
  }
  if (token.kind === 'variable') {
    input.take();
    input.variables.requireScalar(token);
    if (input.isSymbol('.')) throw refusedFeature('xml-method', at);
    return { kind: 'variable', name: token.key, at };
  }
  if (input.isSymbol('(')) return parseParenthesized(input);
  if (input.isSymbol('{')) throw refusedFeature('odbc-escape', at);
  if (token.kind === 'word') {
    if (token.key === 'case') return input.nested(() => parseCase(input));
    const call = parseKeywordFunction(input);
    if (call !== undefined) return call;
  }
  return parseReference(input);
}

/** The constant that a token stands for, if it is one. */
export function literalOf(input: TokenReader, token: Token): Literal | undefined {
  switch (token.kind) {
    case 'string':
      return { type: 'string', text: token.value, isUnicode: false };
    case 'unicode-string':
      return { type: 'string', text: token.value, isUnicode: true };
    case 'double-quoted':
      return input.quotedIdentifier ? undefined : { type: 'string', text: token.value, isUnicode: false };
    case 'integer':
    case 'decimal':
    case 'float':
    case 'money':
      return { type: token.kind, text: token.value };
    case 'binary':
      return { type: 'binary', hex: token.value };
    case 'word':
      return token.key === 'null' ? { type: 'null' } : undefined;
    default:
      return undefined;
  }
}

function parseParenthesized(input: TokenReader): Expression {
  const at = input.at;
  if (startsQuery(input, 1)) return { kind: 'subquery', query: parseSubquery(input), at };
  input.expectSymbol('(');
  const inner = parseExpression(input);
  if (inner.kind === 'subquery' && startsSetOperation(input)) {
    // ((SELECT ...) UNION ...): what looked like an expression in parentheses is the first part of a query.
    return { kind: 'subquery', query: continueQueryBody(input, inner.query), at };
  }
  input.expectSymbol(')');
  return inner;
}

function parseCase(input: TokenReader): Expression {
  const at = input.at;
  input.expect('case');
  if (input.is('when')) {
    const branches = parseBranches(input, () => parseCondition(input));
    return { kind: 'case', branches, ...parseElse(input), at };
  }
  const operand = parseExpression(input);
  const branches = parseBranches(input, () => parseExpression(input));
  return { kind: 'simple-case', operand, branches, ...parseElse(input), at };
}

function parseBranches<When>(
  input: TokenReader,
  parseWhen: () => When,
): { when: When; result: Expression }[] {
  const branches: { when: When; result: Expression }[] = [];
  do {
    input.expect('when');
    const when = parseWhen();
    input.expect('then');
    branches.push({ when, result: parseExpression(input) });
  } while (input.is('when'));
  return branches;
}

function parseElse(input: TokenReader): { otherwise?: Expression } {
  const otherwise = input.accept('else') ? { otherwise: parseExpression(input) } : {};
  input.expect('end');
  return otherwise;
}

/** A column or a call, both of which may be dotted. */
function parseReference(input: TokenReader): Expression {
  const at = input.at;
  if (input.is('next', 'value', 'for')) throw refusedFeature('sequence', at);
  const parts: string[] = [parseName(input).text];
  while (input.isSymbol('.')) {
    input.take();
    if (input.isSymbol('.')) parts.push('');
    else if (isName(input) || !input.is('identitycol')) parts.push(parseNameText(input));
    else parts.push(input.take().value);
  }
  if (input.isSymbol('(')) return parseCall(input, parts, at);
  if (input.isSymbol('::')) throw refusedFeature('static-method', at);
  return { kind: 'column', parts, at };
}
