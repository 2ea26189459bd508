import { detectProvisioning } from '../../offline/provision/detect-provisioning.ts';
import { readPending } from '../../offline/provision/pending.ts';
import { releaseActions } from '../../offline/provision/release-actions.ts';
import { readReplicas, selfOf } from '../../offline/replicas/replica.ts';
import { replicaTable } from '../../offline/tracking/names.ts';
import { findPosConfig, posConfigActions, posSettingsOf } from '../../pos/pos-config-actions.ts';
import { removalActions } from '../../service/install/remove-service.ts';
import { serviceToRemove } from '../../service/install/service-state.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { planned } from '../actions/target.ts';
import type { Action, Plan } from '../plan.ts';
import { finished } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { type Situation, targetOf } from '../situation.ts';
import { registerIdsOf } from './refuse-store.ts';
import { setUpDatabases } from './set-up-databases.ts';

/**
 * Takes a register out of the synchronisation: POS works on the store database alone, the offline database is not
 * tracked any more, and the store keeps nothing for it. The databases and their rows stay. Throws
 * `rows-wait-for-upload` while a sale of the register has not reached the store.
 */
export async function deprovision(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const { answers, posFiles } = input;
  const ids = registerIdsOf(answers);
  const hint = 'Check its server and name in the answers.';
  const { store, offline } = await setUpDatabases(input, servers, hint, signal);
  const sessions = {
    store: await servers.of('store').open(store.databaseName, signal),
    offline: await servers.of('offline').open(offline.databaseName, signal),
  };
  const provisioning = await detectProvisioning(sessions.offline, signal);
  const storeReplicas = await readReplicas(sessions.store, signal);
  const offlineReplicas = await readReplicas(sessions.offline, signal);
  const pending = await readPending(sessions, { provisioning, storeReplicas, offlineReplicas }, signal);
  const release = releaseActions([], provisioning, pending, targetOf(offline));
  const self = selfOf(offlineReplicas);
  const service = await serviceToRemove(input);
  const isKnown = storeReplicas.some(
    ({ replicaId, isRetired }) => replicaId === self?.replicaId && !isRetired,
  );
  const settings = posSettingsOf(ids, store.database, undefined, answers.options.encryption);
  const file = await findPosConfig(answers.options.posConfig, posFiles);
  const pos = posConfigActions(file, settings, targetOf(offline));
  return finished(
    offline,
    [store, offline],
    [
      // POS first: it must not go offline into a database whose sales nobody collects.
      ...pos.actions,
      ...removalActions(service, targetOf(offline)),
      ...release,
      ...(isKnown && self !== undefined ? [retire(store, self.replicaId)] : []),
      ...(offlineReplicas.length > 0 ? [forget(offline)] : []),
    ],
    pos.warnings,
    undefined,
    'remove',
  );
}

function retire(store: Situation, replicaId: string): Action {
  return {
    id: 'store:retire',
    kind: 'run-batches',
    title: 'Let the store database keep nothing for this register any more',
    risk: 'changes',
    need: 'necessary',
    target: targetOf(store),
    batches: [
      planned(
        `UPDATE ${replicaTable} SET RetiredUtc = GETUTCDATE() WHERE ReplicaId = CAST(${quoteString(replicaId)} AS uniqueidentifier);`,
      ),
    ],
  };
}

/** Last: until then a run that was cut off knows whose database this is. */
function forget(offline: Situation): Action {
  return {
    id: 'forget',
    kind: 'run-batches',
    title: 'Take the identity of the offline database away',
    risk: 'changes',
    need: 'necessary',
    target: targetOf(offline),
    batches: [planned(`DELETE FROM ${replicaTable};`)],
  };
}
