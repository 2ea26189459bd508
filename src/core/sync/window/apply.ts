import type { TableShape } from '../../offline/tables/table-shape.ts';
import {
  anchorTable,
  clearOrigin,
  conflictTable,
  setOrigin,
  trackingTableName,
} from '../../offline/tracking/names.ts';
import { quoteName, quoteNames, quoteString } from '../../sql/identifiers.ts';
import type { Rules } from '../rules.ts';
import { compared, incoming, type TravellingColumn } from '../transfer/columns.ts';
import { type RowVersion, rowVersionText } from './enumerate.ts';

/** A table whose rows lie in the staging table and are to be applied. */
export type StagedTable = {
  readonly shape: TableShape;
  readonly columns: readonly TravellingColumn[];
  readonly staging: string;
  /** Where this side stood when the rows were read; undefined = it had no anchor. */
  readonly anchor: RowVersion | undefined;
  /** The staging table holds the whole table: what is not in it is gone at the source. */
  readonly isWhole: boolean;
  readonly trackingId: string;
};

export type ApplyOrder = {
  readonly tables: readonly StagedTable[];
  readonly direction: 'download' | 'upload';
  /** The local id, here, of the one the rows come from. */
  readonly sourceId: number;
  readonly upper: RowVersion;
  readonly scope: string;
  readonly runId: string;
};

/** Raised when another run moved an anchor meanwhile; the window is rolled back and read again the next time. */
export const anchorMoved = 'storedb: the anchor was moved by another run';

/**
 * One transaction: gone rows of all tables in reverse order, then changed and new ones in order, then the anchors, which
 * move only from where they were read. Yields the number of parked rows.
 */
export function applyStatement(order: ApplyOrder, rules: Rules): string {
  const { tables, direction, sourceId } = order;
  const gone = direction === 'upload' ? [] : tables.toReversed().map(deleteRows);
  const parked = direction === 'upload' ? tables.map((table) => parkRows(table, order)) : [];
  const written = tables.map(writeRows);
  const anchors = tables.map((table) => moveAnchor(table, order));
  const body = rules.deletesFirst ? [...gone, ...parked, ...written] : [...parked, ...written, ...gone];
  return `SET XACT_ABORT ON; SET NOCOUNT ON; SET DEADLOCK_PRIORITY LOW;
DECLARE @parked int; SET @parked = 0;
BEGIN TRANSACTION;
${setOrigin(sourceId)}
${body.join('\n')}
${rules.anchorsWithRows ? '' : 'COMMIT TRANSACTION;\nBEGIN TRANSACTION;'}
${anchors.join('\n')}
${clearOrigin}
COMMIT TRANSACTION;
SELECT @parked AS parked;`;
}

const match = ({ shape, columns }: StagedTable, left: string): string =>
  keyOf({ shape, columns })
    .map((column) => `${left}.${quoteName(column.name)} = ${incoming(column, 's')}`)
    .join(' AND ');

const keyOf = ({ shape, columns }: Pick<StagedTable, 'shape' | 'columns'>): readonly TravellingColumn[] =>
  shape.primaryKey.flatMap((key) => columns.filter(({ name }) => name === key));
const baseOf = ({ shape }: StagedTable): string => quoteNames(shape.schema, shape.name);

function restOf({ shape, columns }: StagedTable): readonly TravellingColumn[] {
  return columns.filter(({ name }) => !shape.primaryKey.includes(name));
}

function differs(table: StagedTable): string {
  const rest = restOf(table);
  const side = (value: (column: TravellingColumn) => string) =>
    rest.map((column) => compared(column, value(column))).join(', ');
  return `EXISTS (SELECT ${side((column) => incoming(column, 's'))} EXCEPT SELECT ${side((column) => `b.${quoteName(column.name)}`)})`;
}

function deleteRows(table: StagedTable): string {
  const base = baseOf(table);
  if (table.isWhole)
    return `DELETE b FROM ${base} AS b WHERE NOT EXISTS (SELECT 1 FROM ${table.staging} AS s WHERE ${match(table, 'b')});`;
  return `DELETE b FROM ${base} AS b JOIN ${table.staging} AS s ON ${match(table, 'b')} WHERE s.[storedb_gone] = 1;`;
}

