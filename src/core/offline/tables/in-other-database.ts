import { fold } from '../../plan/detect/ask.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';

/**
 * The tables of one database as another one has them or will have them (`there`, undefined while it does not exist):
 * the same scripts make them, and only the collations may differ, which a column takes from its database where the
 * script names none. A collation that is the other database's own comes out as undefined.
 */
export function inOtherDatabase(
  shapes: ReadonlyMap<string, TableShape>,
  there: ReadonlyMap<string, TableShape> | undefined,
): ReadonlyMap<string, TableShape> {
  return new Map(
    [...shapes].map(([name, shape]) => {
      const other = there?.get(name)?.columns ?? [];
      return [name, { ...shape, columns: shape.columns.map((column) => withCollationOf(column, other)) }];
    }),
  );
}

function withCollationOf(column: ColumnShape, other: readonly ColumnShape[]): ColumnShape {
  const same = other.find(({ name }) => fold(name) === fold(column.name));
  if (same !== undefined)
    return { ...column, collation: same.collation, isDatabaseCollation: same.isDatabaseCollation };
  return column.isDatabaseCollation ? { ...column, collation: undefined } : column;
}
