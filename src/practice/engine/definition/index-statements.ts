/** CREATE, ALTER and DROP INDEX. */

import type { DefinitionStatement } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName, type Table } from '../model.ts';
import { nameText } from '../query/compile-context.ts';
import { rowsOf } from '../rows/table-rows.ts';
import { type Change, removeFrom, tableForChange } from './change.ts';
import { addIndex, attachIndex } from './indexes.ts';

type Of<Kind extends DefinitionStatement['kind']> = DefinitionStatement & { readonly kind: Kind };

const noTable = (statement: { readonly table: Of<'create-index'>['table'] }): SqlError =>
  new SqlError(
    1088,
    `Cannot find the object "${nameText(statement.table)}" because it does not exist or you do not have permissions.`,
    16,
    12,
  );

export const createIndex = (change: Change, statement: Of<'create-index'>): void => {
  const { table, database } = tableForChange(statement.table, change, noTable(statement));
  const existing = table.indexes.find((index) => foldName(index.name) === foldName(statement.index.name));
  if (existing !== undefined && statement.index.options.drop_existing === true) {
    removeIndex(change, table, existing.name);
  }
  addIndex(table, statement.index, change.context, database, change.undo);
};

export const dropIndex = (change: Change, statement: Of<'drop-index'>): void => {
  for (const { name, table: tableName } of statement.indexes) {
    const missing = new SqlError(
      3701,
      `Cannot drop the index '${nameText(tableName)}.${name}', because it does not exist or you do not have permission.`,
      11,
      6,
    );
    let table: Table;
    try {
      ({ table } = tableForChange(tableName, change, missing));
    } catch (problem) {
      if (problem === missing && statement.ifExists) continue;
      throw problem;
    }
    const index = table.indexes.find((candidate) => foldName(candidate.name) === foldName(name));
    if (index === undefined) {
      if (statement.ifExists) continue;
      throw missing;
    }
    if (index.isPrimaryKey || index.isUniqueConstraint) {
      throw new SqlError(
        3723,
        `An explicit DROP INDEX is not allowed on index '${nameText(tableName)}.${name}'. It is being used for ${index.isPrimaryKey ? 'PRIMARY KEY' : 'UNIQUE KEY'} constraint enforcement.`,
        16,
        4,
      );
    }
    removeIndex(change, table, name);
  }
};

const removeIndex = (change: Change, table: Table, name: string): void => {
  const index = table.indexes.find((candidate) => foldName(candidate.name) === foldName(name));
  if (index === undefined) return;
  const storage = rowsOf(table);
  const rows = storage.indexes.get(index);
  storage.indexes.delete(index);
  change.undo(() => {
    if (rows !== undefined) storage.indexes.set(index, rows);
  });
  removeFrom(table.indexes, index, change.undo);
};

export const alterIndex = (change: Change, statement: Of<'alter-index'>): void => {
  const { table, database } = tableForChange(statement.table, change, noTable(statement));
  const wanted = statement.index;
  const indexes = table.indexes.filter(
    (index) => wanted === 'all' || foldName(index.name) === foldName(wanted),
  );
  if (wanted !== 'all' && indexes.length === 0) {
    throw new SqlError(2727, `Cannot find index '${wanted}'.`, 11);
  }
  const storage = rowsOf(table);
  for (const index of indexes) {
    const { isDisabled } = index;
    const rows = storage.indexes.get(index);
    if (statement.action === 'disable') {
      storage.indexes.delete(index);
      index.isDisabled = true;
    } else if (statement.action === 'rebuild') {
      attachIndex(table, index, database, change.context);
      index.isDisabled = false;
    }
    change.undo(() => {
      index.isDisabled = isDisabled;
      if (rows === undefined) storage.indexes.delete(index);
      else storage.indexes.set(index, rows);
    });
  }
};
