import { conflictTable } from '../../offline/tracking/names.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { incoming } from '../transfer/columns.ts';
import type { WindowOrder } from './order.ts';
import { rowText } from './row-text.ts';
import { type BadRow, keyOf, type StagedTable } from './staged-table.ts';

/**
 * Why a row is parked: another's row stands under its key; both sides changed it; the server refuses it. Later some
 * become 'only-copy': the register no longer has a row that the store has not taken.
 */
export type ParkReason = 'same-key' | 'store-wins' | 'error';

/** What a window parks, until its end. Binary collation: what differs in case is different. */
export const declareParked = `DECLARE @parked TABLE (TableNo int NOT NULL, Reason nvarchar(20) NOT NULL, Number int NULL, Message nvarchar(2000) NOT NULL,
  KeyText nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL, RowText nvarchar(max) COLLATE Latin1_General_BIN2 NULL);`;

/** OUTPUT of a DELETE from the staging table: what is taken out is parked. A gone row has a key and no row. */
export function outputParked(table: StagedTable, place: number, words: string): string {
  const text = (columns: StagedTable['columns']) => rowText(columns, (column) => incoming(column, 'deleted'));
  return `OUTPUT ${place}, ${words}, ${text(keyOf(table))}, CASE WHEN deleted.[storedb_gone] = 0 THEN ${text(table.columns)} END
INTO @parked (TableNo, Reason, Number, Message, KeyText, RowText)`;
}

/** Takes the rows out that were found to be bad. */
export function parkBadRows(table: StagedTable, place: number, bad: readonly BadRow[]): string {
  if (bad.length === 0) return '';
  const rows = bad.map(
    ({ row, number, message }) => `(${row}, ${number}, ${quoteString(message.slice(0, 2000))})`,
  );
  return `DELETE s ${outputParked(table, place, `N'error', w.Number, w.Message`)}
FROM ${table.staging} AS s JOIN (VALUES ${rows.join(', ')}) AS w([Row], Number, Message) ON w.[Row] = s.[storedb_row];`;
}

/**
 * Writes down in storedb.Conflict what was parked: once for each key, in its newest version. What somebody has accepted
 * as it is is not parked again, and not counted.
 */
export function keepParked(tables: readonly StagedTable[], { runId, scope, sourceId }: WindowOrder): string {
  const names = tables.map(({ shape }, place) => `(${place}, ${quoteString(shape.name)})`).join(', ');
  const same = `c.PeerId = ${sourceId} AND c.TableName = n.TableName AND c.KeyText = p.KeyText`;
  const named = `@parked AS p JOIN (VALUES ${names}) AS n(TableNo, TableName) ON n.TableNo = p.TableNo`;
  return `IF EXISTS (SELECT 1 FROM @parked) BEGIN
DELETE p FROM ${named} JOIN ${conflictTable} AS c ON ${same}
WHERE c.Status = N'accepted' AND (c.RowText = p.RowText OR (c.RowText IS NULL AND p.RowText IS NULL));
UPDATE c SET RunId = '${runId}', RowText = p.RowText, Reason = p.Reason, ErrorNumber = p.Number, Message = p.Message,
  Status = N'parked', Attempts = c.Attempts + 1, TriedUtc = GETUTCDATE()
FROM ${named} JOIN ${conflictTable} AS c ON ${same} WHERE c.Status IN (N'parked', N'retry');
INSERT INTO ${conflictTable} (RunId, PeerId, ScopeName, TableName, KeyText, RowText, Reason, ErrorNumber, Message, Status, Attempts, ParkedUtc, TriedUtc)
SELECT '${runId}', ${sourceId}, ${quoteString(scope)}, n.TableName, p.KeyText, p.RowText, p.Reason, p.Number, p.Message, N'parked', 1, GETUTCDATE(), GETUTCDATE()
FROM ${named} WHERE NOT EXISTS (SELECT 1 FROM ${conflictTable} AS c WHERE ${same} AND c.Status IN (N'parked', N'retry'));
END;`;
}

/**
 * What was parked under the key of a row that is applied now, or there already, is resolved. Of what was to be tried
 * again and was not found: the store's own rows have changed or gone, so the register needs them no more; but a row
 * that the register no longer has (it has tidied up, or taken the store's version) is parked as the only copy.
 */
export function resolveParked(
  table: StagedTable,
  place: number,
  { sourceId, towards }: Pick<WindowOrder, 'sourceId' | 'towards'>,
): string {
  const { shape, staging, retried } = table;
  const open = `c.PeerId = ${sourceId} AND c.TableName = ${quoteString(shape.name)} AND c.Status IN (N'parked', N'retry')`;
  const key = rowText(keyOf(table), (column) => incoming(column, 's'));
  const isStaged = `EXISTS (SELECT 1 FROM ${staging} AS s WHERE ${key} = c.KeyText)`;
  const isParked = `EXISTS (SELECT 1 FROM @parked AS p WHERE p.TableNo = ${place} AND p.KeyText = c.KeyText)`;
  const missing =
    retried.length === 0
      ? '1 = 0'
      : `(c.ConflictId IN (${retried.join(', ')}) AND NOT ${isStaged} AND NOT ${isParked})`;
  const resolve = "Status = N'resolved', ResolvedUtc = GETUTCDATE()";
  const onlyCopy =
    "Status = N'parked', Reason = N'only-copy', Message = N'The register no longer has this version of the row; what is parked is the only copy.'";
  return `IF EXISTS (SELECT 1 FROM ${conflictTable} AS c WHERE ${open}) BEGIN
UPDATE c SET ${resolve} FROM ${conflictTable} AS c WHERE ${open} AND ${isStaged};
UPDATE c SET ${towards === 'store' ? onlyCopy : resolve} FROM ${conflictTable} AS c WHERE ${open} AND ${missing};
END;`;
}
