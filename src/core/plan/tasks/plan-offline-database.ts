import { accountActions } from '../../accounts/account-actions.ts';
import type { AccountState } from '../../accounts/account-state.ts';
import { askingHint, missingInWords } from '../../distribute/asking.ts';
import { type JobReadiness, missingJobs } from '../../distribute/readiness.ts';
import type { KnownIds } from '../../offline/identification/known-ids.ts';
import type { ChosenProfile } from '../../offline/profile/choose-profile.ts';
import { validateProfile } from '../../offline/profile/validate-profile.ts';
import { writeProfileBatch } from '../../offline/profile/write-profile.ts';
import type { Provisioning } from '../../offline/provision/detect-provisioning.ts';
import type { PendingUploads } from '../../offline/provision/pending.ts';
import { profileTables, provisionActions } from '../../offline/provision/provision-actions.ts';
import { releaseActions } from '../../offline/provision/release-actions.ts';
import type { Replica } from '../../offline/replicas/replica.ts';
import { replicaActions } from '../../offline/replicas/replica-actions.ts';
import { inOtherDatabase } from '../../offline/tables/in-other-database.ts';
import { sameKeys } from '../../offline/tables/same-keys.ts';
import type { TableShape } from '../../offline/tables/table-shape.ts';
import { type PosConfigFile, posConfigActions, posSettingsOf } from '../../pos/pos-config-actions.ts';
import { serviceActions, serviceFact } from '../../service/install/service-actions.ts';
import type { ServiceState } from '../../service/install/service-state.ts';
import { firstLoadActions, firstLoadFacts, unloadedTables } from '../../sync/first-load/first-load-action.ts';
import { checkUserAction } from '../actions/check-user.ts';
import { offlineFacts } from '../facts.ts';
import type { Action, Plan } from '../plan.ts';
import { finished, planDatabase, withWarnings } from '../planner.ts';
import { refusal } from '../refusal.ts';
import type { Operator } from '../setup.ts';
import { type Situation, targetOf } from '../situation.ts';
import { checkIds, registerIdsOf } from './refuse-store.ts';

/** Everything that was found on both sides of a register. */
export type OfflineState = {
  readonly store: Situation;
  readonly offline: Situation;
  readonly operator: Operator;
  readonly known: KnownIds;
  readonly readiness: readonly JobReadiness[];
  /** Of the store database; the offline database gets the same tables. */
  readonly shapes: ReadonlyMap<string, TableShape>;
  readonly chosen: ChosenProfile;
  readonly storeProvisioning: Provisioning;
  readonly storeReplicas: readonly Replica[];
  readonly offlineProvisioning: Provisioning;
  readonly offlineReplicas: readonly Replica[];
  /** Undefined where there is no offline database yet. */
  readonly offlineShapes: ReadonlyMap<string, TableShape> | undefined;
  readonly pending: PendingUploads;
  /** Tables of the register whose rows have all come once, by folded name. */
  readonly loaded: ReadonlySet<string>;
  /** How many rows of the others the store has, by its catalog; undefined where the engine does not say. */
  readonly rowsToLoad: number | undefined;
  readonly storeAccount: AccountState;
  readonly offlineAccount: AccountState;
  readonly posConfig: PosConfigFile | undefined;
  readonly service: ServiceState;
};

/** Pure, like every planner: the same state gives the same plan. Throws the refusals. */
export function planOfflineDatabase(state: OfflineState): Plan {
  const { store, offline, chosen, shapes } = state;
  const ids = registerIdsOf(store.answers);
  const idWarnings = checkIds(ids, state.known);
  refuseUnfilled(state);
  refuseProfile(state);
  const tables = profileTables(chosen.profile, shapes);
  const atStore = provisionActions(tables, state.storeProvisioning, targetOf(store));
  const onRegister = profileTables(chosen.profile, inOtherDatabase(shapes, state.offlineShapes));
  const atRegister = provisionActions(onRegister, state.offlineProvisioning, targetOf(offline));
  const left = releaseActions(tables, state.offlineProvisioning, state.pending, targetOf(offline));
  const settings = posSettingsOf(ids, store.database, offline.database, store.answers.options.encryption);
  const pos = posConfigActions(state.posConfig, settings, targetOf(offline));
  const register = planDatabase(offline, [
    ...left,
    ...atRegister.actions,
    ...checkUserAction(offline),
    ...accountActions(offline, state.offlineAccount),
  ]);
  const replicas = replicaActions({
    ids,
    operator: state.operator,
    isReplacing: store.answers.options.replaceRegister,
    store: { replicas: state.storeReplicas, target: targetOf(store) },
    offline: { replicas: state.offlineReplicas, target: targetOf(offline) },
  });
  const service = serviceActions(state.service, targetOf(offline));
  const unloaded = unloadedTables(tables, state.loaded);
  const inStore = withWarnings(store, [
    ...profileActions(state),
    ...atStore.actions,
    ...checkUserAction(store),
    ...accountActions(store, state.storeAccount),
  ]);
  return finished(
    offline,
    [store, offline],
    // The store's part first: its lock is then free for the next register. POS behind the register's: it must not be told
    // of a database that is not there. Rows last: they need all of it, and can take long.
    [
      ...inStore.actions,
      ...register.actions,
      ...replicas.actions,
      ...pos.actions,
      ...service.actions,
      ...firstLoadActions(unloaded, targetOf(store), targetOf(offline)),
    ],
    [
      ...idWarnings,
      ...chosen.warnings,
      ...replicas.warnings,
      ...register.warnings,
      ...inStore.warnings.filter(({ code }) => !register.warnings.some((other) => other.code === code)),
      ...atStore.warnings,
      ...atRegister.warnings,
      ...pos.warnings,
      ...service.warnings,
    ],
    [
      ...offlineFacts(store, offline, chosen, tables.length),
      ...firstLoadFacts(unloaded, state.rowsToLoad),
      serviceFact(state.service),
    ],
  );
}

/** An offline database without its initial data would be a register that can sell nothing. */
function refuseUnfilled({ readiness, store }: OfflineState): void {
  const missing = missingJobs(readiness);
  if (missing.length === 0) return;
  throw refusal(
    'store-database-unfilled',
    [
      `The store database ${store.databaseName} does not have its initial data yet. Missing:`,
      ...missing.map((each) => `  ${missingInWords(each)}`),
    ].join('\n'),
    askingHint,
    { jobs: missing.map(({ job }) => job.id).join(', ') },
  );
}

/** One clear line for each problem. */
function refuseProfile({ chosen, shapes, offlineShapes }: OfflineState): void {
  const problems = [
    ...validateProfile(chosen.profile, shapes),
    ...(offlineShapes === undefined ? [] : sameKeys(chosen.profile, shapes, offlineShapes)),
  ];
  const [first] = problems;
  if (first === undefined) return;
  throw refusal(
    'profile-unusable',
    [
      `The offline profile "${chosen.profile.name}" cannot be used:`,
      ...problems.map(({ message, hint }) => `  ${message} ${hint}`),
    ].join('\n'),
    first.hint,
    { problems: problems.length },
  );
}

/** A profile that head office has not sent is written down where head office would have put it. */
function profileActions({ chosen, store, shapes }: OfflineState): readonly Action[] {
  if (chosen.from === 'store' || !shapes.has('retailofflineprofile')) return [];
  return [
    {
      id: 'store:profile',
      kind: 'run-batches',
      title: `Write the offline profile "${chosen.profile.name}"`,
      risk: 'changes',
      need: 'necessary',
      target: targetOf(store),
      batches: [writeProfileBatch(chosen.profile)],
    },
  ];
}
