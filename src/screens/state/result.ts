import type { ExitName } from '../../core/errors.ts';
import type { Draft } from '../../core/steps/index.ts';
import type { Failure } from './failure.ts';

/** What the host says about a run that has ended. */
export type RunEnd = {
  readonly exit: ExitName;
  /** The path of summary.txt; empty when there is none. */
  readonly log: string;
  /** What to type for the same run on the next computer; empty when nothing can be repeated. */
  readonly command: string;
  /** A bug, when the run did not end with an event. */
  readonly failure?: Failure | undefined;
};

/** What is reported to the last page. */
export type ResultAction = { readonly kind: 'log-read'; readonly lines: readonly string[] };

/** What the last page asks of the host. */
export type ResultEffect =
  | { readonly kind: 'read-log' }
  /** The run is done: its answers are no longer to be continued, but the defaults of the next one. */
  | { readonly kind: 'keep-as-defaults'; readonly draft: Draft };
