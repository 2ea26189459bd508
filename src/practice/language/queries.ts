import { parseExpression } from './expressions.ts';
import { parseName, parseOptionalColumnList } from './names.ts';
import { parseOrderItems } from './order-items.ts';
import { parseQueryHints } from './query-hints.ts';
import { refusedFeature } from './refusals.ts';
import { parseSelect } from './selects.ts';
import type { CommonTable, Expression, Query, QueryBody } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/** Whether the token at `distance` begins a query inside parentheses. */
export function startsQuery(input: TokenReader, distance: number): boolean {
  const token = input.ahead(distance);
  return token.kind === 'word' && token.key === 'select';
}

export function startsSetOperation(input: TokenReader): boolean {
  return input.is('union') || input.is('except') || input.is('intersect');
}

/** A whole query as a statement, after its WITH. */
export function parseQuery(input: TokenReader, commonTables: readonly CommonTable[] = []): Query {
  const query = parseQueryExpression(input, commonTables);
  return { ...query, options: parseQueryHints(input) };
}

/** A query in parentheses: a subquery, derived table or common table. The parentheses are taken too. */
export function parseSubquery(input: TokenReader): Query {
  input.expectSymbol('(');
  const query = input.nested(() => parseInnerQuery(input, []));
  input.expectSymbol(')');
  return query;
}

/** A query that is not a statement by itself, where ORDER BY needs TOP, OFFSET or FOR XML beside it. */
export function parseInnerQuery(input: TokenReader, commonTables: readonly CommonTable[]): Query {
  const at = input.at;
  const query = parseQueryExpression(input, commonTables);
  const isLimited = query.offset !== undefined || query.forXmlPath !== undefined || hasTop(query.body);
  if (query.orderBy.length > 0 && !isLimited) throw syntaxProblem('order-by-needs-top', at);
  return query;
}

function hasTop(body: QueryBody): boolean {
  return body.kind === 'select' && body.top !== undefined;
}

function parseQueryExpression(input: TokenReader, commonTables: readonly CommonTable[]): Query {
  const at = input.at;
  const body = parseUnion(input);
  return { ...parseQueryEnding(input), with: commonTables, body, at };
}

/** The rest of a query in parentheses whose first part has been read; takes the closing parenthesis. */
export function continueQueryBody(input: TokenReader, first: Query): Query {
  const body = continueUnion(input, continueIntersect(input, first.body));
  const isWhole = body === first.body;
  const query = isWhole ? first : { ...parseQueryEnding(input), with: first.with, body, at: first.at };
  input.expectSymbol(')');
  return query;
}

/** INTERSECT binds more strongly than UNION and EXCEPT, which go from left to right. */
function parseUnion(input: TokenReader): QueryBody {
  return continueUnion(input, parseIntersect(input));
}

function continueUnion(input: TokenReader, left: QueryBody): QueryBody {
  for (;;) {
    let operator: 'union' | 'union-all' | 'except';
    if (input.accept('union')) operator = input.accept('all') ? 'union-all' : 'union';
    else if (input.accept('except')) operator = 'except';
    else return left;
    left = { kind: 'set-operation', operator, left, right: parseIntersect(input), at: left.at };
  }
}

function parseIntersect(input: TokenReader): QueryBody {
  return continueIntersect(input, parseQueryTerm(input));
}

function continueIntersect(input: TokenReader, left: QueryBody): QueryBody {
  while (input.accept('intersect')) {
    left = { kind: 'set-operation', operator: 'intersect', left, right: parseQueryTerm(input), at: left.at };
  }
  return left;
}

function parseQueryTerm(input: TokenReader): QueryBody {
  if (input.is('select')) return parseSelect(input);
  input.expectSymbol('(');
  const body = input.nested(() => parseUnion(input));
  input.expectSymbol(')');
  return body;
}

function parseQueryEnding(input: TokenReader): Pick<Query, 'orderBy' | 'offset' | 'forXmlPath' | 'options'> {
  const orderBy = input.accept('order', 'by') ? parseOrderItems(input) : [];
  const offset = orderBy.length > 0 && input.is('offset') ? { offset: parseOffset(input) } : {};
  const forXmlPath = input.is('for') ? { forXmlPath: parseFor(input) } : {};
  if (input.is('compute')) throw refusedFeature('compute', input.at);
  return { orderBy, ...offset, ...forXmlPath, options: [] };
}

function parseOffset(input: TokenReader): NonNullable<Query['offset']> {
  input.expect('offset');
  const skip = parseExpression(input);
  if (!input.accept('row')) input.expect('rows');
  if (!input.accept('fetch')) return { skip };
  if (!input.accept('next')) input.expect('first');
  const fetch = parseExpression(input);
  if (!input.accept('row')) input.expect('rows');
  input.expect('only');
  return { skip, fetch };
}

function parseFor(input: TokenReader): NonNullable<Query['forXmlPath']> {
  const at = input.at;
  input.expect('for');
  if (input.is('json')) throw refusedFeature('for-json', at);
  if (input.is('browse')) throw refusedFeature('for-browse', at);
  input.expect('xml');
  if (!input.accept('path') || !input.acceptSymbol('(')) throw refusedFeature('for-xml', at);
  const element = input.take();
  if (!element.kind.endsWith('string') || element.value !== '') throw refusedFeature('for-xml', at);
  input.expectSymbol(')');
  let isTyped = false;
  while (input.acceptSymbol(',')) {
    if (!input.accept('type')) throw refusedFeature('for-xml', at);
    isTyped = true;
  }
  return { element: element.value, isTyped };
}

/** The tables of a WITH whose keyword has been taken. */
export function parseCommonTables(input: TokenReader): readonly CommonTable[] {
  if (input.is('xmlnamespaces') || input.is('change_tracking_context')) {
    throw refusedFeature(input.is('xmlnamespaces') ? 'for-xml' : 'change-tracking', input.at);
  }
  return input.list(() => {
    const { text: name, at } = parseName(input);
    const columns = parseOptionalColumnList(input);
    input.expect('as');
    return { name, ...(columns === undefined ? {} : { columns }), query: parseSubquery(input), at };
  });
}

/** `(VALUES (..), (..))` as a table. */
export function parseValuesQuery(input: TokenReader): Query {
  input.expectSymbol('(');
  const at = input.at;
  const rows = parseValuesRows(input);
  input.expectSymbol(')');
  return { with: [], body: { kind: 'values', rows, at }, orderBy: [], options: [], at };
}

/** VALUES and its rows, which are all equally wide. DEFAULT may stand for a value. */
export function parseValuesRows(input: TokenReader): readonly (readonly Expression[])[] {
  const at = input.at;
  input.expect('values');
  const rows = input.list(() => input.parenthesized(() => parseValue(input)));
  const width = rows[0]?.length;
  if (rows.some((row) => row.length !== width)) throw syntaxProblem('row-widths-differ', at);
  return rows;
}

/** An expression, or DEFAULT where a column takes a value. */
export function parseValue(input: TokenReader): Expression {
  const at = input.at;
  return input.accept('default') ? { kind: 'default', at } : parseExpression(input);
}
