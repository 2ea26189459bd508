import { parseExecuteCall } from './execute.ts';
import { parseExpression } from './expressions.ts';
import { isName, parseName, parseNameText, parseObjectName } from './names.ts';
import { parseQuery, parseValue, parseValuesRows, startsQuery } from './queries.ts';
import { parseQueryHints } from './query-hints.ts';
import { refusedFeature } from './refusals.ts';
import { acceptAssignment, parseOptionalTop, parseOptionalWhere, parseSelectItem } from './selects.ts';
import type {
  CommonTable,
  DataStatement,
  DataTarget,
  InsertSource,
  Name,
  Output,
  SetItem,
} from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { parseOptionalTableHints } from './table-hints.ts';
import { parseTableSources } from './table-sources.ts';
import type { TokenReader } from './token-reader.ts';

type DataStatementOf<Kind extends DataStatement['kind']> = Extract<DataStatement, { kind: Kind }>;

export function parseInsert(
  input: TokenReader,
  commonTables: readonly CommonTable[],
): DataStatementOf<'insert'> {
  input.expect('insert');
  const top = parseOptionalTop(input);
  input.accept('into');
  const target = parseTarget(input);
  const isColumnList = input.isSymbol('(') && !startsQuery(input, 1) && !input.isSymbol('(', 1);
  const columns: readonly Name[] | undefined = isColumnList ? parseInsertColumns(input) : undefined;
  const output = parseOptionalOutput(input);
  const valuesAt = input.at;
  const source = parseInsertSource(input);
  if (source.kind === 'values' && columns !== undefined) {
    const values = source.rows[0]?.length ?? 0;
    if (columns.length > values) throw syntaxProblem('more-columns-than-values', valuesAt);
    if (columns.length < values) throw syntaxProblem('fewer-columns-than-values', valuesAt);
  }
  const list = columns === undefined ? {} : { columns };
  return { kind: 'insert', with: commonTables, ...top, target, ...list, ...output, source };
}

/** A column may carry its table's name (`t.a`), which SQL Server ignores. */
export function parseInsertColumns(input: TokenReader): readonly Name[] {
  return input.parenthesized(() => {
    let name = parseName(input);
    while (input.acceptSymbol('.')) name = parseName(input);
    return name;
  });
}

function parseInsertSource(input: TokenReader): InsertSource {
  if (input.accept('default', 'values')) return { kind: 'default-values' };
  if (input.is('values')) {
    const rows = parseValuesRows(input);
    parseQueryHints(input);
    return { kind: 'values', rows };
  }
  if (input.is('exec') || input.is('execute')) return { kind: 'execute', execute: parseExecuteCall(input) };
  if (input.is('with')) throw syntaxProblem('with-needs-semicolon', input.current);
  return { kind: 'query', query: parseQuery(input) };
}

export function parseUpdate(
  input: TokenReader,
  commonTables: readonly CommonTable[],
): DataStatementOf<'update'> {
  const at = input.at;
  input.expect('update');
  if (input.is('statistics')) throw refusedFeature('update-statistics', at);
  const top = parseOptionalTop(input);
  const target = parseTarget(input);
  input.expect('set');
  const set = input.list(() => parseSetItem(input));
  const output = parseOptionalOutput(input);
  const from = input.accept('from') ? parseTableSources(input) : [];
  const where = parseOptionalWhere(input);
  const options = parseQueryHints(input);
  return { kind: 'update', with: commonTables, ...top, target, set, ...output, from, ...where, options };
}

export function parseSetItem(input: TokenReader): SetItem {
  const at = input.at;
  if (input.current.kind === 'variable') {
    const token = input.expectVariable();
    input.variables.requireScalar(token, true);
    const variable = token.key;
    const operator = parseAssignment(input);
    if (operator === '=' && isColumnAssignment(input)) {
      const column = parseColumnName(input);
      return {
        kind: 'column',
        column,
        operator: parseAssignment(input),
        expression: parseValue(input),
        at,
        variable,
      };
    }
    return { kind: 'variable', variable, operator, expression: parseExpression(input), at };
  }
  const column = parseColumnName(input);
  if (input.isSymbol('(')) throw refusedFeature('column-write', at);
  return { kind: 'column', column, operator: parseAssignment(input), expression: parseValue(input), at };
}

function parseAssignment(input: TokenReader): NonNullable<ReturnType<typeof acceptAssignment>> {
  const operator = acceptAssignment(input);
  if (operator === undefined) throw input.unexpected();
  return operator;
}

function parseColumnName(input: TokenReader): readonly string[] {
  const parts = [parseNameText(input)];
  while (input.acceptSymbol('.')) parts.push(parseNameText(input));
  return parts;
}

/** Whether `column =` comes next: `SET @v = column = value`. */
function isColumnAssignment(input: TokenReader): boolean {
  let distance = 0;
  while (isName(input, input.ahead(distance)) && input.isSymbol('.', distance + 1)) distance += 2;
  const operator = input.ahead(distance + 1);
  return (
    isName(input, input.ahead(distance)) && operator.kind === 'symbol' && /^[-+*/%&|^]?=$/.test(operator.key)
  );
}

export function parseDelete(
  input: TokenReader,
  commonTables: readonly CommonTable[],
): DataStatementOf<'delete'> {
  input.expect('delete');
  const top = parseOptionalTop(input);
  input.accept('from');
  const target = parseTarget(input);
  const output = parseOptionalOutput(input);
  const from = input.accept('from') ? parseTableSources(input) : [];
  const where = parseOptionalWhere(input);
  const options = parseQueryHints(input);
  return { kind: 'delete', with: commonTables, ...top, target, ...output, from, ...where, options };
}

export function parseTruncate(input: TokenReader): DataStatementOf<'truncate'> {
  input.expect('truncate', 'table');
  return { kind: 'truncate', table: parseObjectName(input) };
}

export function parseTarget(input: TokenReader): DataTarget {
  const at = input.at;
  if (input.current.kind === 'variable') {
    const token = input.expectVariable();
    input.variables.requireTable(token);
    return { kind: 'table-variable', name: token.key, at };
  }
  if (input.is('openquery') || input.is('openrowset') || input.is('opendatasource')) {
    throw refusedFeature('external-rowset', at);
  }
  const name = parseObjectName(input);
  return { kind: 'table', name, hints: parseOptionalTableHints(input) };
}

/** OUTPUT items, OUTPUT items INTO a table, or the second followed by the first. */
export function parseOptionalOutput(input: TokenReader): { output?: Output } {
  if (!input.accept('output')) return {};
  const items = input.list(() => parseSelectItem(input));
  if (!input.accept('into')) return { output: { items } };
  const target = parseTarget(input);
  const columns = input.isSymbol('(') && !startsQuery(input, 1) ? { columns: parseInsertColumns(input) } : {};
  const into = { items, target, ...columns };
  if (!input.accept('output')) return { output: { into } };
  return { output: { into, items: input.list(() => parseSelectItem(input)) } };
}
