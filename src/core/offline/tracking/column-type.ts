import type { ColumnShape } from '../tables/table-shape.ts';

/** Types whose declaration carries a length in characters of two bytes, or in bytes. */
const wideText = new Set(['nvarchar', 'nchar']);
const sized = new Set(['varchar', 'char', 'varbinary', 'binary']);
const exact = new Set(['numeric', 'decimal']);
const fractional = new Set(['datetime2', 'datetimeoffset', 'time']);

/** The declared type as T-SQL writes it: `nvarchar(10)`, `numeric(32, 16)`, `varbinary(max)`. Without collation. */
export function typeText({
  type,
  maxLength,
  precision,
  scale,
}: Pick<ColumnShape, 'type' | 'maxLength' | 'precision' | 'scale'>): string {
  if (wideText.has(type)) return `${type}(${maxLength === -1 ? 'max' : maxLength / 2})`;
  if (sized.has(type)) return `${type}(${maxLength === -1 ? 'max' : maxLength})`;
  if (exact.has(type)) return `${type}(${precision}, ${scale})`;
  if (fractional.has(type)) return `${type}(${scale})`;
  // rowversion's name in the catalog is timestamp; a float is one of two sizes.
  if (type === 'float') return `float(${precision})`;
  return type;
}

/** The same with the collation of a text column, so that a copy of a key compares as the key does. */
export const typeWithCollation = (column: ColumnShape): string =>
  withCollation(typeText(column), column.collation);

export function withCollation(type: string, collation: string | undefined): string {
  // A collation's name is letters, digits and underscores; it cannot be quoted.
  const name = collation?.replace(/\W/g, '');
  return name === undefined || name === '' ? type : `${type} COLLATE ${name}`;
}
