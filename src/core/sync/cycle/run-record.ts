import { createHash } from 'node:crypto';
import type { SyncDirection } from '../../offline/profile/profile.ts';
import { syncRunTable, syncTableTable } from '../../offline/tracking/names.ts';
import type { SqlParameters, SqlRow, SqlSession } from '../../sql/session.ts';
import type { RowCounts, ScopeResult } from '../events.ts';

/** What is kept of one scope in one run, in storedb.SyncRun of both databases and in the store's RETAILOFFLINESYNCLOG. */
export type RunRecord = {
  readonly runId: string;
  readonly scope: string;
  readonly direction: SyncDirection;
  readonly outcome: ScopeResult['outcome'] | 'unreachable';
  readonly downloaded: RowCounts;
  readonly uploaded: RowCounts;
  readonly message: string | undefined;
  /** Seconds before now: no clock but that of the database which writes it down is asked for the time. */
  readonly startedAgo: number;
  readonly finishedAgo: number;
};

export const noRows: RowCounts = { total: 0, ok: 0, parked: 0 };

/** Of the register: what the store has not got yet, oldest first; a store that was away long gets it over several runs. */
export const lateRunsSelect = `SELECT TOP (200) CAST(RunId AS varchar(36)) AS runId, ScopeName AS scope, Direction AS direction, Outcome AS outcome,
  Downloaded AS downloaded, DownloadedParked AS downloadedParked, Uploaded AS uploaded, UploadedParked AS uploadedParked,
  Message AS message, DATEDIFF(second, StartedUtc, GETUTCDATE()) AS startedAgo, DATEDIFF(second, FinishedUtc, GETUTCDATE()) AS finishedAgo
FROM ${syncRunTable} WHERE DeliveredUtc IS NULL ORDER BY SyncRunId`;

type LateRow = Omit<RunRecord, 'downloaded' | 'uploaded' | 'message'> & {
  readonly downloaded: number;
  readonly downloadedParked: number;
  readonly uploaded: number;
  readonly uploadedParked: number;
  readonly message: string | null;
};

export function lateRunOf(row: SqlRow): RunRecord {
  const { downloaded, downloadedParked, uploaded, uploadedParked, message, ...rest } = row as LateRow;
  const counts = (total: number, parked: number) => ({ total, ok: total - parked, parked });
  return {
    ...rest,
    runId: rest.runId.toUpperCase(),
    downloaded: counts(downloaded, downloadedParked),
    uploaded: counts(uploaded, uploadedParked),
    message: message ?? undefined,
  };
}

/** Writes them at the register, each once; `markDelivered` says that the store has them. */
export async function recordAtRegister(
  session: SqlSession,
  peerId: number,
  records: readonly RunRecord[],
  signal: AbortSignal,
): Promise<void> {
  if (records.length === 0) return;
  const text = records.map(
    (record, index) => `IF ${isNew(record, index)}\n${insertRun(record, index, peerId, 'NULL')}`,
  );
  await session.query(
    `DECLARE @now datetime; SET @now = GETUTCDATE();\n${text.join('\n')}`,
    parametersOf(records),
    signal,
  );
}

export async function markDelivered(
  session: SqlSession,
  records: readonly RunRecord[],
  signal: AbortSignal,
): Promise<void> {
  if (records.length === 0) return;
  const runs = [...new Set(records.map(({ runId }) => `'${runId}'`))];
  await session.query(
    `UPDATE ${syncRunTable} SET DeliveredUtc = GETUTCDATE() WHERE DeliveredUtc IS NULL AND RunId IN (${runs.join(', ')})`,
    {},
    signal,
  );
}

/**
 * Writes them at the store, each once, however often it is told: what storedb.SyncRun there has is not written again.
 * RETAILOFFLINESCOPE.LASTSYNCTIME is kept only where that table is not synchronised itself: as a change of the store it
 * would go to every register after every run of each.
 */
