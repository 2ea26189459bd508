import type { ColumnShape, TableShape } from '../offline/tables/table-shape.ts';
import { fold } from '../plan/detect/ask.ts';

/**
 * The column that says whose rows these are: DATAAREAID, and DATAAREA in the table of the companies themselves.
 * Undefined for what all companies share (currencies, addresses, registers, products of the global catalogue).
 */
export function companyColumn({ name, columns }: TableShape): ColumnShape | undefined {
  const wanted = fold(name) === 'companyinfo' ? 'dataarea' : 'dataareaid';
  return columns.find((column) => fold(column.name) === wanted);
}
