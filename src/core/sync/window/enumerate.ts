import type { TableShape } from '../../offline/tables/table-shape.ts';
import { trackingTableName } from '../../offline/tracking/names.ts';
import { keyColumns } from '../../offline/tracking/statements.ts';
import { quoteName, quoteNames } from '../../sql/identifiers.ts';
import type { Rules } from '../rules.ts';
import { outgoing, type TravellingColumn } from '../transfer/columns.ts';

/** A rowversion as a number; never a JavaScript number, which ends at 53 bits. */
export type RowVersion = bigint;

/** In T-SQL, as the type that rowversion columns compare with. */
export const rowVersionText = (value: RowVersion): string => `0x${value.toString(16).padStart(16, '0')}`;

/** What is to be read of a table. */
export type Reading = {
  /** Of the source. */
  readonly shape: TableShape;
  readonly columns: readonly TravellingColumn[];
  /** undefined = the whole table. */
  readonly after: RowVersion | undefined;
  readonly upper: RowVersion;
  /** The local id, in the source, of the one that the rows go to: it does not get back what it sent. */
  readonly peerId: number;
  /** Whether rows that are gone are told; of a whole table, those whose deletion was tracked. */
  readonly tellsGone: boolean;
  /**
   * T-SQL of a table of further keys whose present rows are wanted, columns as the key's; see `keysTable`. Rows that
   * came from the peer are left out: they are no versions of the source.
   */
  readonly keys: string | undefined;
};

/**
 * The rows of a window: first 1 for one that is gone, then the columns by `outgoing`. Whether a row is gone is asked of
 * the table itself; the mark in the tracking table is a hint.
 */
export function changesQuery(reading: Reading, rules: Rules): string {
  const values = reading.columns.map((column) => outgoing(column, 'x'));
  const parts =
    reading.after === undefined ? wholeTable(reading) : changedRows(reading, reading.after, rules);
  return `SELECT x.[storedb_gone], ${values.join(', ')} FROM (\n${parts.join('\nUNION ALL\n')}\n) AS x`;
}

/** The tables of `readings` that have rows in their windows, as SELECTs that give `place` for each that has. */
export function newsQuery(
  places: readonly { readonly place: number; readonly reading: Reading; readonly after: RowVersion }[],
): string {
  return places
    .map(
      ({ place, reading, after }) =>
        `SELECT ${place} AS place WHERE EXISTS (SELECT 1 FROM ${trackingOf(reading.shape)} AS t WHERE ${since(reading, after)})`,
    )
    .join('\nUNION ALL\n');
}

function wholeTable(reading: Reading): readonly string[] {
  const base = baseOf(reading.shape);
  const all = `SELECT CAST(0 AS bit) AS [storedb_gone], ${named(reading, () => 'b')} FROM ${base} AS b`;
  if (!reading.tellsGone) return [all];
  const isKey = keyTest(reading.shape);
  const key = (name: string) => (isKey(name) ? 't' : 'b');
  return [
    all,
    `SELECT CAST(1 AS bit), ${named(reading, key)} FROM ${trackingOf(reading.shape)} AS t
LEFT JOIN ${base} AS b ON ${match(reading.shape, 'b', 't')} WHERE t.[sync_row_is_tombstone] = 1 AND b.${firstKey(reading.shape)} IS NULL`,
  ];
}

function changedRows(reading: Reading, after: RowVersion, rules: Rules): readonly string[] {
  const { shape, keys, peerId } = reading;
  const tracking = trackingOf(shape);
  const isSince = since(reading, after);
  const echo = rules.suppressesEcho
    ? ` AND (t.[update_scope_local_id] IS NULL OR t.[update_scope_local_id] <> ${peerId})`
    : '';
  const changed = `${presentRow(reading, `${tracking} AS t`, 't')} WHERE ${isSince}${echo}`;
  if (keys === undefined) return [changed];
  const isEcho = `t.[update_scope_local_id] = ${peerId}`;
  return [
    changed,
    `${presentRow(reading, keys, 'k')} WHERE NOT EXISTS (
SELECT 1 FROM ${tracking} AS t WHERE ${match(shape, 't', 'k')} AND ((${isSince}${echo}) OR ${isEcho}))`,
  ];
}

/** The row of the table as it is now, or its key alone. The key as the table writes it: tracking may hold other case. */
function presentRow(reading: Reading, from: string, alias: string): string {
  const { shape, tellsGone } = reading;
  const isKey = keyTest(shape);
  const values = reading.columns.map(({ from: { name } }) => {
    const column = quoteName(name);
    return isKey(name) ? `ISNULL(b.${column}, ${alias}.${column}) AS ${column}` : `b.${column} AS ${column}`;
  });
  return `SELECT CAST(CASE WHEN b.${firstKey(shape)} IS NULL THEN 1 ELSE 0 END AS bit) AS [storedb_gone], ${values.join(', ')}
FROM ${from} ${tellsGone ? 'LEFT JOIN' : 'JOIN'} ${baseOf(shape)} AS b ON ${match(shape, 'b', alias)}`;
}

const baseOf = ({ schema, name }: TableShape): string => quoteNames(schema, name);
const trackingOf = ({ schema, name }: TableShape): string => quoteNames(schema, trackingTableName(name));
const firstKey = ({ primaryKey }: TableShape): string => quoteName(primaryKey[0] ?? '');
const keyTest = ({ primaryKey }: TableShape) => {
  const names = new Set(primaryKey);
  return (name: string): boolean => names.has(name);
};

const since = ({ upper }: Reading, after: RowVersion): string =>
  `t.[local_update_peer_timestamp] > ${rowVersionText(after)} AND t.[local_update_peer_timestamp] <= ${rowVersionText(upper)}`;

const named = ({ columns }: Reading, alias: (name: string) => string): string =>
  columns.map(({ from: { name } }) => `${alias(name)}.${quoteName(name)} AS ${quoteName(name)}`).join(', ');

const match = (shape: TableShape, left: string, right: string): string =>
  keyColumns(shape)
    .map(({ name }) => `${left}.${quoteName(name)} = ${right}.${quoteName(name)}`)
    .join(' AND ');
