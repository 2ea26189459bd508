import { anchorTable, clearOrigin } from '../../offline/tracking/names.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { type RowVersion, rowVersionText } from './enumerate.ts';
import type { StagedTable } from './staged-table.ts';

/**
 * Moves the anchor of a table from where it was read, unless rows of the table were held; ends the window, rolled back,
 * when it stands elsewhere by now. Of two runs that both begin, the second violates the key and is rolled back as well.
 */
export function moveAnchor(
  { shape, anchor, trackingId, schemaHash }: StagedTable,
  place: number,
  { sourceId, upper }: { readonly sourceId: number; readonly upper: RowVersion },
): string {
  const name = quoteString(shape.name);
  const isHeld = `EXISTS (SELECT 1 FROM @held WHERE TableNo = ${place})`;
  const where = `PeerId = ${sourceId} AND TableName = ${name}`;
  if (anchor === undefined)
    return `IF NOT ${isHeld} INSERT INTO ${anchorTable} (PeerId, TableName, Timestamp, State, SchemaHash, TrackingId, UpdatedUtc)
VALUES (${sourceId}, ${name}, ${rowVersionText(upper)}, 'incremental', '${schemaHash}', '${trackingId}', GETUTCDATE());`;
  // The state is the order's alone: a handshake may want a comparison that stands nowhere in the database.
  const from = `${where} AND Timestamp = ${rowVersionText(anchor.timestamp)}`;
  return `IF ${isHeld} SELECT @moved = COUNT(*) FROM ${anchorTable} WITH (UPDLOCK, HOLDLOCK) WHERE ${from};
ELSE BEGIN
  UPDATE ${anchorTable} SET Timestamp = ${rowVersionText(upper)}, State = 'incremental', ResumeKey = NULL,
    SchemaHash = '${schemaHash}', TrackingId = '${trackingId}', UpdatedUtc = GETUTCDATE() WHERE ${from};
  SET @moved = @@ROWCOUNT;
END;
IF @moved <> 1 BEGIN
  ROLLBACK TRANSACTION; ${clearOrigin}
  SELECT 'moved' AS kind, ${place} AS place, 0 AS rows, NULL AS number, NULL AS message;
  RETURN;
END;`;
}
