import type { TableShape } from '../offline/tables/table-shape.ts';
import { fold } from '../plan/detect/ask.ts';
import { quoteName, quoteNames, quoteString } from '../sql/identifiers.ts';
import type { SqlSession } from '../sql/session.ts';
import { companyColumn } from './company.ts';

/** The rows that a company has in some tables, by folded name; all rows where a table is shared. One round trip. */
export async function countRows(
  session: SqlSession,
  shapes: readonly TableShape[],
  company: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (shapes.length === 0) return new Map();
  const counts = shapes.map((shape) => {
    const own = companyColumn(shape);
    const where = own === undefined ? '' : ` WHERE ${quoteName(own.name)} = @company`;
    return `SELECT ${quoteString(fold(shape.name))} AS name, CAST(COUNT_BIG(*) AS varchar(20)) AS [rows] FROM ${quoteNames(shape.schema, shape.name)}${where}`;
  });
  const rows = await session.query<{ name: string; rows: string }>(
    counts.join('\nUNION ALL '),
    { company },
    signal,
  );
  return new Map(rows.map((row) => [row.name, Number(row.rows)]));
}
