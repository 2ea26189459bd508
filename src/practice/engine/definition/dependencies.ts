/** What hangs on a column, and stands in the way of changing or dropping it. */

import { referencesTo } from '../data/foreign-keys.ts';
import { SqlError } from '../extension.ts';
import { type Column, type Database, foldName, type Table } from '../model.ts';
import { combinedErrors } from '../run/several-errors.ts';
import { columnNames } from './constraints.ts';
import { modulesBoundTo } from './schema-binding.ts';

export type Dependent = {
  readonly kind: 'index' | 'object' | 'column';
  readonly name: string;
  readonly isDefault: boolean;
  readonly isCheck: boolean;
};

export const dependentsOf = (table: Table, column: Column, database: Database): Dependent[] => {
  const folded = foldName(column.name);
  const object = (name: string, rest: Partial<Dependent> = {}): Dependent => ({
    kind: 'object',
    name,
    isDefault: false,
    isCheck: false,
    ...rest,
  });
  const found: Dependent[] = [];
  for (const constraint of table.constraints) {
    const { definition } = constraint;
    if (definition.kind === 'default' && constraint.columnId === column.id)
      found.push(object(constraint.name, { isDefault: true }));
    else if (
      definition.kind === 'check' &&
      columnNames(definition.condition).some((name) => foldName(name) === folded)
    ) {
      found.push(object(constraint.name, { isCheck: true }));
    } else if (constraint.foreignKey?.columnIds.includes(column.id) === true)
      found.push(object(constraint.name));
  }
  for (const reference of referencesTo(table, database)) {
    if (
      reference.foreignKey?.referencedColumnIds.includes(column.id) === true &&
      reference.parentId !== table.id
    ) {
      found.push(object(reference.name));
    }
  }
  for (const index of table.indexes) {
    const isIn = index.columns.some((key) => key.columnId === column.id) || index.include.includes(column.id);
    if (!isIn) continue;
    found.push(
      index.isPrimaryKey || index.isUniqueConstraint
        ? object(index.name)
        : { kind: 'index', name: index.name, isDefault: false, isCheck: false },
    );
  }
  for (const other of table.columns) {
    if (
      other.computed !== undefined &&
      columnNames(other.computed.expression).some((name) => foldName(name) === folded)
    ) {
      found.push({ kind: 'column', name: other.name, isDefault: false, isCheck: false });
    }
  }
  for (const module of modulesBoundTo(table, column, database)) found.push(object(module.name));
  return found;
};

/** 5074 for what is in the way, then 4922. */
export const dependencyError = (
  dependents: readonly [Dependent, ...Dependent[]],
  column: Column,
  what: 'ALTER COLUMN' | 'DROP COLUMN',
): SqlError =>
  combinedErrors([
    inTheWay(dependents[0], column),
    ...dependents.slice(1).map((dependent) => inTheWay(dependent, column)),
    new SqlError(
      4922,
      `ALTER TABLE ${what} ${column.name} failed because one or more objects access this column.`,
      16,
      9,
    ),
  ]);

const inTheWay = (dependent: Dependent, column: Column): SqlError =>
  new SqlError(5074, `The ${dependent.kind} '${dependent.name}' is dependent on column '${column.name}'.`);
