/** Which values can be looked up in a hash of another type's values. */

import { SqlError } from '../extension.ts';
import { type Part, partMaker } from '../rows/index-key.ts';
import type { RowFrame } from '../run/context.ts';
import { type Compiled, commonType, converter } from '../scalar/index.ts';
import type { SqlType, TypeKind } from '../types.ts';

export { commonType };

const characters: ReadonlySet<TypeKind> = new Set(['char', 'varchar', 'nchar', 'nvarchar']);
const exactNumbers: ReadonlySet<TypeKind> = new Set([
  'bit',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'numeric',
  'decimal',
  'money',
  'smallmoney',
]);
const binaries: ReadonlySet<TypeKind> = new Set(['binary', 'varbinary', 'rowversion']);

/**
 * Whether a column of type `column` can be searched by converting the other side to the column's type. A value that
 * equals one of the column survives that conversion; false matches are sorted out by the condition itself.
 */
export const canSeek = (column: SqlType, expression: Compiled): boolean => {
  const other = expression.type;
  // A collation that is written beside the other side decides the comparison; the keys follow the column's.
  if (expression.isCollationExplicit === true && other.collation !== column.collation) return false;
  if (column.kind === other.kind && column.collation === other.collation) return true;
  for (const family of [characters, exactNumbers, binaries]) {
    if (family.has(column.kind) && family.has(other.kind)) return true;
  }
  try {
    return commonType([column, other]).kind === column.kind;
  } catch (problem) {
    if (problem instanceof SqlError) return false;
    throw problem;
  }
};

/** The expression's value as part of a key of type `to`; null for NULL and for values that the type cannot hold. */
export const convertKey = (expression: Compiled, to: SqlType): ((frame: RowFrame) => Part) => {
  const convert = converter(expression.type, to, { explicit: true });
  const part = partMaker(to);
  return (frame) => {
    const value = expression.evaluate(frame);
    if (value === null) return null;
    return part(convert(value));
  };
};

/** The same for lookups, where a value out of the column type's range simply is not there. */
export const seekKey = (expression: Compiled, to: SqlType): ((frame: RowFrame) => Part | undefined) => {
  const key = convertKey(expression, to);
  return (frame) => {
    try {
      return key(frame);
    } catch (problem) {
      if (problem instanceof SqlError && outOfRange.has(problem.number)) return undefined;
      throw problem;
    }
  };
};

const outOfRange: ReadonlySet<number> = new Set([220, 8115, 244, 248, 242, 8152]);
