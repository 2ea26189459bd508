import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { readRowText } from '../../../../src/core/sync/window/row-text.ts';
import { between, type TableName, tables } from './small-shop.ts';

/** A parked row as the history knows rows. */
export type Parked = {
  readonly table: TableName;
  readonly key: string;
  /** As the texts of rows.ts; undefined = a deletion. */
  readonly version: string | undefined;
  readonly isOpen: boolean;
  /** Of the register that the row came from, or of whose database it is. */
  readonly register: string;
};

export async function readParked(session: SqlSession): Promise<readonly Parked[]> {
  const rows = await session.query<{
    table: TableName;
    key: string;
    row: string | null;
    status: string;
    register: string;
  }>(`SELECT c.TableName AS [table], c.KeyText AS [key], c.RowText AS row, c.Status AS status,
  CASE WHEN me.Kind = N'store' THEN r.RegisterId ELSE me.RegisterId END AS register
FROM storedb.Conflict AS c LEFT JOIN storedb.Replica AS r ON r.LocalId = c.PeerId
CROSS JOIN (SELECT Kind, RegisterId FROM storedb.Replica WHERE LocalId = 1) AS me`);
  return rows.map(({ table, key, row, status, register }) => ({
    table,
    isOpen: status === 'parked' || status === 'retry',
    register: register.toLowerCase(),
    key: [...readRowText(key)!.values()].join('/'),
    version: row === null ? undefined : versionOf(table, readRowText(row)!),
  }));
}

const versionOf = (table: TableName, values: ReadonlyMap<string, string | null>): string =>
  tables[table].rest
    .map((column) => values.get(column) ?? null)
    .map((value) => (value === null ? 'NULL' : `<${value}>`))
    .join(between);
