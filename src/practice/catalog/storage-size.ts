/** How much room data would take on SQL Server's pages of 8 KB. The server keeps none; it is a plain guess from the declared widths. */

import type { Database, Table } from '../engine/model.ts';
import { facetsOf } from './system-types.ts';

const ROW_OVERHEAD = 7;
const PAGE_ROOM = 8060;
/** What a database takes that holds nothing. */
const EMPTY_DATABASE_PAGES = 288;

/** Pages of one index or heap of a table. */
export function pagesOf(table: Table): number {
  const { rowCount } = table.storage;
  // Most tables of a new database: adding up their widths would be the slow part of every look at the server's files.
  if (rowCount === 0) return 0;
  // Half of what may be written into a text column is a fair middle; (max) columns count little.
  const width = table.columns.reduce((sum, { type }) => {
    const { maxLength } = facetsOf(type);
    return (
      sum +
      (type.kind === 'varchar' || type.kind === 'nvarchar'
        ? Math.max(maxLength / 2, 8)
        : Math.max(maxLength, 1))
    );
  }, ROW_OVERHEAD);
  const rowsPerPage = Math.max(1, Math.floor(PAGE_ROOM / Math.min(width, PAGE_ROOM)));
  return Math.ceil(rowCount / rowsPerPage);
}

/** Pages that the rows of a database would take. */
export function usedPages(database: Database): number {
  let pages = EMPTY_DATABASE_PAGES;
  for (const object of database.objects.values()) if (object.kind === 'table') pages += pagesOf(object);
  return pages;
}
