import { continueBinary, parseExpression, parsePostfix } from './expressions.ts';
import { parseNameText } from './names.ts';
import { continueQueryBody, parseSubquery, startsQuery, startsSetOperation } from './queries.ts';
import { refusedFeature } from './refusals.ts';
import type { Comparison, Condition, Expression } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['!>', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['!<', '>='],
]);

const conditionKinds: ReadonlySet<string> = new Set<Condition['kind']>([
  'comparison',
  'quantified',
  'and',
  'or',
  'not',
  'is-null',
  'between',
  'in-list',
  'in-query',
  'like',
  'exists',
  'update-of',
]);

export function parseCondition(input: TokenReader): Condition {
  return asCondition(
    input,
    input.nested(() => parseOr(input)),
  );
}

/**
 * Inside parentheses nothing tells a condition from an expression before it is read: these functions return either,
 * and whoever needs a condition asks for one.
 */
type Either = Condition | Expression;

function isCondition(node: Either): node is Condition {
  return conditionKinds.has(node.kind);
}

function asCondition(input: TokenReader, node: Either): Condition {
  if (isCondition(node)) return node;
  const named = input.isAtEnd ? input.previous : input.current;
  throw syntaxProblem('not-a-condition', named, named.value);
}

function parseOr(input: TokenReader): Either {
  let left = parseAnd(input);
  while (input.is('or')) {
    const first = asCondition(input, left);
    input.take();
    left = { kind: 'or', left: first, right: asCondition(input, parseAnd(input)), at: first.at };
  }
  return left;
}

function parseAnd(input: TokenReader): Either {
  let left = parseNot(input);
  while (input.is('and')) {
    const first = asCondition(input, left);
    input.take();
    left = { kind: 'and', left: first, right: asCondition(input, parseNot(input)), at: first.at };
  }
  return left;
}

function parseNot(input: TokenReader): Either {
  if (!input.is('not')) return parsePredicate(input);
  const at = input.at;
  input.take();
  const operand = asCondition(
    input,
    input.nested(() => parseNot(input)),
  );
  return { kind: 'not', operand, at };
}

function parsePredicate(input: TokenReader): Either {
  const at = input.at;
  if (input.accept('exists')) return { kind: 'exists', query: parseSubquery(input), at };
  if (input.is('update') && input.isSymbol('(', 1)) return parseUpdateOf(input);
  if (!input.isSymbol('(') || startsQuery(input, 1)) return parseComparison(input, parseExpression(input));
  input.take();
  const inner = input.nested(() => parseOr(input));
  if (!isCondition(inner) && inner.kind === 'subquery' && startsSetOperation(input)) {
    // ((SELECT ...) UNION ...) = x: the parenthesis holds a query after all.
    const query = continueQueryBody(input, inner.query);
    const operand = parsePostfix(input, { kind: 'subquery', query, at });
    return parseComparison(input, continueBinary(input, operand));
  }
  input.expectSymbol(')');
  if (isCondition(inner)) return inner;
  return parseComparison(input, continueBinary(input, parsePostfix(input, inner)));
}

function parseUpdateOf(input: TokenReader): Condition {
  const at = input.at;
  if (input.surroundings !== 'trigger') throw syntaxProblem('update-outside-trigger', at);
  input.take();
  input.expectSymbol('(');
  const column = parseNameText(input);
  input.expectSymbol(')');
  return { kind: 'update-of', column, at };
}

/** What may follow an operand to make a condition of it; the operand itself when nothing does. */
function parseComparison(input: TokenReader, left: Expression): Either {
  const { at } = left;
  const { kind, key } = input.current;
  if (kind === 'symbol') {
    if (key === '*=' || key === '=*') throw refusedFeature('old-outer-join', input.at);
    const operator = comparisons.get(key);
    if (operator === undefined) return left;
    input.take();
    const quantifier = input.is('all') ? 'all' : input.is('any') || input.is('some') ? 'any' : undefined;
    if (quantifier === undefined) {
      return { kind: 'comparison', operator, left, right: parseExpression(input), at };
    }
    input.take();
    return { kind: 'quantified', operator, quantifier, left, query: parseSubquery(input), at };
  }
  if (input.accept('is')) {
    const isNegated = input.accept('not');
    input.expect('null');
    return { kind: 'is-null', operand: left, isNegated, at };
  }
  const isNegated = input.accept('not');
  if (input.accept('between')) {
    const low = parseExpression(input);
    input.expect('and');
    return { kind: 'between', operand: left, low, high: parseExpression(input), isNegated, at };
  }
  if (input.accept('in')) return parseIn(input, left, isNegated);
  if (input.accept('like')) {
    const pattern = parseExpression(input);
    const ending = input.accept('escape') ? { escape: parseExpression(input) } : {};
    return { kind: 'like', operand: left, pattern, ...ending, isNegated, at };
  }
  if (isNegated) throw input.unexpected();
  return left;
}

function parseIn(input: TokenReader, operand: Expression, isNegated: boolean): Condition {
  const { at } = operand;
  if (startsQuery(input, 1)) return { kind: 'in-query', operand, query: parseSubquery(input), isNegated, at };
  input.expectSymbol('(');
  const list = input.list(() => parseExpression(input));
  const [only] = list;
  if (list.length === 1 && only?.kind === 'subquery') {
    // IN ((SELECT ...)) means the same as IN (SELECT ...).
    const query = continueQueryBody(input, only.query);
    return { kind: 'in-query', operand, query, isNegated, at };
  }
  input.expectSymbol(')');
  return { kind: 'in-list', operand, list, isNegated, at };
}
