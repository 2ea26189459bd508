import type { PackFile } from '../pack/manifest.ts';
import { packRefusal } from '../pack/pack-refusal.ts';

/** A value as it stands in a file of a pack; null is NULL. */
export type RowText = readonly (string | null)[];

/** Rows of a file in its order. `lines` has the line on which each begins, from 1. */
export type RowBatch = { readonly rows: readonly RowText[]; readonly lines: readonly number[] };

/** What is read from a file: the names of its columns, then its rows. */
export type RowReading = { readonly columns: readonly string[]; readonly batches: AsyncIterable<RowBatch> };

/** A row that cannot be read or taken. */
export function rowRefused(file: PackFile, line: number, column: string | undefined, what: string) {
  return packRefusal(
    'pack-row-refused',
    `${file.name}, line ${line}${column === undefined ? '' : `, column ${column}`}: ${what}`,
    'Have this row put right where the pack is made, and the pack made again.',
    { file: file.name, line, ...(column === undefined ? {} : { column }) },
  );
}
