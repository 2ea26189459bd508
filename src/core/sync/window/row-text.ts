import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import { quoteString } from '../../sql/identifiers.ts';

/** T-SQL that makes an exact text of a value: the same value gives the same text on every server. */
export function asText({ type }: Pick<ColumnShape, 'type'>, value: string): string {
  if (type === 'varbinary' || type === 'binary') return `CONVERT(nvarchar(max), ${value}, 1)`;
  // Of a float, style 2 gives 16 digits; all 17 take style 3, which SQL Server has since 2016.
  if (['money', 'smallmoney', 'float', 'real'].includes(type)) return `CONVERT(nvarchar(41), ${value}, 2)`;
  if (type === 'datetime' || type === 'smalldatetime') return `CONVERT(nvarchar(41), ${value}, 126)`;
  if (['date', 'time', 'datetime2', 'datetimeoffset'].includes(type))
    return `CONVERT(nvarchar(41), ${value}, 121)`;
  return `CAST(${value} AS nvarchar(max))`;
}

/**
 * T-SQL that writes the columns of a row down as one text, which `readRowText` takes apart: `name=length:value;` for
 * each, so that a value may hold anything, and `name=;` for a NULL. `value` gives the value of a column.
 */
export function rowText<Column extends ColumnShape>(
  columns: readonly Column[],
  value: (column: Column) => string,
): string {
  const fields = columns.map((column) => {
    // One collation for all: columns of different ones cannot be joined, and no two texts are to count as the same.
    const text = `${asText(column, value(column))} COLLATE Latin1_General_BIN2`;
    const name = quoteString(`${column.name.replaceAll('=', '==')}=`);
    return `${name} + ISNULL(CAST(DATALENGTH(${text}) / 2 AS nvarchar(12)) + N':' + ${text}, N'') + N';'`;
  });
  // From the first on, or what is joined ends after 4000 characters.
  return `(CAST(N'' AS nvarchar(max)) + ${fields.join(' + ')})`;
}

/** The columns of a row as `rowText` wrote them, in their order; null = NULL. Undefined where it is no such text. */
export function readRowText(text: string): ReadonlyMap<string, string | null> | undefined {
  const values = new Map<string, string | null>();
  const field = /((?:[^=]|==)+)=(?:(\d+):)?/y;
  let at = 0;
  while (at < text.length) {
    field.lastIndex = at;
    const [whole, name, length] = field.exec(text) ?? [];
    if (whole === undefined || name === undefined) return undefined;
    const start = at + whole.length;
    const end = start + Number(length ?? 0);
    if (text[end] !== ';') return undefined;
    values.set(name.replaceAll('==', '='), length === undefined ? null : text.slice(start, end));
    at = end + 1;
  }
  return values;
}
