import type { Draft } from '../../core/steps/index.ts';
import type { Check, VerifyEvent } from '../../core/verify/events.ts';
import type { Failure } from './failure.ts';

/** A look at whether a set-up works. */
export type Verification = {
  /** Events of an earlier one carry another number and are dropped. */
  readonly id: number;
  readonly since: number;
  readonly checks: readonly Check[];
  /** What is being looked at. */
  readonly checking?: string | undefined;
  readonly verdict?: Extract<VerifyEvent, { kind: 'verified' }> | undefined;
  readonly failure?: Failure | undefined;
};

/** What is reported of the look. */
export type VerificationAction =
  | { readonly kind: 'verify-event'; readonly id: number; readonly event: VerifyEvent }
  | { readonly kind: 'verify-failed'; readonly id: number; readonly failure: Failure };

/** What the look asks of the host. */
export type VerificationEffect =
  | { readonly kind: 'start-verify'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'stop-verify' };
