import { refuseReplication } from './constraints.ts';
import { parseIndexOptions, parseOptionalIndexOptions } from './index-options.ts';
import { parseNameText, parseObjectName } from './names.ts';
import { refusedFeature, refusedStatement } from './refusals.ts';
import type { DefinitionStatement, TableChange } from './syntax.ts';
import { parseTableElement, TableParts } from './table-definitions.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

/** After ALTER TABLE. */
export function parseAlterTable(input: TokenReader): Extract<DefinitionStatement, { kind: 'alter-table' }> {
  return { kind: 'alter-table', name: parseObjectName(input), change: parseChange(input) };
}

function parseChange(input: TokenReader): TableChange {
  const at = input.at;
  if (input.is('with', 'check') || input.is('with', 'nocheck')) {
    input.take();
    const withCheck = input.take().key === 'check';
    if (input.accept('add')) return { ...parseAdd(input), check: withCheck };
    return parseCheckConstraints(input, withCheck);
  }
  if (input.accept('add')) return parseAdd(input);
  if (input.accept('alter', 'column')) return parseAlterColumn(input);
  if (input.accept('drop')) return { kind: 'drop', items: parseDropItems(input) };
  if (input.is('check') || input.is('nocheck')) return parseCheckConstraints(input, false);
  if (input.is('enable', 'trigger') || input.is('disable', 'trigger')) {
    const enable = input.take().key === 'enable';
    input.take();
    return { kind: 'triggers', enable, names: parseNames(input) };
  }
  if (input.accept('set')) return { kind: 'set', options: parseIndexOptions(input) };
  if (input.accept('rebuild')) {
    if (input.accept('partition') && !(input.acceptSymbol('=') && input.accept('all'))) {
      throw refusedFeature('table-rebuild-partition', at);
    }
    parseOptionalIndexOptions(input);
    return { kind: 'rebuild' };
  }
  if (input.is('switch')) throw refusedFeature('partition-switch', at);
  if (input.is('enable') || input.is('disable')) {
    throw refusedStatement(
      `ALTER TABLE ${input.current.value.toUpperCase()} ${input.ahead(1).value.toUpperCase()}`,
      at,
    );
  }
  throw input.unexpected();
}

function parseAdd(input: TokenReader): Extract<TableChange, { kind: 'add' }> {
  const parts = new TableParts();
  do {
    // ADD may be repeated for each element, as older scripts do.
    input.accept('add');
    parseTableElement(input, parts);
  } while (input.acceptSymbol(','));
  if (parts.indexes.length > 0) throw refusedStatement('ALTER TABLE ADD INDEX', input.previous);
  return { kind: 'add', columns: parts.columns, constraints: parts.constraints };
}

function parseAlterColumn(input: TokenReader): TableChange {
  const column = parseNameText(input);
  if (input.is('add') || input.is('drop')) {
    const add = input.take().key === 'add';
    refuseReplication(input);
    if (!input.accept('rowguidcol')) {
      throw refusedStatement(
        `ALTER COLUMN ${add ? 'ADD' : 'DROP'} ${input.current.value.toUpperCase()}`,
        input.at,
      );
    }
    return { kind: 'alter-column-rowguid', column, add };
  }
  const type = parseTypeName(input);
  const collation = input.accept('collate') ? { collation: parseNameText(input) } : {};
  if (input.is('sparse')) throw refusedFeature('column-set', input.at);
  return { kind: 'alter-column', column, type, ...collation, ...parseNullability(input) };
}

/** NULL, NOT NULL or nothing. */
export function parseNullability(input: TokenReader): { isNullable?: boolean } {
  if (input.accept('not', 'null')) return { isNullable: false };
  return input.accept('null') ? { isNullable: true } : {};
}

type DropItem = Extract<TableChange, { kind: 'drop' }>['items'][number];

/** COLUMN or CONSTRAINT holds for the names after it until the other word comes; at first a constraint is meant. */
function parseDropItems(input: TokenReader): readonly DropItem[] {
  let kind: DropItem['kind'] = 'constraint';
  let ifExists = false;
  return input.list(() => {
    const isColumn = input.accept('column');
    if (isColumn || input.accept('constraint')) {
      kind = isColumn ? 'column' : 'constraint';
      ifExists = input.accept('if', 'exists');
    }
    const name = parseNameText(input);
    parseOptionalIndexOptions(input);
    return { kind, name, ifExists };
  });
}

function parseCheckConstraints(input: TokenReader, withCheck: boolean): TableChange {
  const enable = input.accept('check');
  if (!enable) input.expect('nocheck');
  input.expect('constraint');
  return { kind: 'check-constraints', enable, withCheck, names: parseNames(input) };
}

/** ALL, or names. */
export function parseNames(input: TokenReader): readonly string[] | 'all' {
  return input.accept('all') ? 'all' : input.list(() => parseNameText(input));
}
