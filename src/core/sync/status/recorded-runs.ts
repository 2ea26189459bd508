import { conflictTable, syncRunTable } from '../../offline/tracking/names.ts';
import type { SqlRow, SqlSession } from '../../sql/session.ts';
import { openStates } from '../conflicts/conflict.ts';
import type { LastError, LastRun } from './sync-status.ts';

/** What a side has written down: the last run of each scope, the last that was not done, and open conflicts by scope. */
export type Recorded = {
  readonly runs: ReadonlyMap<string, LastRun>;
  readonly lastError: LastError | undefined;
  readonly parked: ReadonlyMap<string, number>;
};

/** Three sets for `recordedOf`; `@peer` is the local id of the other side. */
export const recordedText = `${lastRuns()};
SELECT TOP (1) ${columns()} FROM ${syncRunTable} WHERE PeerId = @peer AND Outcome <> N'done' ORDER BY SyncRunId DESC;
SELECT ScopeName AS scope, COUNT(*) AS parked FROM ${conflictTable} WHERE PeerId = @peer AND ${openStates} GROUP BY ScopeName;`;

function lastRuns(): string {
  return `SELECT ${columns()} FROM ${syncRunTable}
WHERE SyncRunId IN (SELECT MAX(SyncRunId) FROM ${syncRunTable} WHERE PeerId = @peer GROUP BY ScopeName)`;
}

function columns(): string {
  return `ScopeName AS scope, StartedUtc AS startedUtc, FinishedUtc AS finishedUtc, Outcome AS outcome,
  Downloaded AS downloaded, Uploaded AS uploaded, DownloadedParked + UploadedParked AS parked, Message AS message`;
}

/** The last run of each scope with another replica. */
export async function readLastRuns(
  session: SqlSession,
  peer: number,
  signal: AbortSignal,
): Promise<readonly (LastRun & { readonly scope: string })[]> {
  const rows = await session.query<RunRow>(lastRuns(), { peer }, signal);
  return rows.map(runOf);
}

type RunRow = Omit<LastRun, 'message'> & { readonly scope: string; readonly message: string | null };

const runOf = ({ message, ...run }: RunRow) => ({ ...run, message: message ?? undefined });

export function recordedOf(sets: readonly (readonly SqlRow[])[]): Recorded {
  const [runs, failed, parked] = sets;
  const [error] = (failed ?? []) as readonly RunRow[];
  return {
    runs: new Map(((runs ?? []) as readonly RunRow[]).map(runOf).map(({ scope, ...run }) => [scope, run])),
    lastError:
      error === undefined
        ? undefined
        : { atUtc: error.finishedUtc, scope: error.scope, message: error.message ?? error.outcome },
    parked: new Map((parked ?? []).map(({ scope, parked: rows }) => [String(scope), Number(rows)])),
  };
}
