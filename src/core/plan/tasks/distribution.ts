import { loadAction } from '../actions/initial-data.ts';
import { detectSituation } from '../detect-situation.ts';
import type { Plan } from '../plan.ts';
import { finished, refuseFirst, withWarnings } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { refuseStore } from './refuse-store.ts';

/** Loads a pack into a store database that is there. */
export async function distribution(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const { initialData } = input;
  if (initialData === undefined) throw new Error('A distribution needs a pack.');
  const situation = await detectSituation('store', input, servers, signal);
  refuseFirst(refuseStore, situation);
  const { actions, warnings } = withWarnings(situation, [loadAction(situation, initialData)]);
  return finished(situation, [situation], actions, warnings, undefined, 'fill');
}
