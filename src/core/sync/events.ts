import type { SyncDirection } from '../offline/profile/profile.ts';
import type { Finding } from '../plan/plan.ts';

/** `total` = `ok` + `parked`: rows that were read for the other side, and what became of them. */
export type RowCounts = { readonly total: number; readonly ok: number; readonly parked: number };

/** One scope in one cycle. A bidirectional scope has both counts, the other kinds one of them. */
export type ScopeResult = {
  readonly scope: string;
  readonly direction: SyncDirection;
  /** 'partly' = rows were parked or tables left out; what could be done is done. */
  readonly outcome: 'done' | 'partly' | 'failed';
  readonly downloaded: RowCounts;
  readonly uploaded: RowCounts;
  readonly startedUtc: Date;
  readonly finishedUtc: Date;
  /** What a technician should know about it; never empty after 'partly' and 'failed'. */
  readonly findings: readonly Finding[];
};

/** Why a cycle did not get to its scopes, or not to all of them. */
export type CycleOutcome = 'done' | 'partly' | 'failed' | 'busy' | 'unreachable';

export type CycleResult = {
  /** A GUID; stands in storedb.SyncRun of both databases. */
  readonly runId: string;
  readonly outcome: CycleOutcome;
  readonly scopes: readonly ScopeResult[];
  /** What holds for the cycle as a whole: who holds the lock, a restored database, a stalled bound. */
  readonly findings: readonly Finding[];
  /** Milliseconds. */
  readonly took: number;
};

/** What the synchronisation tells while it works; the service's log, lines, JSON lines and the monitor all consume it. */
export type SyncEvent =
  | { readonly kind: 'cycle-started'; readonly runId: string; readonly atUtc: Date }
  | { readonly kind: 'scope-started'; readonly scope: string; readonly direction: SyncDirection }
  /** Rows of a table that have arrived in this scope so far; `total` 0 = nobody knows. At most a few a second. */
  | {
      readonly kind: 'rows-moved';
      readonly scope: string;
      readonly table: string;
      readonly towards: 'store' | 'offline';
      readonly done: number;
      readonly total: number;
    }
  | ({ readonly kind: 'scope-finished' } & ScopeResult)
  | { readonly kind: 'finding'; readonly finding: Finding }
  | ({ readonly kind: 'cycle-finished' } & CycleResult)
  /** Of the loop only: nothing to do for `milliseconds`, unless a local change wakes it. Its sign of life. */
  | { readonly kind: 'waiting'; readonly milliseconds: number; readonly why: 'idle' | 'back-off' };
