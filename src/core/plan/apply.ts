import { ExpectedError } from '../errors.ts';
import type { RunEvent } from './events.ts';
import type { SetupInput } from './setup.ts';

export type ApplyInput = SetupInput & {
  /** The fingerprint of the plan that was reviewed; the run is refused (code `plan-drifted`) when the server now needs another. */
  readonly expectedFingerprint?: string | undefined;
  /** A GUID; stands in the journal and in the first event. Made when not given. */
  readonly runId?: string | undefined;
};

/**
 * The whole run: connect, take the deployer's lock, detect, plan, apply. Always ends with exactly one `run-finished`
 * event, whose `exit` is the exit code; expected failures are in it and are not thrown. Only a bug is thrown.
 * `run-started` comes first unless the run fails before there is a plan.
 *
 * Aborting the signal stops between batches, or cancels the batch at work on the server; the open transaction is
 * rolled back and the next run continues.
 */
export async function* runApply(_input: ApplyInput, _signal: AbortSignal): AsyncGenerator<RunEvent> {
  throw new ExpectedError({
    code: 'not-built',
    exit: 'bug',
    message: 'Applying is being built.',
    hint: 'Wait.',
  });
}
