import { expectedFailure } from './action-failure.ts';
import { cancelled } from './cancelled.ts';
import { detectStore } from './detect/index.ts';
import type { Plan } from './plan.ts';
import { planStoreDatabase } from './planner.ts';
import { refuseTask } from './refuse-server.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { SetupInput } from './setup.ts';

/**
 * Connects, detects and plans; writes nothing and takes no lock. Throws ExpectedError: exit `connection` when the
 * server cannot be reached, `prerequisite` when the planner refuses, `cancelledBefore` when the signal is aborted.
 */
export async function makePlan(input: SetupInput, signal: AbortSignal): Promise<Plan> {
  const notBuilt = refuseTask(input);
  if (notBuilt !== undefined) throw notBuilt;
  const sessions = sessionsFor(input);
  try {
    return await detectAndPlan(input, sessions, signal);
  } catch (error) {
    throw beforehand(error, signal) ?? error;
  } finally {
    await sessions.close();
  }
}

export function sessionsFor({ answers, servers, storeSignIn }: SetupInput): Sessions {
  return createSessions(servers, {
    server: answers.storeDatabase.server,
    signIn: storeSignIn,
    encryption: answers.options.encryption,
  });
}

export async function detectAndPlan(
  { answers, pack, clock }: SetupInput,
  sessions: Sessions,
  signal: AbortSignal,
): Promise<Plan> {
  const wanted = { database: answers.storeDatabase.name, storeId: answers.identification?.storeId };
  return planStoreDatabase(answers, await detectStore(sessions, wanted, clock, signal), pack);
}

/** What went wrong before anything was written; undefined for a bug. */
export function beforehand(error: unknown, signal: AbortSignal) {
  return signal.aborted ? cancelled(false) : expectedFailure(error, undefined);
}
