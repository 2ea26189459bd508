import type { Draft } from '../../core/steps/index.ts';
import type { ConflictDetail, ConflictSummary } from '../../core/sync/conflicts/index.ts';
import type { SyncStatus } from '../../core/sync/index.ts';
import type { Failure } from './failure.ts';

/** What the synchronisation of a register does, looked at again and again. */
export type Monitor = {
  /** Reports of an earlier watch carry another number and are dropped. */
  readonly id: number;
  readonly since: number;
  /** The last look; undefined until the first one has come. */
  readonly status?: SyncStatus | undefined;
  /** Why the newest look gave nothing; the status before it stays. */
  readonly failure?: Failure | undefined;
  /** The scope that has the attention, from 0. */
  readonly choice: number;
  /** Lies over the scopes. */
  readonly parked?: Parked | undefined;
};

/** The parked rows: a list, over it one of them, over that the question whether it is given up. */
export type Parked = {
  /** Undefined while they are asked for. */
  readonly rows?: readonly ConflictSummary[] | undefined;
  readonly choice: number;
  readonly shown?: ConflictDetail | undefined;
  readonly question?: { readonly choice: number } | undefined;
};

type Watching = { readonly monitor?: Monitor | undefined };

/** The monitor's screens, each with keys of its own. */
export type MonitorScreen = 'monitor' | 'parked' | 'parked-row' | 'accept';

/** Which of them is drawn. */
export function monitorScreen({ monitor }: Watching): MonitorScreen {
  const { parked } = monitor ?? {};
  if (parked === undefined) return 'monitor';
  if (parked.question !== undefined) return 'accept';
  return parked.shown === undefined ? 'parked' : 'parked-row';
}

/** The parked row that has the attention. */
export function chosenParked({ monitor }: Watching): ConflictSummary | undefined {
  const { parked } = monitor ?? {};
  return parked?.shown ?? parked?.rows?.[parked.choice];
}

/** What is reported to the monitor. */
export type MonitorAction =
  | { readonly kind: 'status-read'; readonly id: number; readonly status: SyncStatus }
  | { readonly kind: 'status-unknown'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'parked-listed'; readonly id: number; readonly rows: readonly ConflictSummary[] }
  | { readonly kind: 'parked-shown'; readonly id: number; readonly detail: ConflictDetail }
  /** A parked row is to be tried again, or was given up; `message` says which. */
  | { readonly kind: 'parked-settled'; readonly id: number; readonly message: string };

/** What the monitor asks of the host. */
export type MonitorEffect =
  /** Reads the state of the synchronisation every two seconds, until it is stopped. */
  | { readonly kind: 'watch-sync'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'unwatch-sync' }
  | { readonly kind: 'list-parked'; readonly id: number; readonly draft: Draft }
  | ParkedEffect;

/** Something to be done with one parked row; `conflict` is the number that it is known by. */
export type ParkedEffect = {
  readonly kind: 'show-parked' | 'retry-parked' | 'accept-parked';
  readonly id: number;
  readonly conflict: string;
  readonly draft: Draft;
};
