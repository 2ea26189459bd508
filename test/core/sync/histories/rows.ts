import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { keyText, rowText, type TableName, tableNames } from './small-shop.ts';

/** The rows of a database: by table and key, each as an exact text. */
export type Rows = Readonly<Record<TableName, ReadonlyMap<string, string>>>;

const query = tableNames
  .map(
    (table) =>
      `SELECT N'${table}' AS t, ${keyText(table, 'x')} AS k, ${rowText(table, 'x')} AS v FROM dbo.${table} AS x`,
  )
  .join('\nUNION ALL ');

/** One round trip. */
export async function readRows(session: SqlSession): Promise<Rows> {
  const found: Record<TableName, Map<string, string>> = {
    ITEM: new Map(),
    SALE: new Map(),
    SALELINE: new Map(),
    SHIFT: new Map(),
  };
  for (const { t, k, v } of await session.query<{ t: TableName; k: string; v: string }>(query)) {
    if (found[t].has(k)) throw new Error(`${t} ${k} is there twice.`);
    found[t].set(k, v);
  }
  return found;
}
