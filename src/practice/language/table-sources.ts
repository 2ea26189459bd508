import { parseCondition } from './conditions.ts';
import { parseExpression } from './expressions.ts';
import { isName, parseNameText, parseObjectName, parseOptionalColumnList } from './names.ts';
import { parseSubquery, parseValuesQuery, startsQuery } from './queries.ts';
import { refusedFeature } from './refusals.ts';
import type { Expression, ObjectName, Position, Query, TableSource } from './syntax.ts';
import { parseOptionalTableHints, startsTableHints } from './table-hints.ts';
import type { TokenReader } from './token-reader.ts';

/** What follows FROM. */
export function parseTableSources(input: TokenReader): readonly TableSource[] {
  return input.list(() => parseJoinedTable(input));
}

type JoinType = Extract<TableSource, { kind: 'join' }>['type'];

/** A table and its joins. It ends at an ON, so that in `a JOIN b JOIN c ON .. ON ..` the inner join is b's. */
export function parseJoinedTable(input: TokenReader): TableSource {
  let left = parsePrimaryTable(input);
  for (;;) {
    const { at } = left;
    if (input.accept('cross', 'apply')) {
      left = { kind: 'apply', type: 'cross', left, right: parsePrimaryTable(input), at };
    } else if (input.accept('outer', 'apply')) {
      left = { kind: 'apply', type: 'outer', left, right: parsePrimaryTable(input), at };
    } else if (input.accept('cross', 'join')) {
      left = { kind: 'join', type: 'cross', left, right: parsePrimaryTable(input), at };
    } else {
      if (input.is('pivot') || input.is('unpivot')) throw refusedFeature('pivot', input.at);
      const type = acceptJoin(input);
      if (type === undefined) return left;
      const right = input.nested(() => parseJoinedTable(input));
      input.expect('on');
      left = { kind: 'join', type, left, right, on: parseCondition(input), at };
    }
  }
}

/** Takes `LEFT OUTER JOIN` and its kin. LOOP, HASH, MERGE and REMOTE choose a plan and change no result. */
function acceptJoin(input: TokenReader): JoinType | undefined {
  if (input.accept('join')) return 'inner';
  const type = (['inner', 'left', 'right', 'full'] as const).find((word) => input.accept(word));
  if (type === undefined) return undefined;
  if (type !== 'inner') input.accept('outer');
  if (!['loop', 'hash', 'merge', 'remote'].some((hint) => input.accept(hint, 'join'))) input.expect('join');
  return type;
}

function parsePrimaryTable(input: TokenReader): TableSource {
  const at = input.at;
  if (input.isSymbol('(')) return parseParenthesizedTable(input);
  if (input.current.kind === 'variable') return parseTableVariable(input);
  if (input.isSymbol('::')) throw refusedFeature('static-method', at);
  const { key } = input.current;
  if (input.isSymbol('(', 1)) {
    if (['openrowset', 'openquery', 'opendatasource', 'openxml'].includes(key)) {
      throw refusedFeature('external-rowset', at);
    }
    if (key === 'containstable' || key === 'freetexttable') throw refusedFeature('full-text', at);
    if (key === 'changetable') throw refusedFeature('change-tracking', at);
  }
  const name = parseObjectName(input);
  const source =
    input.isSymbol('(') && !startsTableHints(input, 0)
      ? parseFunctionTable(input, name, at)
      : parseNamedTable(input, name, at);
  if (input.is('tablesample')) throw refusedFeature('table-sample', input.at);
  return source;
}

function parseNamedTable(input: TokenReader, name: ObjectName, at: Position): TableSource {
  if (input.is('for', 'system_time')) throw refusedFeature('temporal-query', input.at);
  const early = parseOptionalTableHints(input);
  const alias = parseAlias(input);
  if (input.is('tablesample')) throw refusedFeature('table-sample', input.at);
  const hints = [...early, ...parseOptionalTableHints(input)];
  return { kind: 'table', name, ...alias, hints, at };
}

function parseTableVariable(input: TokenReader): TableSource {
  const at = input.at;
  const token = input.expectVariable();
  if (input.isSymbol('.')) throw refusedFeature('xml-method', at);
  input.variables.requireTable(token);
  const alias = parseAlias(input);
  // A table variable is seen by nobody else: hints on it have nothing to do.
  parseOptionalTableHints(input);
  return { kind: 'table-variable', name: token.key, ...alias, at };
}

function parseFunctionTable(input: TokenReader, name: ObjectName, at: Position): TableSource {
  input.expectSymbol('(');
  const list: readonly Expression[] = input.isSymbol(')')
    ? []
    : input.list(() => (input.accept('default') ? { kind: 'default', at } : parseExpression(input)));
  input.expectSymbol(')');
  if (name.name.toLowerCase() === 'openjson' && input.is('with')) throw refusedFeature('open-json', at);
  return { kind: 'function', name, arguments: list, ...parseAlias(input), ...parseColumns(input), at };
}

/** A derived table, VALUES, or joins in parentheses. */
function parseParenthesizedTable(input: TokenReader): TableSource {
  const at = input.at;
  if (!isDerived(input)) {
    input.expectSymbol('(');
    const inner = input.nested(() => parseJoinedTable(input));
    input.expectSymbol(')');
    return inner;
  }
  const query: Query = isValues(input) ? parseValuesQuery(input) : parseSubquery(input);
  input.accept('as');
  const alias = parseNameText(input);
  return { kind: 'derived', query, alias, ...parseColumns(input), at };
}

function isValues(input: TokenReader): boolean {
  const { kind, key } = input.ahead(1);
  return kind === 'word' && key === 'values';
}

/**
 * Whether the parenthesis holds a query and not joined tables: after `((SELECT 1)` a set operation or `)` goes on
 * with the query, anything else is the derived table's alias.
 */
function isDerived(input: TokenReader): boolean {
  let depth = 0;
  while (input.isSymbol('(', depth)) depth++;
  if (depth === 1 && isValues(input)) return true;
  if (!startsQuery(input, depth)) return false;
  if (depth === 1) return true;
  const { kind, key } = input.ahead(input.closingDistance(1) + 1);
  return key === ')' || (kind === 'word' && ['union', 'except', 'intersect', 'order', 'for'].includes(key));
}

function parseAlias(input: TokenReader): { alias?: string } {
  if (input.accept('as')) return { alias: parseNameText(input) };
  return isName(input) ? { alias: parseNameText(input) } : {};
}

function parseColumns(input: TokenReader): { columns?: readonly string[] } {
  const columns = parseOptionalColumnList(input);
  return columns === undefined ? {} : { columns };
}
