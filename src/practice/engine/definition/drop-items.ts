/** ALTER TABLE ... DROP of columns and constraints. */

import type { TableChange } from '../../language/syntax.ts';
import { referencesTo } from '../data/foreign-keys.ts';
import { SqlError } from '../extension.ts';
import { type Database, foldName, type Table } from '../model.ts';
import { rowsOf } from '../rows/table-rows.ts';
import { SeveralErrors } from '../run/several-errors.ts';
import { noColumn } from './alter-table.ts';
import { type Change, removeFrom, removeObject } from './change.ts';
import { dependencyError, dependentsOf } from './dependencies.ts';
import { relayout } from './relayout.ts';

type Item = (TableChange & { readonly kind: 'drop' })['items'][number];

const failed = (first: SqlError): SqlError =>
  new SeveralErrors(first, new SqlError(3727, 'Could not drop constraint. See previous errors.', 16, 0));

export const dropItems = (change: Change, table: Table, database: Database, items: readonly Item[]): void => {
  for (const item of items) if (item.kind === 'constraint') dropConstraint(change, table, database, item);
  for (const item of items) if (item.kind === 'column') dropColumn(change, table, database, item);
};

const dropConstraint = (change: Change, table: Table, database: Database, { name, ifExists }: Item): void => {
  const constraint = table.constraints.find((candidate) => foldName(candidate.name) === foldName(name));
  if (constraint === undefined) {
    if (ifExists) return;
    throw failed(new SqlError(3728, `'${name}' is not a constraint.`));
  }
  const { undo } = change;
  if (constraint.index !== undefined) {
    const { index } = constraint;
    const ids = new Set(index.columns.map((column) => column.columnId));
    const reference = referencesTo(table, database).find(
      ({ foreignKey }) =>
        foreignKey?.referencedColumnIds.length === ids.size &&
        foreignKey.referencedColumnIds.every((id) => ids.has(id)),
    );
    if (reference !== undefined) {
      const child = database.objects.get(reference.parentId)?.name ?? '';
      throw failed(
        new SqlError(
          3725,
          `The constraint '${constraint.name}' is being referenced by table '${child}', foreign key constraint '${reference.name}'.`,
          16,
          0,
        ),
      );
    }
    const storage = rowsOf(table);
    const rows = storage.indexes.get(index);
    storage.indexes.delete(index);
    undo(() => {
      if (rows !== undefined) storage.indexes.set(index, rows);
    });
    removeFrom(table.indexes, index, undo);
  }
  const column = table.columns.find((candidate) => candidate.default === constraint);
  if (column !== undefined) {
    const before = column.default;
    column.default = undefined;
    undo(() => {
      column.default = before;
    });
  }
  removeFrom(table.constraints, constraint, undo);
  removeObject(constraint, database, undo);
};

const dropColumn = (change: Change, table: Table, database: Database, { name, ifExists }: Item): void => {
  const ordinal = table.columns.findIndex((candidate) => foldName(candidate.name) === foldName(name));
  const column = table.columns[ordinal];
  if (column === undefined) {
    if (ifExists) return;
    throw noColumn(table, name, 'DROP COLUMN');
  }
  const [dependent, ...others] = dependentsOf(table, column, database);
  if (dependent !== undefined) throw dependencyError([dependent, ...others], column, 'DROP COLUMN');
  if (table.columns.length === 1) {
    throw new SqlError(
      4923,
      `ALTER TABLE DROP COLUMN failed because '${column.name}' is the only data column in table '${table.name}'. A table must have at least one data column.`,
    );
  }
  const { columns, identity } = table;
  change.undo(() => {
    table.columns = columns;
    table.identity = identity;
  });
  table.columns = columns.filter((candidate) => candidate !== column);
  for (const property of [...database.extendedProperties]) {
    if (property.class === 1 && property.majorId === table.id && property.minorId === column.id)
      removeFrom(database.extendedProperties, property, change.undo);
  }
  if (identity?.columnId === column.id) table.identity = undefined;
  relayout(table, database, change.context, (values) => values.toSpliced(ordinal, 1), change.undo);
};
