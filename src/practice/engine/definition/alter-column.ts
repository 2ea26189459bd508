/** ALTER TABLE ... ALTER COLUMN. */

import type { TableChange } from '../../language/syntax.ts';
import { qualifiedName } from '../data/table-writer.ts';
import { SqlError } from '../extension.ts';
import { type Column, type Database, foldName, type Table } from '../model.ts';
import { resolveType, storeConverter, unknownType } from '../scalar/index.ts';
import type { SqlType } from '../types.ts';
import { noColumn } from './alter-table.ts';
import { withCollation } from './build-table.ts';
import type { Change } from './change.ts';
import { dependencyError, dependentsOf } from './dependencies.ts';
import { relayout } from './relayout.ts';

export const alterColumn = (
  change: Change,
  table: Table,
  database: Database,
  what: TableChange & { readonly kind: 'alter-column' },
): void => {
  const ordinal = table.columns.findIndex((column) => foldName(column.name) === foldName(what.column));
  const column = table.columns[ordinal];
  if (column === undefined) throw noColumn(table, what.column, 'ALTER COLUMN');
  if (column.type.kind === 'rowversion') {
    throw new SqlError(4928, `Cannot alter column '${column.name}' because it is 'timestamp'.`);
  }
  if (column.computed !== undefined) {
    throw new SqlError(4928, `Cannot alter column '${column.name}' because it is 'COMPUTED'.`);
  }
  const type = newType(what, table, database, ordinal);
  const isNullable = what.isNullable ?? true;
  refuseDependents(table, column, type, isNullable, database);

  const before = { type: column.type, isNullable: column.isNullable, declaredType: column.declaredType };
  change.undo(() => {
    Object.assign(column, before);
  });
  const store = storeConverter(column.type, type, change.context.session);
  column.type = type;
  column.isNullable = isNullable;
  column.declaredType = what.type.name;
  relayout(
    table,
    database,
    change.context,
    (values) => {
      const old = values[ordinal] ?? null;
      if (old === null && !isNullable) {
        throw new SqlError(
          515,
          `Cannot insert the value NULL into column '${column.name}', table '${qualifiedName(table, database)}'; column does not allow nulls. UPDATE fails.`,
          16,
          2,
        );
      }
      const row = [...values];
      row[ordinal] = store(old);
      return row;
    },
    change.undo,
  );
};

const newType = (
  what: TableChange & { readonly kind: 'alter-column' },
  table: Table,
  database: Database,
  ordinal: number,
): SqlType => {
  try {
    return withCollation(resolveType(what.type, database), what.collation ?? database.collation);
  } catch (problem) {
    if (problem instanceof SqlError && problem.number === 243) {
      throw unknownType(what.type, { index: ordinal + 1, name: table.columns[ordinal]?.name ?? what.column });
    }
    throw problem;
  }
};

const variable: ReadonlySet<SqlType['kind']> = new Set(['varchar', 'nvarchar', 'varbinary']);

/** Keys and checks bear a longer text and a change to NOT NULL; everything else must go first. */
const refuseDependents = (
  table: Table,
  column: Column,
  type: SqlType,
  isNullable: boolean,
  database: Database,
): void => {
  const size = (length: SqlType['length']): number =>
    length === 'max' ? Number.POSITIVE_INFINITY : (length ?? 0);
  const isSameKind = type.kind === column.type.kind;
  const isWider =
    isSameKind &&
    variable.has(type.kind) &&
    size(type.length) >= size(column.type.length) &&
    type.collation === column.type.collation;
  const isSame =
    isSameKind &&
    type.length === column.type.length &&
    type.precision === column.type.precision &&
    type.scale === column.type.scale &&
    type.collation === column.type.collation;
  for (const dependent of dependentsOf(table, column, database)) {
    if (dependent.isDefault && isSameKind) continue;
    if (isSame && isNullable === column.isNullable) continue;
    if (isWider && type.length !== 'max' && isNullable === column.isNullable) continue;
    throw dependencyError([dependent], column, 'ALTER COLUMN');
  }
};
