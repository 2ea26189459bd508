/** Indexes: their definition and the keys that rows get in them. */

import type { IndexDefinition } from '../../language/syntax.ts';
import { keyText } from '../data/table-writer.ts';
import { Refusal, SqlError } from '../extension.ts';
import { type Database, foldName, type Index, type Table } from '../model.ts';
import { Binding } from '../query/binding.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { columnsOfTable } from '../query/table-names.ts';
import { moduleContext } from '../query/views.ts';
import { rowKey } from '../rows/index-key.ts';
import { RowIndex } from '../rows/row-index.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { RowFrame } from '../run/context.ts';
import { compileCondition } from '../scalar/index.ts';
import type { Row } from '../types.ts';
import type { Undo } from './build-table.ts';

/** Options that say how an index is stored; recorded without effect. */
const recordedOptions: ReadonlySet<string> = new Set([
  'fillfactor',
  'pad_index',
  'statistics_norecompute',
  'sort_in_tempdb',
  'online',
  'maxdop',
  'allow_row_locks',
  'allow_page_locks',
  'data_compression',
  'drop_existing',
  'ignore_dup_key',
  'filegroup',
  'on',
]);

/** Adds an index to the table and fills it. Throws 1902, 1911, 1913, 1505, 1909. */
export const addIndex = (
  table: Table,
  definition: IndexDefinition,
  context: CompileContext,
  database: Database,
  undo: Undo,
  kind: 'primary-key' | 'unique' | 'index' = 'index',
): Index => {
  for (const [option, value] of Object.entries(definition.options)) {
    if (!recordedOptions.has(option.toLowerCase()))
      throw new Refusal(`the index option ${option.toUpperCase()}`);
    if (option.toLowerCase() === 'ignore_dup_key' && (value === true || value === 'on'))
      throw new Refusal('IGNORE_DUP_KEY');
  }
  const folded = foldName(definition.name);
  if (table.indexes.some((index) => foldName(index.name) === folded)) {
    throw new SqlError(
      1913,
      `The operation failed because an index or statistics with name '${definition.name}' already exists on table '${table.schema.name}.${table.name}'.`,
    );
  }
  const clustered = table.indexes.find((index) => index.isClustered);
  if (definition.isClustered && clustered !== undefined) {
    throw new SqlError(
      1902,
      `Cannot create more than one clustered index on table '${table.schema.name}.${table.name}'. Drop the existing clustered index '${clustered.name}' before creating another.`,
      16,
      3,
    );
  }
  const columnId = (name: string): number => {
    const column = table.columns.find((candidate) => foldName(candidate.name) === foldName(name));
    if (column === undefined) {
      throw new SqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
    }
    return column.id;
  };
  const columns = definition.columns.map((column) => ({
    columnId: columnId(column.name),
    descending: column.descending,
  }));
  columns.forEach((column, i) => {
    if (columns.findIndex((other) => other.columnId === column.columnId) !== i) {
      throw new SqlError(
        1909,
        `Cannot use duplicate column names in index. Column name '${definition.columns[i]?.name}' listed more than once.`,
      );
    }
    const type = table.columns.find((candidate) => candidate.id === column.columnId)?.type;
    if (type?.length === 'max' || ['text', 'ntext', 'image', 'xml'].includes(type?.kind ?? '')) {
      throw new SqlError(
        1919,
        `Column '${definition.columns[i]?.name}' in table '${table.schema.name}.${table.name}' is of a type that is invalid for use as a key column in an index.`,
      );
    }
  });
  const index: Index = {
    name: definition.name,
    id: definition.isClustered ? 1 : table.nextIndexId++,
    isUnique: definition.isUnique,
    isClustered: definition.isClustered,
    isPrimaryKey: kind === 'primary-key',
    isUniqueConstraint: kind === 'unique',
    isDisabled: false,
    columns,
    include: definition.include.map(columnId),
    filter: definition.filter,
    options: definition.options,
  };
  attachIndex(table, index, database, context);
  table.indexes.push(index);
  undo(() => {
    table.indexes.splice(table.indexes.indexOf(index), 1);
    rowsOf(table).indexes.delete(index);
  });
  return index;
};

/** Gives the index its rows. Throws 1505 when a unique one finds a key twice. */
export const attachIndex = (
  table: Table,
  index: Index,
  database: Database,
  context: CompileContext,
): RowIndex => {
  const rowIndex = makeRowIndex(table, index, database, context);
  const storage = rowsOf(table);
  storage.build(rowIndex);
  if (!index.isUnique) return rowIndex;
  const seen = new Set<unknown>();
  for (const row of storage.rows.values()) {
    if (row.values === null || !rowIndex.accepts(row.values)) continue;
    const key = rowIndex.key(row.values);
    if (!seen.has(key)) {
      seen.add(key);
      continue;
    }
    storage.indexes.delete(index);
    throw new SqlError(
      1505,
      `The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '${table.schema.name}.${table.name}' and the index name '${index.name}'. The duplicate key value is (${keyText(table, index, row.values, context.session)}).`,
    );
  }
  return rowIndex;
};

const makeRowIndex = (table: Table, index: Index, database: Database, context: CompileContext): RowIndex => {
  const ordinals = index.columns.map(({ columnId }) =>
    table.columns.findIndex((column) => column.id === columnId),
  );
  const types = ordinals.map((ordinal) => table.columns[ordinal]?.type ?? { kind: 'null' as const });
  return new RowIndex(index, ordinals, rowKey(ordinals, types), filterOf(table, index, database, context));
};

const filterOf = (
  table: Table,
  index: Index,
  database: Database,
  context: CompileContext,
): ((row: Row) => boolean) => {
  if (index.filter === undefined) return () => true;
  const binding = new Binding(moduleContext(context, database, table.schema), undefined);
  binding.addTable({
    name: table.name,
    columns: columnsOfTable(table),
    slot: binding.newSlot(),
    isOptional: false,
  });
  const test = compileCondition(index.filter.condition, binding);
  // A filter compares columns with constants: it needs nothing of a running statement.
  const runtime = {} as RowFrame['runtime'];
  return (row) => test({ runtime, rows: [row], outer: undefined } as RowFrame) === true;
};

/** After columns changed their places or types: all indexes with new keys. */
export const rebuildIndexes = (table: Table, database: Database, context: CompileContext): void => {
  const storage = rowsOf(table);
  storage.indexes.clear();
  for (const index of table.indexes) if (!index.isDisabled) attachIndex(table, index, database, context);
};
