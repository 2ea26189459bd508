import type { ColumnShape, TableShape } from '../../offline/tables/table-shape.ts';
import { typeText } from '../../offline/tracking/column-type.ts';
import { keyColumns } from '../../offline/tracking/statements.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteName, quoteString } from '../../sql/identifiers.ts';
import { readRowText } from './row-text.ts';

/**
 * T-SQL of a table of these keys (as `rowText` wrote them), named `k`, with the columns of the table's key; undefined
 * when there is none. A text that somebody has changed, or of another key, is left out.
 */
export function keysTable(shape: TableShape, keys: readonly string[]): string | undefined {
  const columns = keyColumns(shape);
  const rows = keys.flatMap((key) => {
    const values = new Map([...(readRowText(key) ?? [])].map(([name, value]) => [fold(name), value]));
    const texts = columns.map(({ name }) => values.get(fold(name)) ?? undefined);
    if (texts.includes(undefined)) return [];
    return [`(${columns.map((column, index) => literal(column, texts[index] ?? '')).join(', ')})`];
  });
  if (rows.length === 0) return undefined;
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  return `(VALUES ${rows.join(',\n')}) AS k(${names})`;
}

/** Text by its bytes, because it may hold anything, and in the column's collation, which says its code page. */
function literal(column: ColumnShape, text: string): string {
  const { type } = column;
  if (type === 'varbinary' || type === 'binary')
    return `CAST(CONVERT(varbinary(max), ${quoteString(text)}, 1) AS ${typeText(column)})`;
  if (column.collation === undefined) return `CAST(${quoteString(text)} AS ${typeText(column)})`;
  const bytes = `0x${Buffer.from(text, 'utf16le').toString('hex')}`;
  const collation = column.collation.replace(/\W/g, '');
  return `CAST(CAST(${bytes} AS nvarchar(max)) COLLATE ${collation} AS ${typeText(column)})`;
}
