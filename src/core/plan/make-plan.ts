import { expectedFailure } from './action-failure.ts';
import { cancelled } from './cancelled.ts';
import type { Plan } from './plan.ts';
import { type RunServers, serversFor } from './servers.ts';
import type { SetupInput } from './setup.ts';
import { deprovision } from './tasks/deprovision.ts';
import { distribution } from './tasks/distribution.ts';
import { installServiceOnly } from './tasks/install-service-only.ts';
import { offlineDatabase } from './tasks/offline-database.ts';
import { registerConnection } from './tasks/register-connection.ts';
import { storeDatabase } from './tasks/store-database.ts';

/**
 * Connects, detects and plans; writes nothing and takes no lock. Throws ExpectedError: exit `connection` when the
 * server cannot be reached, `prerequisite` when the planner refuses, `cancelledBefore` when the signal is aborted.
 */
export async function makePlan(input: SetupInput, signal: AbortSignal): Promise<Plan> {
  const servers = serversFor(input);
  try {
    return await detectAndPlan(input, servers, signal);
  } catch (error) {
    throw beforehand(error, signal) ?? error;
  } finally {
    await servers.close();
  }
}

/** Asks the servers and plans the task of the answers. */
export async function detectAndPlan(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  if (input.isDistribution === true) return await distribution(input, servers, signal);
  if (input.isRemoval === true) return await deprovision(input, servers, signal);
  if (input.isServiceOnly === true) return await installServiceOnly(input, servers, signal);
  switch (input.answers.task) {
    case 'store-database':
      return await storeDatabase(input, servers, signal);
    case 'offline-database':
      return await offlineDatabase(input, servers, signal);
    case 'register-connection':
      return await registerConnection(input, servers, signal);
  }
}

/** What went wrong before anything was written; undefined for a bug. */
export function beforehand(error: unknown, signal: AbortSignal) {
  return signal.aborted ? cancelled(false) : expectedFailure(error, undefined);
}
