import { parseCondition } from './conditions.ts';
import { parseExpression } from './expressions.ts';
import { isName, parseNameText, parseObjectName } from './names.ts';
import { parseSubquery, startsQuery } from './queries.ts';
import { refusedFeature } from './refusals.ts';
import type { AssignmentOperator, Expression, ObjectName, SelectBody, SelectItem, Top } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { parseTableSources } from './table-sources.ts';
import type { TokenReader } from './token-reader.ts';

/** SELECT up to and including HAVING. */
export function parseSelect(input: TokenReader): SelectBody {
  const at = input.at;
  input.expect('select');
  const distinct = input.accept('distinct');
  if (!distinct) input.accept('all');
  const top = parseOptionalTop(input);
  const items = input.list(() => parseSelectItem(input));
  checkAssignments(items, at);
  const into: { into?: ObjectName } = input.accept('into') ? { into: parseObjectName(input) } : {};
  if (into.into !== undefined && items.some(isNameless)) throw syntaxProblem('empty-name', at);
  const from = input.accept('from') ? parseTableSources(input) : [];
  const where = parseOptionalWhere(input);
  const groupBy = input.accept('group', 'by') ? parseGroupBy(input) : [];
  const having = input.accept('having') ? { having: parseCondition(input) } : {};
  return { kind: 'select', distinct, ...top, items, ...into, from, ...where, groupBy, ...having, at };
}

/** TOP (n), or the older TOP n with a bare number. */
export function parseOptionalTop(input: TokenReader): { top?: Top } {
  if (!input.accept('top')) return {};
  let count: Expression;
  if (input.isSymbol('(') && startsQuery(input, 1)) {
    count = { kind: 'subquery', at: input.at, query: parseSubquery(input) };
  } else if (input.acceptSymbol('(')) {
    count = parseExpression(input);
    input.expectSymbol(')');
  } else {
    const { kind, value } = input.current;
    if (kind !== 'integer' && kind !== 'decimal' && kind !== 'float') throw input.unexpected();
    count = { kind: 'literal', value: { type: kind, text: value }, at: input.at };
    input.take();
  }
  const isPercent = input.accept('percent');
  return { top: { count, isPercent, withTies: input.accept('with', 'ties') } };
}

export function parseOptionalWhere(input: TokenReader): Pick<SelectBody, 'where'> {
  if (!input.accept('where')) return {};
  if (input.is('current', 'of')) throw refusedFeature('cursors', input.at);
  return { where: parseCondition(input) };
}

function parseGroupBy(input: TokenReader): readonly Expression[] {
  if (input.is('all')) throw refusedFeature('group-by-all', input.at);
  const items = input.list(() => {
    const isSets = input.is('rollup') || input.is('cube') || input.is('grouping', 'sets');
    if (isSets || (input.isSymbol('(') && input.isSymbol(')', 1))) {
      throw refusedFeature('grouping-sets', input.at);
    }
    return parseExpression(input);
  });
  if (input.is('with', 'rollup') || input.is('with', 'cube')) throw refusedFeature('grouping-sets', input.at);
  return items;
}

const assignmentOperators: ReadonlySet<string> = new Set<AssignmentOperator>([
  '=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
]);

/** Takes = or one of the compound assignments when it comes next. */
export function acceptAssignment(input: TokenReader): AssignmentOperator | undefined {
  const { kind, key } = input.current;
  if (kind !== 'symbol' || !assignmentOperators.has(key)) return undefined;
  input.take();
  return key as AssignmentOperator;
}

export function parseSelectItem(input: TokenReader): SelectItem {
  const at = input.at;
  const star = parseOptionalStar(input);
  if (star !== undefined) return star;
  const following = input.ahead(1);
  if (
    input.current.kind === 'variable' &&
    following.kind === 'symbol' &&
    assignmentOperators.has(following.key)
  ) {
    const variable = input.take();
    const operator = acceptAssignment(input) ?? '=';
    input.variables.requireScalar(variable, true);
    return { kind: 'assignment', variable: variable.key, operator, expression: parseExpression(input), at };
  }
  if (input.isSymbol('=', 1) && (isName(input) || input.current.kind.endsWith('string'))) {
    const alias = parseAliasText(input);
    input.expectSymbol('=');
    return { kind: 'expression', expression: parseExpression(input), alias, at };
  }
  const expression = parseExpression(input);
  const isAliased = input.accept('as') || isAlias(input);
  return { kind: 'expression', expression, ...(isAliased ? { alias: parseAliasText(input) } : {}), at };
}

function isAlias(input: TokenReader): boolean {
  return isName(input) || input.current.kind.endsWith('string') || input.current.kind === 'double-quoted';
}

/** The alias of a column, which may be written as a string. */
function parseAliasText(input: TokenReader): string {
  const { kind } = input.current;
  if (!kind.endsWith('string') && kind !== 'double-quoted') return parseNameText(input);
  const token = input.take();
  if (token.value === '') throw syntaxProblem('empty-name', token);
  return token.value;
}

/** `*`, `t.*` or `dbo.t.*`. */
function parseOptionalStar(input: TokenReader): SelectItem | undefined {
  const at = input.at;
  if (input.acceptSymbol('*')) return { kind: 'star', at };
  let distance = 0;
  while (isName(input, input.ahead(distance)) && input.isSymbol('.', distance + 1)) distance += 2;
  if (distance === 0 || !input.isSymbol('*', distance)) return undefined;
  const qualifier: string[] = [];
  while (!input.acceptSymbol('*')) {
    qualifier.push(parseNameText(input));
    input.expectSymbol('.');
  }
  return { kind: 'star', qualifier, at };
}

/** A column that SELECT INTO could not call anything. */
function isNameless(item: SelectItem): boolean {
  return item.kind === 'expression' && item.alias === undefined && item.expression.kind !== 'column';
}

function checkAssignments(items: readonly SelectItem[], at: SelectBody['at']): void {
  const assignments = items.filter((item) => item.kind === 'assignment').length;
  if (assignments > 0 && assignments < items.length) throw syntaxProblem('assignment-beside-retrieval', at);
}