export async function recordAtStore(
  session: SqlSession,
  peerId: number,
  registerId: string,
  records: readonly RunRecord[],
  signal: AbortSignal,
): Promise<void> {
  if (records.length === 0) return;
  const text = records.map((record, index) => {
    const { downloaded, uploaded } = logged(record);
    return `IF ${isNew(record, index)}
BEGIN
INSERT INTO dbo.RETAILOFFLINESYNCLOG (RECID, LOGTIME, SCOPEID, TOTALDOWNLOADED, TOTALDOWNLOADEDOK, TOTALDOWNLOADEDERR,
  TOTALUPLOADED, TOTALUPLOADEDOK, TOTALUPLOADEDERR, SYNCSTARTTIME, SYNCSTOPTIME, TERMINAL)
SELECT ${recordId(record)}, @now, ISNULL((SELECT MIN(RECID) FROM dbo.RETAILOFFLINESCOPE WHERE DESCRIPTION = @scope${index}), 0),
  ${downloaded.total}, ${downloaded.ok}, ${downloaded.parked}, ${uploaded.total}, ${uploaded.ok}, ${uploaded.parked},
  ${before(record.startedAgo)}, ${before(record.finishedAgo)}, @registerId;
${insertRun(record, index, peerId, '@now')}
END;`;
  });
  await session.query(
    `SET XACT_ABORT ON; DECLARE @now datetime; SET @now = GETUTCDATE();
BEGIN TRANSACTION;
${text.join('\n')}
IF NOT EXISTS (SELECT 1 FROM ${syncTableTable} WHERE LOWER(TableName) = N'retailofflinescope')
  UPDATE dbo.RETAILOFFLINESCOPE SET LASTSYNCTIME = @now WHERE DESCRIPTION IN (${records.map((_, index) => `@scope${index}`).join(', ')});
COMMIT TRANSACTION;`,
    { ...parametersOf(records), registerId },
    signal,
  );
}

const isNew = ({ runId }: RunRecord, index: number): string =>
  `NOT EXISTS (SELECT 1 FROM ${syncRunTable} WHERE RunId = '${runId}' AND ScopeName = @scope${index})`;

function insertRun(record: RunRecord, index: number, peerId: number, delivered: string): string {
  const { downloaded, uploaded } = record;
  return `INSERT INTO ${syncRunTable} (RunId, PeerId, ScopeName, Direction, StartedUtc, FinishedUtc, Outcome, Downloaded, DownloadedParked, Uploaded, UploadedParked, Message, DeliveredUtc)
VALUES ('${record.runId}', ${peerId}, @scope${index}, '${record.direction}', ${before(record.startedAgo)}, ${before(record.finishedAgo)}, '${record.outcome}',
  ${downloaded.total}, ${downloaded.parked}, ${uploaded.total}, ${uploaded.parked}, @message${index}, ${delivered});`;
}

const before = (seconds: number): string => `DATEADD(second, -${Math.max(0, Math.floor(seconds))}, @now)`;

function parametersOf(records: readonly RunRecord[]): SqlParameters {
  return Object.fromEntries(
    records.flatMap(({ scope, message }, index) => [
      [`scope${index}`, scope],
      [`message${index}`, message?.slice(0, 2000) ?? null],
    ]),
  );
}

/**
 * The log has no column for how a run ended: whoever reads it takes errors for a failure. So a run that failed before
 * any row, or left a table out, counts one.
 */
function logged({ direction, outcome, downloaded, uploaded }: RunRecord): {
  readonly downloaded: RowCounts;
  readonly uploaded: RowCounts;
} {
  if (outcome === 'done' || downloaded.parked + uploaded.parked > 0) return { downloaded, uploaded };
  const withError = ({ total, ok }: RowCounts): RowCounts => ({ total: total + 1, ok, parked: 1 });
  return direction === 'upload'
    ? { downloaded, uploaded: withError(uploaded) }
    : { downloaded: withError(downloaded), uploaded };
}

/** RECID has no default: below zero, where head office gives out none, and the same whenever the same run is told. */
function recordId({ runId, scope }: RunRecord): string {
  const hash = createHash('sha256').update(`${runId}\n${scope}`, 'utf8').digest();
  return String(-(hash.readBigUInt64BE() >> 2n) - 1n);
}
