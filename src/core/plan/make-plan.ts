import { ExpectedError } from '../errors.ts';
import type { Plan } from './plan.ts';
import type { SetupInput } from './setup.ts';

/**
 * Connects, detects and plans; writes nothing and takes no lock. Throws ExpectedError: exit `connection` when the
 * server cannot be reached, `prerequisite` when the planner refuses, `cancelledBefore` when the signal is aborted.
 */
export async function makePlan(_input: SetupInput, _signal: AbortSignal): Promise<Plan> {
  throw new ExpectedError({
    code: 'not-built',
    exit: 'bug',
    message: 'Planning is being built.',
    hint: 'Wait.',
  });
}
