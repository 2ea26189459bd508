import { readKnownIds } from '../../offline/identification/known-ids.ts';
import {
  findPosConfig,
  posConfigActions,
  posSettingsOf,
  requirePosConfig,
} from '../../pos/pos-config-actions.ts';
import { detectSituation } from '../detect-situation.ts';
import { factsOf } from '../facts.ts';
import type { Plan } from '../plan.ts';
import { finished, refuseFirst } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { targetOf } from '../situation.ts';
import { warningsOf } from '../warnings.ts';
import { checkIds, refuseStore, registerIdsOf } from './refuse-store.ts';

/** A register that sells from the store database alone: only POS is told where it is. */
export async function registerConnection(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const { answers, posFiles } = input;
  const store = await detectSituation('store', input, servers, signal);
  refuseFirst(refuseStore, store);
  const ids = registerIdsOf(answers);
  const session = await servers.of('store').open(store.databaseName, signal);
  const warnings = checkIds(ids, await readKnownIds(session, signal));
  const file = requirePosConfig(await findPosConfig(answers.options.posConfig, posFiles));
  const settings = posSettingsOf(ids, store.database, undefined, answers.options.encryption);
  const pos = posConfigActions(file, settings, targetOf(store));
  return finished(
    store,
    [store],
    pos.actions,
    [...warnings, ...warningsOf(store)],
    [
      { label: 'Register', value: `${ids.registerId} of store ${ids.storeId}, company ${ids.dataAreaId}` },
      ...factsOf(store),
      { label: 'POS', value: file.path },
    ],
  );
}
