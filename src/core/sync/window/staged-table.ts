import type { TableShape } from '../../offline/tables/table-shape.ts';
import { trackingTableName } from '../../offline/tracking/names.ts';
import { keyColumns } from '../../offline/tracking/statements.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteName, quoteNames } from '../../sql/identifiers.ts';
import { compared, incoming, type TravellingColumn } from '../transfer/columns.ts';
import type { Anchor, Opposite } from './order.ts';

/** A table whose rows lie in its staging table and are to be applied. */
export type StagedTable = {
  /** Of the destination. */
  readonly shape: TableShape;
  readonly columns: readonly TravellingColumn[];
  /** The quoted name of the staging table. */
  readonly staging: string;
  /** Where the destination stood when the rows were read. */
  readonly anchor: Anchor | undefined;
  readonly trackingId: string;
  readonly schemaHash: string;
  /** How far the destination's own changes have reached the source; see WindowTable. */
  readonly opposite: Opposite;
  /** The staging table holds the whole table and not a window of changes. */
  readonly isWhole: boolean;
  /** Rows of storedb.Conflict whose present versions were read as well. */
  readonly retried: readonly number[];
};

/** A row of a staging table that cannot be applied, by the number that `numberRows` gave it, and the server's reason. */
export type BadRow = { readonly row: number; readonly number: number; readonly message: string };

export const baseOf = ({ shape }: Pick<StagedTable, 'shape'>): string => quoteNames(shape.schema, shape.name);

export const trackingOf = ({ shape }: Pick<StagedTable, 'shape'>): string =>
  quoteNames(shape.schema, trackingTableName(shape.name));

/** The key's columns as they travel, in the order of the key. */
export function keyOf({
  shape,
  columns,
}: Pick<StagedTable, 'shape' | 'columns'>): readonly TravellingColumn[] {
  return keyColumns(shape).flatMap(({ name }) => columns.filter((column) => column.name === name));
}

/** One column of the key, for "is there such a row at all". */
export const firstKey = (table: StagedTable): string => quoteName(table.shape.primaryKey[0] ?? '');

export function restOf({ shape, columns }: StagedTable): readonly TravellingColumn[] {
  return columns.filter(({ name }) => !shape.primaryKey.includes(name));
}

/** Columns of the key in which 'a' and 'A', or 'a' and 'a ', are the same key and yet not the same text. */
export const textKeyOf = (table: StagedTable): readonly TravellingColumn[] =>
  keyOf(table).filter(({ type }) => ['nvarchar', 'varchar', 'nchar', 'char'].includes(fold(type)));

/** That a row of the destination (or of its tracking table) has the key of the staged row `s`. */
export const match = (table: StagedTable, alias: string): string =>
  keyOf(table)
    .map((column) => `${alias}.${quoteName(column.name)} = ${incoming(column, 's')}`)
    .join(' AND ');

/** That the row `b` of the destination says something else than the staged row `s`, in these columns. */
export function differs(columns: readonly TravellingColumn[]): string {
  if (columns.length === 0) return '1 = 0';
  const side = (value: (column: TravellingColumn) => string) =>
    columns.map((column) => compared(column, value(column))).join(', ');
  return `EXISTS (SELECT ${side((column) => incoming(column, 's'))} EXCEPT SELECT ${side((column) => `b.${quoteName(column.name)}`)})`;
}

/** The same for the row as a whole. */
export const rowDiffers = (table: StagedTable): string => differs([...textKeyOf(table), ...restOf(table)]);
