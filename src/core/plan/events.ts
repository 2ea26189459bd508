import type { ExitName } from '../errors.ts';
import type { DatabaseTarget, Finding, Risk } from './plan.ts';

/** What a run tells while it works. Screens, plain lines and JSON lines are three consumers of these. `at` is ISO time in UTC. */
export type RunEvent = { readonly at: string } & (
  | {
      readonly kind: 'run-started';
      readonly runId: string;
      readonly target: DatabaseTarget;
      readonly isPracticeServer: boolean;
      readonly actions: readonly { readonly id: string; readonly title: string; readonly risk: Risk }[];
    }
  | {
      readonly kind: 'action-started';
      readonly id: string;
      readonly title: string;
      /** From 1. */
      readonly index: number;
      readonly of: number;
    }
  | {
      readonly kind: 'action-progress';
      readonly id: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
    }
  /** 'skipped' = found done already (by an earlier, interrupted run or by another one). */
  | {
      readonly kind: 'action-finished';
      readonly id: string;
      readonly outcome: 'done' | 'skipped' | 'warning' | 'failed';
      readonly elapsedMs: number;
      readonly finding?: Finding;
    }
  | { readonly kind: 'warning'; readonly finding: Finding }
  | {
      readonly kind: 'run-finished';
      readonly exit: ExitName;
      readonly summary: string;
      readonly elapsedMs: number;
      readonly failure?: Finding & { readonly details: Readonly<Record<string, string | number>> };
    }
);
