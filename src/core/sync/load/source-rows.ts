import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { OpenTable } from '../window/open-tables.ts';
import { keyOf } from '../window/staged-table.ts';
import { isAfter, type ResumeKey } from './resume-key.ts';

type Source = Pick<OpenTable, 'from' | 'to' | 'columns'>;

/** How many rows the table has, as far as the catalog of the source knows; 0 = it does not. */
export async function expectedRows(
  reader: DriverSession,
  { from }: Source,
  signal: AbortSignal,
): Promise<number> {
  const [found] = await reader.query<{ total: string | null }>(
    `SELECT CAST(SUM(rows) AS varchar(20)) AS total FROM sys.partitions
WHERE index_id IN (0, 1) AND object_id = OBJECT_ID(${quoteString(quoteNames(from.schema, from.name))})`,
    {},
    signal,
  );
  return Number(found?.total ?? 0);
}

/** FROM of all rows, over the alias b. */
export const everyRow = ({ from }: Source): string => `FROM ${quoteNames(from.schema, from.name)} AS b`;

/** FROM, WHERE and ORDER BY of the rows behind a key in the order of the key, over the alias b; of all without one. */
export function rowsBehind(source: Source, after: ResumeKey | undefined): string {
  const key = keyOf({ shape: source.to, columns: source.columns });
  const where = after === undefined ? '' : ` WHERE ${isAfter(key, after, 'b')}`;
  const order = key.map((column) => `b.${quoteName(column.from.name)}`).join(', ');
  return `${everyRow(source)}${where} ORDER BY ${order}`;
}
