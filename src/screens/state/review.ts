import type { Plan } from '../../core/plan/index.ts';
import type { Draft } from '../../core/steps/index.ts';
import type { Failure } from './failure.ts';

/** What there is to do, on its way from the server to the review page. */
export type Planning =
  | { readonly status: 'making'; readonly id: number; readonly since: number }
  | { readonly status: 'made'; readonly plan: Plan; readonly sql: readonly string[] }
  | { readonly status: 'failed'; readonly failure: Failure };

/** What is reported to the review page. */
export type ReviewAction =
  | { readonly kind: 'plan-made'; readonly id: number; readonly plan: Plan; readonly sql: readonly string[] }
  | { readonly kind: 'plan-failed'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'answers-written'; readonly path: string };

/** What the review page asks of the host. */
export type ReviewEffect =
  | { readonly kind: 'make-plan'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'stop-plan' }
  | { readonly kind: 'write-answers'; readonly draft: Draft };
