import type { TableShape } from '../../offline/tables/table-shape.ts';
import { trackingTableName } from '../../offline/tracking/names.ts';
import { keyColumns } from '../../offline/tracking/statements.ts';
import { only } from '../../plan/detect/ask.ts';
import { quoteName, quoteNames } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { Rules } from '../rules.ts';
import { outgoing, type TravellingColumn } from '../transfer/columns.ts';

/** A rowversion as a number; never a JavaScript number, which ends at 53 bits. */
export type RowVersion = bigint;

/** In T-SQL, as the type that rowversion columns compare with. */
export const rowVersionText = (value: RowVersion): string => `0x${value.toString(16).padStart(16, '0')}`;

/**
 * Up to where everything is committed. To be read first, in a statement of its own and outside any transaction: what
 * is still open lies above it and comes with the next window. Throws where the server lacks MIN_ACTIVE_ROWVERSION:
 * @@DBTS in its place would skip what is open now.
 */
export async function readUpper(session: SqlSession, rules: Rules, signal: AbortSignal): Promise<RowVersion> {
  const bound =
    rules.bound === 'committed' ? 'CAST(MIN_ACTIVE_ROWVERSION() AS bigint) - 1' : 'CAST(@@DBTS AS bigint)';
  const { upper } = only(
    await session.query<{ upper: string }>(`SELECT CAST(${bound} AS varchar(20)) AS upper`, {}, signal),
  );
  return BigInt(upper);
}

export type Window = {
  /** undefined = the whole table. */
  readonly after: RowVersion | undefined;
  readonly upper: RowVersion;
  /** The local id, in the source, of the one that the rows go to: it does not get back what it sent. */
  readonly peerId: number;
};

/**
 * The rows of a window: first 1 for one that is gone, then the columns. Whether a row is gone is asked of the table
 * itself; the mark in the tracking table is a hint.
 */
export function changesQuery(
  shape: TableShape,
  columns: readonly TravellingColumn[],
  { after, upper, peerId }: Window,
  rules: Rules,
): string {
  const base = quoteNames(shape.schema, shape.name);
  if (after === undefined)
    return `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} FROM ${base} AS b`;
  const key = keyColumns(shape).map(({ name }) => name);
  const isKey = new Set(key.map((name) => name.toLowerCase()));
  const first = quoteName(key[0] ?? '');
  const match = key.map((name) => `b.${quoteName(name)} = t.${quoteName(name)}`).join(' AND ');
  const values = columns.map((column) => outgoing(column, isKey.has(column.name.toLowerCase()) ? 't' : 'b'));
  const echo = rules.suppressesEcho
    ? ` AND (t.[update_scope_local_id] IS NULL OR t.[update_scope_local_id] <> ${peerId})`
    : '';
  return `SELECT CAST(CASE WHEN b.${first} IS NULL THEN 1 ELSE 0 END AS bit), ${values.join(', ')}
FROM ${quoteNames(shape.schema, trackingTableName(shape.name))} AS t LEFT JOIN ${base} AS b ON ${match}
WHERE t.[local_update_peer_timestamp] > ${rowVersionText(after)} AND t.[local_update_peer_timestamp] <= ${rowVersionText(upper)}${echo}`;
}
