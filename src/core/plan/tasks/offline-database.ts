import { noAccount, readAccount } from '../../accounts/account-state.ts';
import { readReadiness } from '../../distribute/readiness.ts';
import { readKnownIds } from '../../offline/identification/known-ids.ts';
import { chooseProfile } from '../../offline/profile/choose-profile.ts';
import { readProfiles } from '../../offline/profile/read-profiles.ts';
import { detectProvisioning, nothingProvisioned } from '../../offline/provision/detect-provisioning.ts';
import { readPending } from '../../offline/provision/pending.ts';
import { profileTables } from '../../offline/provision/provision-actions.ts';
import { readReplicas } from '../../offline/replicas/replica.ts';
import { readTableShapes } from '../../offline/tables/read-table-shapes.ts';
import { findPosConfig } from '../../pos/pos-config-actions.ts';
import { readServiceState } from '../../service/install/service-state.ts';
import type { SqlSession } from '../../sql/session.ts';
import { unloadedTables } from '../../sync/first-load/first-load-action.ts';
import { countRows, readLoadedTables } from '../../sync/first-load/loaded-tables.ts';
import { detectSituation } from '../detect-situation.ts';
import type { Plan } from '../plan.ts';
import { refuseFirst } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { type OfflineState, planOfflineDatabase } from './plan-offline-database.ts';
import { refuseStore } from './refuse-store.ts';

/** A register's own database, the tracking on both sides, and how the two know each other. */
export async function offlineDatabase(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const { answers, operator } = input;
  const store = await detectSituation('store', input, servers, signal);
  // What is missing at the store makes every question about the register idle.
  refuseFirst(refuseStore, store);
  const offline = await detectSituation('offline', input, servers, signal);
  const inStore = await servers.of('store').open(store.databaseName, signal);
  const stored = await readProfiles(inStore, signal);
  const shapes = await readTableShapes(inStore, signal);
  const user = answers.serviceAccount?.user;
  const company = answers.identification?.dataAreaId ?? '';
  const state: OfflineState = {
    store,
    offline,
    operator,
    known: await readKnownIds(inStore, signal),
    readiness: await readReadiness(inStore, company, input.jobs, shapes, signal),
    shapes,
    chosen: chooseProfile(
      answers.options.offlineProfile,
      answers.identification?.storeId,
      stored,
      input.profiles,
    ),
    storeProvisioning: await detectProvisioning(inStore, signal),
    storeReplicas: await readReplicas(inStore, signal),
    offlineProvisioning: nothingProvisioned,
    offlineReplicas: [],
    offlineShapes: undefined,
    pending: new Map(),
    loaded: new Set(),
    rowsToLoad: undefined,
    storeAccount: user === undefined ? noAccount : await readAccount(inStore, user, signal),
    offlineAccount: noAccount,
    service: await readServiceState(
      input,
      [store, offline].some(({ detected }) => detected.server.identity.isPracticeServer),
    ),
    posConfig: await findPosConfig(answers.options.posConfig, input.posFiles),
  };
  const found = offline.contents === undefined ? state : await withRegister(state, inStore, servers, signal);
  const tables = unloadedTables(profileTables(found.chosen.profile, shapes), found.loaded);
  return planOfflineDatabase({ ...found, rowsToLoad: await countRows(inStore, tables, signal) });
}

/** What an offline database that is there already adds to it. */
async function withRegister(
  state: OfflineState,
  inStore: SqlSession,
  servers: RunServers,
  signal: AbortSignal,
): Promise<OfflineState> {
  const { offline, storeReplicas } = state;
  const onRegister = await servers.of('offline').open(offline.databaseName, signal);
  const offlineProvisioning = await detectProvisioning(onRegister, signal);
  const offlineReplicas = await readReplicas(onRegister, signal);
  const user = offline.answers.serviceAccount?.user;
  return {
    ...state,
    offlineProvisioning,
    offlineReplicas,
    offlineAccount: user === undefined ? noAccount : await readAccount(onRegister, user, signal),
    offlineShapes: await readTableShapes(onRegister, signal),
    pending: await readPending(
      { store: inStore, offline: onRegister },
      { provisioning: offlineProvisioning, storeReplicas, offlineReplicas },
      signal,
    ),
    loaded: await readLoadedTables(onRegister, signal),
  };
}
