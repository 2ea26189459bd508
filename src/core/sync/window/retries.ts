import { conflictTable } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';

/** Parked rows of a table that are to be tried again: their rows of storedb.Conflict and their keys. */
export type Retries = { readonly ids: readonly number[]; readonly keys: readonly string[] };

/**
 * Which rows of storedb.Conflict the next window of their scope tries again: what somebody marked, and refused ones. A
 * row that was refused ten times is tried every ten minutes only: each try costs a few statements and a row in the log.
 * A time of trial in the future is a clock that was set back; it holds nothing up.
 */
export const isDueAgain = `(Status = N'retry' OR (Status = N'parked' AND Reason = N'error'
  AND (Attempts < 10 OR TriedUtc NOT BETWEEN DATEADD(minute, -10, GETUTCDATE()) AND GETUTCDATE())))`;

/** Of a table in one window: those that were tried least come first, so that each has its turn. */
const mostRetries = 50;

/** What is to be tried again of what `sourceId` sent, by folded table name. */
export async function readRetries(
  session: SqlSession,
  sourceId: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Retries>> {
  const rows = await session.query<{ id: number; name: string; key: string }>(
    `SELECT q.id, q.name, q.[key] FROM (
  SELECT ConflictId AS id, TableName AS name, KeyText AS [key], ROW_NUMBER() OVER (PARTITION BY TableName ORDER BY
    CASE WHEN Status = N'retry' THEN 0 ELSE 1 END, Attempts, ConflictId) AS turn
  FROM ${conflictTable} WHERE PeerId = @sourceId AND ${isDueAgain}
) AS q WHERE q.turn <= ${mostRetries}`,
    { sourceId },
    signal,
  );
  const byTable = Map.groupBy(rows, ({ name }) => fold(name));
  return new Map(
    [...byTable].map(([name, found]) => [
      name,
      { ids: found.map(({ id }) => id), keys: found.map(({ key }) => key) },
    ]),
  );
}
