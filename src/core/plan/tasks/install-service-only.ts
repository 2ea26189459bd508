import { refuseImpossible, serviceActions } from '../../service/install/service-actions.ts';
import { readServiceState } from '../../service/install/service-state.ts';
import type { Plan } from '../plan.ts';
import { finished } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { targetOf } from '../situation.ts';
import { setUpDatabases } from './set-up-databases.ts';

/** The service of a register whose databases are there: installed, brought up to date, or given a new password. */
export async function installServiceOnly(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const hint =
    'Set the register up first: storedb apply ANSWERS does that, and installs the service as well.';
  const { store, offline } = await setUpDatabases(input, servers, hint, signal);
  const state = await readServiceState(input, false);
  refuseImpossible(state);
  const { actions, warnings } = serviceActions(state, targetOf(offline));
  return finished(offline, [store, offline], actions, warnings, undefined, 'service');
}
