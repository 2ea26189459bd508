import { parseCondition } from './conditions.ts';
import { parseExpression } from './expressions.ts';
import { objectName } from './names.ts';
import { parseOrderItems } from './order-items.ts';
import { parseValue } from './queries.ts';
import { refusedFeature, refusedStatement } from './refusals.ts';
import type { Expression, Position } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';
import { parseWindow } from './windows.ts';

/** Reserved words that are functions without parentheses. */
const bareFunctions = new Set(['current_timestamp', 'current_user', 'session_user', 'system_user', 'user']);
/** Reserved words that are functions with ordinary arguments. */
const reservedFunctions = new Set(['coalesce', 'nullif', 'left', 'right', 'identity']);
const externalRowsets = new Set(['openrowset', 'openquery', 'opendatasource', 'openxml']);

/** A function whose name is a keyword or whose arguments are not a plain list; undefined when none comes next. */
export function parseKeywordFunction(input: TokenReader): Expression | undefined {
  const at = input.at;
  const { key } = input.current;
  if (bareFunctions.has(key)) {
    const name = input.take().value;
    return { kind: 'call', name: { name, at }, arguments: [], at };
  }
  if (key === 'identitycol') return { kind: 'column', parts: [input.take().value], at };
  if (!input.isSymbol('(', 1)) return undefined;
  if (reservedFunctions.has(key)) {
    return parseCall(input, [input.take().value], at);
  }
  if (externalRowsets.has(key)) throw refusedFeature('external-rowset', at);
  if (key === 'contains' || key === 'freetext') throw refusedFeature('full-text', at);
  switch (key) {
    case 'cast':
    case 'try_cast':
      return parseCast(input, key === 'try_cast');
    case 'convert':
    case 'try_convert':
      return parseConvert(input, key === 'try_convert');
    case 'iif':
      return parseIif(input);
    case 'parse':
    case 'try_parse':
      throw refusedStatement(key === 'parse' ? 'PARSE' : 'TRY_PARSE', at);
    default:
      return undefined;
  }
}

function parseCast(input: TokenReader, isTry: boolean): Expression {
  const at = input.at;
  input.take();
  input.expectSymbol('(');
  const operand = parseExpression(input);
  input.expect('as');
  const type = parseTypeName(input);
  input.expectSymbol(')');
  return { kind: 'cast', operand, type, isTry, form: 'cast', at };
}

function parseConvert(input: TokenReader, isTry: boolean): Expression {
  const at = input.at;
  input.take();
  input.expectSymbol('(');
  const type = parseTypeName(input);
  input.expectSymbol(',');
  const operand = parseExpression(input);
  const style = input.acceptSymbol(',') ? { style: parseExpression(input) } : {};
  input.expectSymbol(')');
  return { kind: 'cast', operand, type, ...style, isTry, form: 'convert', at };
}

function parseIif(input: TokenReader): Expression {
  const at = input.at;
  input.take();
  input.expectSymbol('(');
  const when = parseCondition(input);
  input.expectSymbol(',');
  const result = parseExpression(input);
  input.expectSymbol(',');
  const otherwise = parseExpression(input);
  input.expectSymbol(')');
  return { kind: 'case', branches: [{ when, result }], otherwise, at };
}

/** The parentheses of a call and what follows them; the name has been taken. */
export function parseCall(input: TokenReader, parts: readonly string[], at: Position): Expression {
  const name = objectName(
    input,
    parts.map((part) => (part === '' ? undefined : part)),
    at,
  );
  if (name.name.toLowerCase() === 'changetable') throw refusedFeature('change-tracking', at);
  input.expectSymbol('(');
  const distinct = input.accept('distinct') ? { distinct: true } : {};
  if (distinct.distinct === undefined) input.accept('all');
  // Only functions of a user have defaults, and those are always called with their schema.
  const parseArgument = parts.length > 1 ? parseValue : parseExpression;
  const isStar = input.isSymbol('*') && input.isSymbol(')', 1);
  if (isStar) input.take();
  const list = isStar || input.isSymbol(')') ? [] : input.list(() => parseArgument(input));
  input.expectSymbol(')');
  return {
    kind: 'call',
    name,
    arguments: list,
    ...distinct,
    ...(isStar ? { star: true } : {}),
    ...parseCallEnding(input),
    at,
  };
}

function parseCallEnding(
  input: TokenReader,
): Pick<Extract<Expression, { kind: 'call' }>, 'over' | 'withinGroup'> {
  if (input.is('ignore', 'nulls') || input.is('respect', 'nulls')) {
    throw refusedFeature('null-treatment', input.at);
  }
  let ending = {};
  if (input.accept('within', 'group')) {
    input.expectSymbol('(');
    input.expect('order', 'by');
    ending = { withinGroup: parseOrderItems(input) };
    input.expectSymbol(')');
  }
  return input.accept('over') ? { ...ending, over: parseWindow(input) } : ending;
}
