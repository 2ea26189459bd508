import { refuseImpossible, serviceActions } from '../../service/install/service-actions.ts';
import { readServiceState } from '../../service/install/service-state.ts';
import { detectSide } from '../detect/index.ts';
import type { Plan } from '../plan.ts';
import { finished, refuseFirst } from '../planner.ts';
import { refusal } from '../refusal.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { type Side, situationOf, targetOf } from '../situation.ts';
import { refuseStore } from './refuse-store.ts';

/** The service of a register whose databases are there: installed, brought up to date, or given a new password. */
export async function installServiceOnly(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const { answers, pack } = input;
  const look = async (side: Side, database: string) => {
    const detected = await detectSide(servers.of(side), { database, storeId: undefined }, input, signal);
    return situationOf(side, answers, detected, pack);
  };
  const store = await look('store', answers.storeDatabase.name);
  refuseFirst(refuseStore, store);
  const offline = await look('offline', answers.offlineDatabase?.name ?? '');
  if (offline.contents?.identity?.kind !== 'offline')
    throw refusal(
      'offline-database-missing',
      `There is no offline database ${offline.databaseName} on ${offline.database.server} that storedb has set up.`,
      'Set the register up first: storedb apply ANSWERS does that, and installs the service as well.',
    );
  const state = await readServiceState(input, false);
  refuseImpossible(state);
  const { actions, warnings } = serviceActions(state, targetOf(offline));
  return finished(offline, [store, offline], actions, warnings, undefined, 'service');
}
