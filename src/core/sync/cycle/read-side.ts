import { replicaSelect, selfId } from '../../offline/replicas/replica.ts';
import {
  anchorTable,
  conflictTable,
  pairTable,
  replicaTable,
  syncTableTable,
} from '../../offline/tracking/names.ts';
import type { Rules } from '../rules.ts';
import { isDueAgain } from '../window/retries.ts';
import { type Abilities, sizeQuery } from './abilities.ts';
import { lateRunsSelect } from './run-record.ts';
import { type AnchorRow, anchorOf, type StoredAnchor } from './side-found.ts';
import type { PairSide } from './tokens.ts';

/** T-SQL that answers with the sets of `sideFound`; `isPeer` is the condition on storedb.Replica that finds the other side. */
export function readSideText(abilities: Abilities, isPeer: string, rules: Rules): string {
  const bound =
    abilities.knowsCommitted && rules.bound === 'committed'
      ? 'CAST(MIN_ACTIVE_ROWVERSION() AS bigint) - 1'
      : 'CAST(@@DBTS AS bigint)';
  return `SELECT CAST(${bound} AS varchar(20)) AS [upper];
SELECT CAST(CAST(@@DBTS AS bigint) AS varchar(20)) AS latest, GETUTCDATE() AS nowUtc, ${shapeStamp} AS shapeStamp;
DECLARE @peer int;
SELECT @peer = MAX(LocalId) FROM ${replicaTable} WHERE LocalId <> ${selfId} AND ${isPeer};
SELECT @peer AS peerId;
${replicaSelect}
WHERE LocalId = ${selfId} OR LocalId = @peer OR LOWER(RegisterId) = LOWER(@registerId) ORDER BY LocalId;
SELECT Epoch AS epoch, CAST(CurrentToken AS varchar(36)) AS [current], CAST(NextToken AS varchar(36)) AS [next]
FROM ${pairTable} WHERE PeerId = @peer;
SELECT t.TableName AS name, t.ScopeName AS scope, t.Direction AS direction, t.FrequencySeconds AS frequencySeconds,
  CAST(t.TrackingId AS varchar(36)) AS trackingId, CAST(CAST(t.CleanupTimestamp AS bigint) AS varchar(20)) AS cleanedUpTo,
  CASE WHEN OBJECT_ID(QUOTENAME(N'dbo') + N'.' + QUOTENAME(t.TableName + N'_tracking')) IS NULL THEN 0 ELSE 1 END AS hasTracking,
  CASE WHEN EXISTS (SELECT 1 FROM sys.triggers AS g WHERE g.is_disabled = 0
    AND g.object_id = OBJECT_ID(QUOTENAME(N'dbo') + N'.' + QUOTENAME(t.TableName + N'_storedb_tracking'))) THEN 1 ELSE 0 END AS hasTrigger
FROM ${syncTableTable} AS t ORDER BY t.ScopeOrder, t.TableOrder;
${anchorsSelect} WHERE PeerId = @peer;
SELECT DISTINCT LOWER(TableName) AS name FROM ${conflictTable}
WHERE PeerId = @peer AND ${isDueAgain};
${lateRunsSelect};
${abilities.knowsSize ? sizeQuery : 'SELECT NULL AS pages'};`;
}

const anchorsSelect = `SELECT TableName AS name, CAST(CAST([Timestamp] AS bigint) AS varchar(20)) AS [timestamp], State AS [state],
  ResumeKey AS resumeKey, SchemaHash AS schemaHash, CAST(TrackingId AS varchar(36)) AS trackingId
FROM ${anchorTable}`;

/** How far the other side's changes are applied in this one by now, by folded name. */
export async function readAnchors(
  { session, peerId }: PairSide,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StoredAnchor>> {
  const rows = await session.query<AnchorRow>(`${anchorsSelect} WHERE PeerId = @peerId`, { peerId }, signal);
  return new Map(rows.map(anchorOf));
}

/**
 * Changed columns change a table's date; counts are for engines that keep no such date. Tables of other schemas come
 * and go with every window.
 */
const shapeStamp = `(SELECT CAST(COUNT(*) AS varchar(20)) + '/' + ISNULL(CONVERT(varchar(30), MAX(t.modify_date), 126), '') + '/'
  + CAST((SELECT COUNT(*) FROM sys.columns AS c JOIN sys.tables AS o ON o.object_id = c.object_id JOIN sys.schemas AS d ON d.schema_id = o.schema_id WHERE LOWER(d.name) = N'dbo') AS varchar(20))
  FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE LOWER(s.name) = N'dbo')`;