function writeRows(table: StagedTable): string {
  const base = baseOf(table);
  const rest = restOf(table);
  const names = table.columns.map(({ name }) => quoteName(name)).join(', ');
  const update =
    rest.length === 0
      ? ''
      : `UPDATE b SET ${rest.map((column) => `${quoteName(column.name)} = ${incoming(column, 's')}`).join(', ')}
FROM ${base} AS b JOIN ${table.staging} AS s ON ${match(table, 'b')} WHERE s.[storedb_gone] = 0 AND ${differs(table)};\n`;
  return `${update}INSERT INTO ${base} (${names}) SELECT ${table.columns.map((column) => incoming(column, 's')).join(', ')}
FROM ${table.staging} AS s WHERE s.[storedb_gone] = 0 AND NOT EXISTS (SELECT 1 FROM ${base} AS b WHERE ${match(table, 'b')});`;
}

/**
 * At the store, a row of the same key that says something else and did not come from this register is another's, or
 * changed there since: it stays, and the register's version is parked. Gone rows stay too: a register that tidies up
 * does not delete the shop's sales.
 */
function parkRows(table: StagedTable, { sourceId, scope, runId }: ApplyOrder): string {
  if (restOf(table).length === 0) return '';
  const key = keyOf(table);
  const tracking = quoteNames(table.shape.schema, trackingTableName(table.shape.name));
  const foreign = `s.[storedb_gone] = 0 AND ${differs(table)} AND NOT EXISTS (
  SELECT 1 FROM ${tracking} AS t WHERE ${match(table, 't')} AND t.[update_scope_local_id] = ${sourceId})`;
  const texts = (columns: readonly TravellingColumn[]) => columns.map(fieldText).join(' + ');
  return `INSERT INTO ${conflictTable} (RunId, PeerId, ScopeName, TableName, KeyText, RowText, Reason, Message, Status, ParkedUtc)
SELECT '${runId}', ${sourceId}, ${quoteString(scope)}, ${quoteString(table.shape.name)}, ${texts(key)}, ${texts(table.columns)},
  N'same-key', N'The store has another row under this key.', N'parked', GETUTCDATE()
FROM ${table.staging} AS s JOIN ${baseOf(table)} AS b ON ${match(table, 'b')} WHERE ${foreign};
SET @parked = @parked + @@ROWCOUNT;
DELETE s FROM ${table.staging} AS s JOIN ${baseOf(table)} AS b ON ${match(table, 'b')} WHERE ${foreign};`;
}

/** `name=length:value;`, so that a value may hold anything; a NULL is `name=;`. */
function fieldText(column: TravellingColumn): string {
  const value = `s.${quoteName(column.name)}`;
  const text =
    column.type === 'varbinary' || column.type === 'binary'
      ? `CONVERT(nvarchar(max), ${value}, 1)`
      : `CAST(${value} AS nvarchar(max))`;
  return `${quoteString(`${column.name}=`)} + ISNULL(CAST(DATALENGTH(${text}) / 2 AS nvarchar(12)) + N':' + ${text}, N'') + N';'`;
}

function moveAnchor({ shape, anchor, trackingId }: StagedTable, { sourceId, upper }: ApplyOrder): string {
  const name = quoteString(shape.name);
  const where = `PeerId = ${sourceId} AND TableName = ${name}`;
  if (anchor === undefined)
    // Two runs that both begin: the second violates the key and is rolled back.
    return `INSERT INTO ${anchorTable} (PeerId, TableName, Timestamp, State, SchemaHash, TrackingId, UpdatedUtc)
VALUES (${sourceId}, ${name}, ${rowVersionText(upper)}, 'incremental', '', '${trackingId}', GETUTCDATE());`;
  return `UPDATE ${anchorTable} SET Timestamp = ${rowVersionText(upper)}, TrackingId = '${trackingId}', UpdatedUtc = GETUTCDATE()
WHERE ${where} AND Timestamp = ${rowVersionText(anchor)};
IF @@ROWCOUNT <> 1 BEGIN ROLLBACK TRANSACTION; ${clearOrigin} RAISERROR(N'${anchorMoved}', 16, 1); RETURN; END;`;
}
