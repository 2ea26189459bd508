import { parseCondition } from './conditions.ts';
import { parseClustered, parseIndexColumns } from './index-columns.ts';
import { parseOptionalFilegroup, parseOptionalIndexOptions } from './index-options.ts';
import { parseNameText, parseObjectName } from './names.ts';
import { refusedFeature } from './refusals.ts';
import type { DefinitionStatement, IndexColumn, IndexDefinition } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** INDEX inside CREATE TABLE; after a column's type its columns may be left out. */
export function parseInlineIndex(input: TokenReader, column?: string): IndexDefinition {
  input.expect('index');
  const name = parseNameText(input);
  const isUnique = input.accept('unique');
  const isClustered = parseClustered(input) ?? false;
  if (input.is('columnstore') || input.is('hash')) throw refusedFeature('columnstore', input.at);
  const columns =
    column === undefined || input.isSymbol('(')
      ? parseIndexColumns(input)
      : [{ name: column, descending: false }];
  return { name, isUnique, isClustered, columns, ...parseIndexEnding(input) };
}

/** CREATE INDEX, after CREATE. */
export function parseCreateIndex(input: TokenReader): Extract<DefinitionStatement, { kind: 'create-index' }> {
  const isUnique = input.accept('unique');
  const isClustered = parseClustered(input) ?? false;
  if (input.is('columnstore')) throw refusedFeature('columnstore', input.at);
  input.expect('index');
  const name = parseNameText(input);
  input.expect('on');
  const table = parseObjectName(input);
  const columns: readonly IndexColumn[] = parseIndexColumns(input);
  const index = { name, isUnique, isClustered, columns, ...parseIndexEnding(input) };
  return { kind: 'create-index', table, index };
}

function parseIndexEnding(input: TokenReader): Pick<IndexDefinition, 'include' | 'filter' | 'options'> {
  const include = input.accept('include') ? input.parenthesized(() => parseNameText(input)) : [];
  const filter = input.accept('where') ? { filter: parseFilter(input) } : {};
  const options = parseOptionalIndexOptions(input);
  parseOptionalFilegroup(input);
  return { include, ...filter, options };
}

function parseFilter(input: TokenReader): NonNullable<IndexDefinition['filter']> {
  const start = input.at;
  const condition = parseCondition(input);
  return { condition, text: input.sourceFrom(start) };
}

/** ALTER INDEX, after those words. */
export function parseAlterIndex(input: TokenReader): Extract<DefinitionStatement, { kind: 'alter-index' }> {
  const index = input.accept('all') ? 'all' : parseNameText(input);
  input.expect('on');
  const table = parseObjectName(input);
  const action = (['rebuild', 'reorganize', 'disable'] as const).find((word) => input.accept(word));
  if (action === undefined) {
    if (input.is('set') || input.is('resume') || input.is('pause') || input.is('abort')) {
      throw refusedFeature('alter-index-set', input.at);
    }
    throw input.unexpected();
  }
  if (input.accept('partition') && !(input.acceptSymbol('=') && input.accept('all'))) {
    throw refusedFeature('table-rebuild-partition', input.at);
  }
  parseOptionalIndexOptions(input);
  return { kind: 'alter-index', index, table, action };
}

/** DROP INDEX, after those words: `ix ON t` or the older `t.ix`. */
export function parseDropIndex(input: TokenReader): Extract<DefinitionStatement, { kind: 'drop-index' }> {
  const ifExists = input.accept('if', 'exists');
  const indexes = input.list(() => {
    const at = input.at;
    const written = parseObjectName(input);
    if (input.accept('on')) {
      if (written.schema !== undefined) throw input.unexpected();
      const table = parseObjectName(input);
      parseOptionalIndexOptions(input);
      return { name: written.name, table };
    }
    if (written.schema === undefined) throw input.unexpected();
    const schema = written.database === undefined ? {} : { schema: written.database };
    return { name: written.name, table: { ...schema, name: written.schema, at } };
  });
  return { kind: 'drop-index', indexes, ifExists };
}
