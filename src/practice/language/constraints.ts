import { parseCondition } from './conditions.ts';
import { parseExpression } from './expressions.ts';
import { parseClustered, parseIndexColumns } from './index-columns.ts';
import { parseOptionalFilegroup, parseOptionalIndexOptions } from './index-options.ts';
import { parseNameText, parseObjectName, parseOptionalColumnList } from './names.ts';
import { refusedFeature } from './refusals.ts';
import type { ConstraintDefinition, IndexColumn, ReferentialAction } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** Whether a constraint and not a column comes next. */
export function startsConstraint(input: TokenReader): boolean {
  return ['constraint', 'primary', 'unique', 'check', 'default', 'foreign', 'references'].some((word) =>
    input.is(word),
  );
}

/** A constraint of one column, when `column` is given, or of a table. */
export function parseConstraint(input: TokenReader, column?: string): ConstraintDefinition {
  const at = input.at;
  const name: { name?: string } = input.accept('constraint') ? { name: parseNameText(input) } : {};
  if (input.is('primary') || input.is('unique')) return { ...parseKey(input, column), ...name, at };
  if (input.is('check')) return { ...parseCheck(input), ...name, at };
  if (input.is('default')) return { ...parseDefault(input, column), ...name, at };
  if (input.is('foreign') || (column !== undefined && input.is('references'))) {
    return { ...parseForeignKey(input, column), ...name, at };
  }
  throw input.unexpected();
}

type KeyConstraint = Extract<ConstraintDefinition, { columns: readonly IndexColumn[] }>;
type Unplaced<Constraint extends ConstraintDefinition> = Omit<Constraint, 'at' | 'name'>;
type ConstraintOf<Kind> = Extract<ConstraintDefinition, { kind: Kind }>;

function parseKey(input: TokenReader, column: string | undefined): Unplaced<KeyConstraint> {
  const kind = input.accept('unique') ? 'unique' : 'primary-key';
  if (kind === 'primary-key') input.expect('primary', 'key');
  const isClustered = parseClustered(input);
  if (input.is('hash')) throw refusedFeature('columnstore', input.at);
  const columns =
    column === undefined || input.isSymbol('(')
      ? parseIndexColumns(input)
      : [{ name: column, descending: false }];
  parseOptionalIndexOptions(input);
  parseOptionalFilegroup(input);
  return { kind, ...(isClustered === undefined ? {} : { isClustered }), columns };
}

function parseCheck(input: TokenReader): Unplaced<ConstraintOf<'check'>> {
  input.expect('check');
  refuseReplication(input);
  input.expectSymbol('(');
  const start = input.at;
  const condition = parseCondition(input);
  const text = input.sourceFrom(start);
  input.expectSymbol(')');
  return { kind: 'check', condition, text };
}

function parseDefault(input: TokenReader, column: string | undefined): Unplaced<ConstraintOf<'default'>> {
  input.expect('default');
  const start = input.at;
  const expression = parseExpression(input);
  const text = input.sourceFrom(start);
  const target = column ?? (input.accept('for') ? parseNameText(input) : undefined);
  if (target === undefined) throw input.unexpected();
  const withValues = input.accept('with', 'values');
  return { kind: 'default', expression, text, column: target, withValues };
}

function parseForeignKey(
  input: TokenReader,
  column: string | undefined,
): Unplaced<ConstraintOf<'foreign-key'>> {
  const own = input.accept('foreign', 'key') ? parseOptionalColumnList(input) : undefined;
  const columns = own ?? (column === undefined ? undefined : [column]);
  if (columns === undefined) throw input.unexpected();
  input.expect('references');
  const references = parseObjectName(input);
  const referencedColumns = parseOptionalColumnList(input) ?? [];
  let onDelete: ReferentialAction = 'no action';
  let onUpdate: ReferentialAction = 'no action';
  for (;;) {
    if (input.accept('on', 'delete')) onDelete = parseAction(input);
    else if (input.accept('on', 'update')) onUpdate = parseAction(input);
    else break;
  }
  refuseReplication(input);
  return { kind: 'foreign-key', columns, references, referencedColumns, onDelete, onUpdate };
}

function parseAction(input: TokenReader): ReferentialAction {
  const action = (['no action', 'cascade', 'set null', 'set default'] as const).find((words) =>
    input.accept(...words.split(' ')),
  );
  if (action === undefined) throw input.unexpected();
  return action;
}

export function refuseReplication(input: TokenReader): void {
  if (input.is('not', 'for', 'replication')) throw refusedFeature('not-for-replication', input.at);
}
