import { createHash } from 'node:crypto';
import type { ColumnShape, TableShape } from '../../offline/tables/table-shape.ts';
import { travellingColumns } from '../../offline/tables/table-shape.ts';
import { typeText, withCollation } from '../../offline/tracking/column-type.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteName } from '../../sql/identifiers.ts';
import type { Natives } from './natives.ts';

/**
 * How a value gets from one server to the other without losing a digit or a letter: `native` as it is, `text` as
 * varchar(41) that is cast back, `wide` as Unicode, because the two columns have different code pages.
 */
export type Passage = 'native' | 'text' | 'wide';

/** A column of the destination, with the one of the source that fills it. */
export type TravellingColumn = ColumnShape & {
  readonly from: ColumnShape;
  /** undefined = its type does not travel (xml, text, ...): a table that has it is refused by name. */
  readonly passage: Passage | undefined;
};

const wideTexts = new Set(['nvarchar', 'nchar']);
const narrowTexts = new Set(['varchar', 'char']);
const binaries = new Set(['varbinary', 'binary']);
/** Types that fit varchar(41), and back, exactly. */
const throughText = new Set(
  'bit tinyint smallint int bigint numeric decimal money smallmoney datetime smalldatetime date time datetime2 datetimeoffset uniqueidentifier'.split(
    ' ',
  ),
);
/** No style of CONVERT that SQL Server 2008 R2 has gives all digits of these; the drivers carry them exactly. */
const onlyNative = new Set(['float', 'real']);
const isText = (type: string): boolean => wideTexts.has(type) || narrowTexts.has(type);

/** The columns that both sides have, by the destination's shape: a side that was upgraded first keeps what only it has. */
export function commonColumns(
  source: TableShape,
  destination: TableShape,
  natives: Natives,
): readonly TravellingColumn[] {
  const there = new Map(travellingColumns(source).map((column) => [fold(column.name), column]));
  return travellingColumns(destination).flatMap((column) => {
    const from = there.get(fold(column.name));
    return from === undefined ? [] : [{ ...column, from, passage: passageOf(from, column, natives) }];
  });
}

function passageOf(from: ColumnShape, to: ColumnShape, natives: Natives): Passage | undefined {
  const known = [wideTexts, narrowTexts, binaries, throughText, onlyNative];
  if (!known.some((types) => types.has(to.type))) return undefined;
  if (wideTexts.has(from.type) || binaries.has(from.type) || onlyNative.has(from.type)) return 'native';
  // The bytes of a varchar mean something only in its own code page, which its collation names.
  if (narrowTexts.has(from.type)) return from.collation === to.collation ? 'native' : 'wide';
  if (!throughText.has(from.type)) return undefined;
  return natives.types.has(from.type) ? 'native' : 'text';
}

/** What the source selects for a column. Styles: 126 keeps 1/300 s of datetime, 121 seven digits, 2 four of money. */
export function outgoing({ from, passage }: TravellingColumn, alias: string): string {
  const value = `${alias}.${quoteName(from.name)}`;
  if (passage === 'wide') return `CAST(${value} AS ${typeText(widened(from))})`;
  if (passage !== 'text') return value;
  if (from.type === 'money' || from.type === 'smallmoney') return `CONVERT(varchar(41), ${value}, 2)`;
  if (from.type === 'datetime' || from.type === 'smalldatetime') return `CONVERT(varchar(41), ${value}, 126)`;
  if (['date', 'time', 'datetime2', 'datetimeoffset'].includes(from.type))
    return `CONVERT(varchar(41), ${value}, 121)`;
  return `CAST(${value} AS varchar(41))`;
}

/** The type in which a column comes over the wire: the source's own, or that of `outgoing`. decimal is numeric. */
export function wireType({ from, passage }: TravellingColumn): string {
  if (passage === 'text') return 'varchar(41)';
  if (passage === 'wide') return typeText(widened(from));
  return typeText(from).replace('decimal', 'numeric');
}

/** The column of the staging table is of the type that comes; text has the destination's collation and compares as there. */
export function stagingType(column: TravellingColumn): string {
  const type = wireType(column);
  const collation = column.collation ?? column.from.collation;
  return isText(column.from.type) ? withCollation(type, collation) : type;
}

/** The value of the staging table in the type of the destination's column. */
export function incoming(column: TravellingColumn, alias: string): string {
  const value = `${alias}.${quoteName(column.name)}`;
  const isThere = column.passage === 'native' && typeText(column.from) === typeText(column);
  return isThere ? value : `CAST(${value} AS ${typeText(column)})`;
}

/** For "is it different": text by its bytes, because a collation takes 'a' for 'A' and 'a ' for 'a'. */
export const compared = (column: ColumnShape, value: string): string =>
  isText(column.type) ? `CAST(${value} AS varbinary(max))` : value;

/** What storedb.Anchor remembers of the columns that travelled: with other ones, a table is compared whole. */
export function schemaHash(columns: readonly TravellingColumn[]): string {
  const lines = columns.map((column) => `${fold(column.name)} ${typeText(column.from)} ${typeText(column)}`);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** Unicode has at most as many characters as any code page needs bytes for them. */
function widened(column: ColumnShape): ColumnShape {
  const bytes = column.maxLength === -1 || column.maxLength > 4000 ? -1 : column.maxLength * 2;
  return { ...column, type: column.type === 'char' && bytes !== -1 ? 'nchar' : 'nvarchar', maxLength: bytes };
}
