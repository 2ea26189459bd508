import { parseConstraint, refuseReplication, startsConstraint } from './constraints.ts';
import { parseExpression } from './expressions.ts';
import { parseInlineIndex } from './index-definitions.ts';
import { parseName, parseNameText } from './names.ts';
import { refusedFeature } from './refusals.ts';
import type { ColumnDefinition, ConstraintDefinition, IndexDefinition, TableDefinition } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

/** The columns, constraints and indexes of a table, in parentheses. */
export function parseTableDefinition(input: TokenReader): TableDefinition {
  const parts = new TableParts();
  input.expectSymbol('(');
  do {
    // A comma before the closing parenthesis is allowed.
    if (input.isSymbol(')') && parts.columns.length > 0) break;
    parseTableElement(input, parts);
  } while (input.acceptSymbol(','));
  input.expectSymbol(')');
  return parts;
}

/** What has been read of a table so far. */
export class TableParts implements TableDefinition {
  readonly columns: ColumnDefinition[] = [];
  readonly constraints: ConstraintDefinition[] = [];
  readonly indexes: IndexDefinition[] = [];
}

/** One column, constraint or index: an element of CREATE TABLE or of ALTER TABLE ADD. */
export function parseTableElement(input: TokenReader, parts: TableParts): void {
  if (input.is('period', 'for', 'system_time')) throw refusedFeature('temporal-table', input.at);
  if (startsConstraint(input)) parts.constraints.push(parseConstraint(input));
  else if (input.is('index')) parts.indexes.push(parseInlineIndex(input));
  else parts.columns.push(parseColumn(input, parts));
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function parseColumn(input: TokenReader, parts: TableParts): ColumnDefinition {
  const name = parseName(input);
  if (input.accept('as')) return parseComputedColumn(input, name);
  const column: Mutable<ColumnDefinition> = { name, isRowGuid: false, constraints: [] };
  if (input.isSymbol(',') || input.isSymbol(')') || input.is('not') || input.is('null')) {
    // A column named timestamp needs no type: it is one.
    if (name.text.toLowerCase() !== 'timestamp')
      throw syntaxProblem('column-without-type', name.at, name.text);
    column.type = { name: 'timestamp', arguments: [], at: name.at };
  } else {
    column.type = parseTypeName(input);
  }
  const constraints: ConstraintDefinition[] = [];
  while (parseColumnProperty(input, column, constraints, parts));
  return { ...column, constraints };
}

const columnFeatures = ['sparse', 'masked', 'encrypted', 'hidden', 'filestream', 'column_set'];

/** One property after the type, in any order. False when none comes next. */
function parseColumnProperty(
  input: TokenReader,
  column: Mutable<ColumnDefinition>,
  constraints: ConstraintDefinition[],
  parts: TableParts,
): boolean {
  if (input.accept('null')) column.isNullable = true;
  else if (input.is('not', 'for')) refuseReplication(input);
  else if (input.accept('not')) {
    input.expect('null');
    column.isNullable = false;
  } else if (input.accept('collate')) column.collation = parseNameText(input);
  else if (input.accept('identity')) column.identity = parseIdentity(input);
  else if (input.accept('rowguidcol')) column.isRowGuid = true;
  else if (startsConstraint(input)) constraints.push(parseConstraint(input, column.name.text));
  else if (input.is('index')) parts.indexes.push(parseInlineIndex(input, column.name.text));
  else if (input.is('generated')) throw refusedFeature('temporal-table', input.at);
  else if (columnFeatures.some((word) => input.is(word))) throw refusedFeature('column-set', input.at);
  else return false;
  return true;
}

function parseIdentity(input: TokenReader): NonNullable<ColumnDefinition['identity']> {
  if (!input.acceptSymbol('(')) return { seed: 1n, increment: 1n };
  const seed = parseSignedInteger(input);
  input.expectSymbol(',');
  const increment = parseSignedInteger(input);
  input.expectSymbol(')');
  return { seed, increment };
}

function parseSignedInteger(input: TokenReader): bigint {
  const isNegative = input.acceptSymbol('-');
  if (!isNegative) input.acceptSymbol('+');
  if (input.current.kind !== 'integer') throw input.unexpected();
  const value = BigInt(input.take().value);
  return isNegative ? -value : value;
}

function parseComputedColumn(input: TokenReader, name: ColumnDefinition['name']): ColumnDefinition {
  const start = input.at;
  const expression = parseExpression(input);
  const computed = { expression, text: input.sourceFrom(start), isPersisted: input.accept('persisted') };
  const isNotNull = computed.isPersisted && input.accept('not', 'null');
  const constraints: ConstraintDefinition[] = [];
  while (startsConstraint(input)) constraints.push(parseConstraint(input, name.text));
  return { name, isRowGuid: false, computed, ...(isNotNull ? { isNullable: false } : {}), constraints };
}
