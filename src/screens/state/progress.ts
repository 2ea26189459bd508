import type { Finding, RunEvent } from '../../core/plan/index.ts';
import type { Draft } from '../../core/steps/index.ts';
import type { RunEnd } from './result.ts';

export type RunRow = {
  readonly id: string;
  readonly title: string;
  readonly status: 'waiting' | 'working' | 'ok' | 'skipped' | 'warning' | 'failed';
  readonly since?: number;
  readonly elapsedMs?: number;
  readonly progress?: { readonly done: number; readonly total: number; readonly unit: string };
};

/** The work, action by action. */
export type Run = {
  readonly rows: readonly RunRow[];
  readonly since: number;
  readonly isStopping: boolean;
  readonly warnings: readonly Finding[];
  /** The last event of the run; it is followed by the host's `run-ended`. */
  readonly finished?: Extract<RunEvent, { kind: 'run-finished' }>;
};

/** What is reported of the work. */
export type ProgressAction =
  | { readonly kind: 'run-event'; readonly event: RunEvent }
  | { readonly kind: 'run-ended'; readonly end: RunEnd };

/** What the host is asked to do with the work. */
export type ProgressEffect =
  | { readonly kind: 'start-run'; readonly draft: Draft; readonly fingerprint: string }
  | { readonly kind: 'cancel-run' }
  /** Ends the process at once, as if it had been killed. */
  | { readonly kind: 'end-now' };
