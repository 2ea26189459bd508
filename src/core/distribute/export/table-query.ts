import type { ColumnShape, TableShape } from '../../offline/tables/table-shape.ts';
import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import { commonColumns, outgoing, type TravellingColumn } from '../../sync/transfer/columns.ts';
import type { Natives } from '../../sync/transfer/natives.ts';
import { companyColumn } from '../company.ts';
import { packRefusal } from '../pack/pack-refusal.ts';
import type { RowText } from '../rows/row-text.ts';
import { valueText } from '../rows/value-text.ts';
import type { Cells } from './stream-rows.ts';

/** How a table is read for a pack. */
export type ExportedTable = {
  readonly name: string;
  readonly columns: readonly TravellingColumn[];
  readonly query: string;
  /** The texts of a row as the query gives it. */
  readonly textsOf: (cells: Cells) => RowText;
};

/** Throws ExpectedError `table-not-packable`: no key to sort by, or a column that no text can carry. */
export function exportedTable(name: string, shape: TableShape, company: string): ExportedTable {
  const columns = packedColumns(name, shape);
  const texts = columns.map(valueText);
  const own = companyColumn(shape);
  const where = own === undefined ? '' : `\nWHERE b.${quoteName(own.name)} = ${quoteString(company)}`;
  return {
    name,
    columns,
    query: `SELECT ${columns.map((column) => outgoing(column, 'b')).join(', ')}
FROM ${quoteNames(shape.schema, shape.name)} AS b${where}
ORDER BY ${columns.slice(0, shape.primaryKey.length).map(inOneOrder).join(', ')};`,
    textsOf: (cells) =>
      cells.map((cell, index) => {
        if (cell === null || cell === undefined) return null;
        const text = texts[index]?.(cell as string | Uint8Array) ?? '';
        // Half of a surrogate pair: it has no UTF-8, and would come back as another character.
        if (!text.isWellFormed()) throw notUnicode(name, columns[index]?.name ?? '', cells, columns, shape);
        return text;
      }),
  };
}

/** A file holds texts: everything but text itself and bytes travels as varchar. */
const nothingNative: Natives = { way: 'plain', types: new Set() };
/** Their digits would be those of whoever prints them. */
const inexact = new Set(['float', 'real']);

/** The columns of a table as they stand in a pack: the key first and in its order. */
export function packedColumns(name: string, shape: TableShape): readonly TravellingColumn[] {
  const all = commonColumns(shape, shape, nothingNative);
  const key = shape.primaryKey.flatMap((each) => all.filter((column) => column.name === each));
  if (key.length === 0) throw notPackable(name, 'has no primary key');
  const columns = [...key, ...all.filter((column) => !key.includes(column))];
  const strange = columns.find(({ passage, type }) => passage === undefined || inexact.has(type));
  if (strange !== undefined)
    throw notPackable(name, `has the column ${strange.name} of type ${strange.type}`);
  return columns;
}

const notPackable = (table: string, what: string) =>
  packRefusal(
    'table-not-packable',
    `The table ${table} ${what}, which a pack cannot carry.`,
    'Take the table out of its job, or leave the job out with --jobs.',
    { table },
  );

/** Text by its code units, GUIDs by their text: a collation, or a version of SQL Server, would sort in its own way. */
function inOneOrder(column: ColumnShape): string {
  const value = `b.${quoteName(column.name)}`;
  if (column.type === 'uniqueidentifier') return `CAST(${value} AS char(36)) COLLATE Latin1_General_BIN2`;
  if (!column.type.endsWith('char')) return value;
  // A binary collation of varchar has a code page of its own.
  return `${column.type.startsWith('n') ? value : `CAST(${value} AS nvarchar(max))`} COLLATE Latin1_General_BIN2`;
}

function notUnicode(
  table: string,
  column: string,
  cells: Cells,
  columns: readonly ColumnShape[],
  { primaryKey }: TableShape,
) {
  const key = columns.flatMap(({ name }, index) => (primaryKey.includes(name) ? [String(cells[index])] : []));
  return packRefusal(
    'text-not-unicode',
    `${table} ${key.join(', ')}: the text of ${column} holds half a character, which no file can carry.`,
    'Put the text right in the database, then export again.',
    { table, column },
  );
}
