import { anchorTable, clearOrigin } from '../../offline/tracking/names.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { type RowVersion, rowVersionText } from './enumerate.ts';
import type { StagedTable } from './staged-table.ts';

/**
 * Moves the anchor of a table from where it was read, unless rows of the table were held; ends the window, rolled back,
 * when it stands elsewhere by now, or when there is one where there was none.
 */
export function moveAnchor(
  { shape, anchor, trackingId, schemaHash }: StagedTable,
  place: number,
  { sourceId, upper }: { readonly sourceId: number; readonly upper: RowVersion },
): string {
  const name = quoteString(shape.name);
  const isHeld = `EXISTS (SELECT 1 FROM @held WHERE TableNo = ${place})`;
  const own = `PeerId = ${sourceId} AND TableName = ${name}`;
  // The state is the order's alone: a handshake may want a comparison that stands nowhere in the database.
  const from = anchor === undefined ? own : `${own} AND Timestamp = ${rowVersionText(anchor.timestamp)}`;
  const move =
    anchor === undefined
      ? `INSERT INTO ${anchorTable} (PeerId, TableName, Timestamp, State, SchemaHash, TrackingId, UpdatedUtc)
  SELECT ${sourceId}, ${name}, ${rowVersionText(upper)}, 'incremental', '${schemaHash}', '${trackingId}', GETUTCDATE()
  WHERE NOT EXISTS (SELECT 1 FROM ${anchorTable} WITH (UPDLOCK, HOLDLOCK) WHERE ${own});`
      : `UPDATE ${anchorTable} SET Timestamp = ${rowVersionText(upper)}, State = 'incremental', ResumeKey = NULL,
    SchemaHash = '${schemaHash}', TrackingId = '${trackingId}', UpdatedUtc = GETUTCDATE() WHERE ${from};`;
  const stands = `SELECT @moved = ${anchor === undefined ? '1 - COUNT(*)' : 'COUNT(*)'} FROM ${anchorTable} WITH (UPDLOCK, HOLDLOCK) WHERE ${from};`;
  return `IF ${isHeld} BEGIN
  ${stands}
END ELSE BEGIN
  ${move}
  SET @moved = @@ROWCOUNT;
END;
IF @moved <> 1 BEGIN
  ROLLBACK TRANSACTION; ${clearOrigin}
  SELECT 'moved' AS kind, ${place} AS place, 0 AS rows, NULL AS number, NULL AS message;
  RETURN;
END;`;
}
