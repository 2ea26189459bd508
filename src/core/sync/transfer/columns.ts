import type { ColumnShape, TableShape } from '../../offline/tables/table-shape.ts';
import { travellingColumns } from '../../offline/tables/table-shape.ts';
import { typeText, typeWithCollation } from '../../offline/tracking/column-type.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteName } from '../../sql/identifiers.ts';

/** How a value gets from one server to the other without losing a digit: as text unless its type is safe as it is. */
export type Passage = 'text' | 'bytes' | 'cast-text';

const texts = new Set(['nvarchar', 'varchar', 'nchar', 'char']);
const bytes = new Set(['varbinary', 'binary']);
const throughText = new Set(
  'bit tinyint smallint int bigint numeric decimal money smallmoney datetime smalldatetime date time datetime2 datetimeoffset uniqueidentifier'.split(
    ' ',
  ),
);

/** undefined = a type that does not travel (float, xml, ...); a table that has it is refused by name. */
export function passageOf({ type }: ColumnShape): Passage | undefined {
  if (texts.has(type)) return 'text';
  if (bytes.has(type)) return 'bytes';
  return throughText.has(type) ? 'cast-text' : undefined;
}

/** The columns that both sides have, by the destination's shape: a side that was upgraded first keeps what only it has. */
export function commonColumns(source: TableShape, destination: TableShape): readonly ColumnShape[] {
  const there = new Set(travellingColumns(source).map(({ name }) => fold(name)));
  return travellingColumns(destination).filter(({ name }) => there.has(fold(name)));
}

/** What the source selects for a column. Styles: 126 keeps 1/300 s of datetime, 121 seven digits, 2 four of money. */
export function outgoing(column: ColumnShape, alias: string): string {
  const value = `${alias}.${quoteName(column.name)}`;
  if (passageOf(column) !== 'cast-text') return value;
  if (column.type === 'money' || column.type === 'smallmoney') return `CONVERT(varchar(41), ${value}, 2)`;
  if (column.type === 'datetime' || column.type === 'smalldatetime')
    return `CONVERT(varchar(41), ${value}, 126)`;
  if (['date', 'time', 'datetime2', 'datetimeoffset'].includes(column.type))
    return `CONVERT(varchar(41), ${value}, 121)`;
  return `CAST(${value} AS varchar(41))`;
}

/** The column of the staging table: text keeps its own type and collation, so that it compares as the table does. */
export function stagingType(column: ColumnShape): string {
  if (passageOf(column) === 'cast-text') return 'varchar(41)';
  return passageOf(column) === 'bytes' ? typeText(column) : typeWithCollation(column);
}

/** The value of the staging table in the type of the column. */
export function incoming(column: ColumnShape, alias: string): string {
  const value = `${alias}.${quoteName(column.name)}`;
  return passageOf(column) === 'cast-text' ? `CAST(${value} AS ${typeText(column)})` : value;
}

/** For "is it different": text by its bytes, because a collation takes 'a' for 'A' and 'a ' for 'a'. */
export const compared = (column: ColumnShape, value: string): string =>
  passageOf(column) === 'text' ? `CAST(${value} AS varbinary(max))` : value;
