import { quoteName } from '../../sql/identifiers.ts';
import { incoming, type TravellingColumn } from '../transfer/columns.ts';
import { asText } from './row-text.ts';
import {
  baseOf,
  differs,
  keyOf,
  match,
  restOf,
  type StagedTable,
  textKeyOf,
  trackingOf,
} from './staged-table.ts';

/**
 * Enters as gone what the destination has and the whole table of the source has not. Done before the transaction: a
 * row that comes in between is compared the next time. Answers with their number.
 */
export function stageAbsentRows(table: StagedTable): string {
  const key = keyOf(table);
  const staged = ({ name, passage, type }: TravellingColumn) =>
    passage === 'text' ? asText({ type }, `b.${quoteName(name)}`) : `b.${quoteName(name)}`;
  return `SET NOCOUNT ON;
INSERT INTO ${table.staging} ([storedb_gone], ${key.map(({ name }) => quoteName(name)).join(', ')})
SELECT 1, ${key.map(staged).join(', ')} FROM ${baseOf(table)} AS b
WHERE NOT EXISTS (SELECT 1 FROM ${table.staging} AS s WHERE ${match(table, 'b')});
SELECT @@ROWCOUNT AS absent;`;
}

/**
 * Takes out what the destination has under the same key, or has deleted. Before the transaction too: what comes in
 * between is a conflict like any other.
 */
export function takeKnownOut(table: StagedTable): string {
  return `SET NOCOUNT ON;
DELETE s FROM ${table.staging} AS s WHERE EXISTS (SELECT 1 FROM ${baseOf(table)} AS b WHERE ${match(table, 'b')})
  OR EXISTS (SELECT 1 FROM ${trackingOf(table)} AS t WHERE ${match(table, 't')} AND t.[sync_row_is_tombstone] = 1);
SELECT @@ROWCOUNT AS known;`;
}

export const deleteRows = (table: StagedTable): string =>
  `DELETE b FROM ${baseOf(table)} AS b JOIN ${table.staging} AS s ON ${match(table, 'b')} WHERE s.[storedb_gone] = 1;`;

/**
 * Updates what is different, in one statement because two rows may have swapped a unique value, and inserts what is
 * missing. UPDLOCK, HOLDLOCK: a till that inserts one of the keys between the two would keep its row and ours be lost.
 */
export function writeRows(table: StagedTable): string {
  const base = baseOf(table);
  const names = table.columns.map(({ name }) => quoteName(name)).join(', ');
  const values = table.columns.map((column) => incoming(column, 's')).join(', ');
  // A key whose letters changed case is the same row. Apart, because few rows have it and it costs more.
  return `${[restOf(table), textKeyOf(table)].map((columns) => updateColumns(table, columns)).join('')}INSERT INTO ${base} (${names}) SELECT ${values}
FROM ${table.staging} AS s WHERE s.[storedb_gone] = 0
  AND NOT EXISTS (SELECT 1 FROM ${base} AS b WITH (UPDLOCK, HOLDLOCK) WHERE ${match(table, 'b')});`;
}

function updateColumns(table: StagedTable, columns: readonly TravellingColumn[]): string {
  if (columns.length === 0) return '';
  const set = columns.map((column) => `${quoteName(column.name)} = ${incoming(column, 's')}`).join(', ');
  return `UPDATE b SET ${set} FROM ${baseOf(table)} AS b WITH (UPDLOCK, HOLDLOCK)
JOIN ${table.staging} AS s ON ${match(table, 'b')} WHERE s.[storedb_gone] = 0 AND ${differs(columns)};\n`;
}
