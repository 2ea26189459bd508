import { bringHint, jobInWords } from '../distribute/asking.ts';
import { readReadiness } from '../distribute/readiness.ts';
import { ExpectedError } from '../errors.ts';
import { readKnownIds } from '../offline/identification/known-ids.ts';
import { matchIds } from '../offline/identification/match.ts';
import { chooseProfile } from '../offline/profile/choose-profile.ts';
import { readProfiles } from '../offline/profile/read-profiles.ts';
import { validateProfile } from '../offline/profile/validate-profile.ts';
import { detectProvisioning } from '../offline/provision/detect-provisioning.ts';
import { readPending } from '../offline/provision/pending.ts';
import { profileTables } from '../offline/provision/provision-actions.ts';
import { readReplicas, selfOf } from '../offline/replicas/replica.ts';
import { inOtherDatabase } from '../offline/tables/in-other-database.ts';
import { readTableShapes } from '../offline/tables/read-table-shapes.ts';
import { checkUser } from '../plan/access.ts';
import { fold } from '../plan/detect/ask.ts';
import { detectSituation } from '../plan/detect-situation.ts';
import { beforehand } from '../plan/make-plan.ts';
import { planDatabase, refuseFirst } from '../plan/planner.ts';
import { type RunServers, serversFor } from '../plan/servers.ts';
import type { SetupInput } from '../plan/setup.ts';
import type { Side, Situation } from '../plan/situation.ts';
import { refuseStore, registerIdsOf } from '../plan/tasks/refuse-store.ts';
import { checkAccount } from './check-account.ts';
import { checkGrants } from './check-grants.ts';
import { checkLog } from './check-log.ts';
import { checkPosConfig } from './check-pos-config.ts';
import { type Compared, checkRows, compareTable } from './check-rows.ts';
import { checkRuns } from './check-runs.ts';
import { checkService } from './check-service.ts';
import { checkTracking } from './check-tracking.ts';
import { checksOf, counted, someOf } from './checks.ts';
import type { Check, VerifyEvent } from './events.ts';

/**
 * Proves that the set-up of the answers works; changes nothing. Ends with exactly one `verified` event, whose exit is
 * `done` or `verifyFoundProblems`. Throws ExpectedError: exit `connection` when a server cannot be reached,
 * `cancelledBefore` when the signal is aborted.
 */
export async function* verify(input: SetupInput, signal: AbortSignal): AsyncGenerator<VerifyEvent> {
  const servers = serversFor(input);
  const count = { ok: 0, warning: 0, failed: 0 };
  let isPracticeServer = false;
  try {
    for await (const event of checkAll(input, servers, signal)) {
      if (event.kind === 'server') {
        isPracticeServer ||= event.isPracticeServer;
        continue;
      }
      if (event.kind === 'check') count[event.status] += 1;
      yield event;
    }
  } catch (error) {
    throw beforehand(error, signal) ?? error;
  } finally {
    await servers.close();
  }
  yield {
    kind: 'verified',
    exit: count.failed > 0 ? 'verifyFoundProblems' : 'done',
    ok: count.ok,
    warnings: count.warning,
    failed: count.failed,
    isPracticeServer,
  };
}

type Found =
  | Exclude<VerifyEvent, { kind: 'verified' }>
  | { readonly kind: 'server'; readonly isPracticeServer: boolean };

const line = (check: Check): Found => ({ kind: 'check', ...check });

async function* checkAll(input: SetupInput, servers: RunServers, signal: AbortSignal): AsyncGenerator<Found> {
  const store = yield* checkDatabase('store', input, servers, signal);
  const offline =
    input.answers.task === 'offline-database'
      ? yield* checkDatabase('offline', input, servers, signal)
      : undefined;
  for (const [side, found] of [
    ['store', store],
    ['offline', offline],
  ] as const)
    if (found !== undefined) for (const check of await checkAccount(side, input, signal)) yield line(check);
  if (store === undefined) return;
  yield* checkIdentification(input, store, servers, signal);
  if (offline !== undefined) yield* checkRegister(input, store, offline, servers, signal);
  if (input.answers.task !== 'store-database') {
    yield { kind: 'checking', what: 'POS.exe.config' };
    yield line(await checkPosConfig(input));
  }
}

/** Whether the database is there, ours, whole and of this version; gives it when it can be looked into further. */
async function* checkDatabase(
  side: Side,
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): AsyncGenerator<Found, Situation | undefined> {
  const { answers } = input;
  const say = checksOf(side);
  const name = side === 'store' ? 'store database' : 'offline database';
  yield { kind: 'checking', what: `the ${name}` };
  const situation = await detectSituation(side, input, servers, signal);
  yield { kind: 'server', isPracticeServer: situation.detected.server.identity.isPracticeServer };
  try {
    if (side === 'store') refuseFirst(refuseStore, situation);
    if (situation.contents === undefined) {
      yield line(
        say.failed(
          'database',
          `There is no database ${situation.database.name}.`,
          'Set it up with storedb apply.',
        ),
      );
      return undefined;
    }
    const { actions } = planDatabase(situation);
    // A store database may have been made without its store ID: a register has no need of that record.
    const isUnasked = (id: string) =>
      id === 'identity' && side === 'store' && answers.task !== 'store-database';
    const open = actions.filter(
      ({ id, need, kind }) => need === 'necessary' && kind !== 'verify' && !isUnasked(id),
    );
    const access = actions.filter(({ need, kind }) => need === 'optional' && kind !== 'verify');
    yield line(
      open.length === 0
        ? say.ok(
            'database',
            `The ${name} ${situation.databaseName} has version ${situation.contents.dbVersion}`,
          )
        : say.failed(
            'database',
            `The ${name} ${situation.databaseName} is not complete: ${someOf(open.map(({ title }) => title))}.`,
            'Run storedb apply again: it does the rest.',
          ),
    );
    for (const { id, title } of access)
      yield line(say.failed(`access:${id}`, `Not as it should be: ${title}.`, 'Run storedb apply again.'));
    return situation;
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.exit !== 'prerequisite') throw error;
    yield line(say.failed('database', error.message, error.hint));
    return undefined;
  }
}

async function* checkIdentification(
  { answers, jobs }: SetupInput,
  store: Situation,
  servers: RunServers,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const say = checksOf('store');
  const session = await servers.of('store').open(store.databaseName, signal);
  const known = await readKnownIds(session, signal);
  if (answers.task !== 'store-database') {
    const { mismatches, warnings } = matchIds(registerIdsOf(answers), known);
    for (const { field, answered, known: there } of mismatches)
      yield line(
        say.failed(
          `identification:${field}`,
          `${answered} is not in the store database, which holds ${someOf(there)}.`,
          `Check identification.${field} in the answers.`,
        ),
      );
    for (const { message, hint } of warnings) yield line(say.warning('identification', message, hint));
    if (mismatches.length + warnings.length === 0)
      yield line(say.ok('identification', 'Store, register and company are in the store database'));
  }
  const company = answers.identification?.dataAreaId ?? known.companies[0];
  if (company === undefined) {
    yield line(
      say.warning(
        'initial-data',
        'The store database has no company yet: its initial data has not come.',
        bringHint,
      ),
    );
    return;
  }
  const shapes = await readTableShapes(session, signal);
  const readiness = await readReadiness(session, company, jobs, shapes, signal);
  // A store database that was just made waits for head office; half of the data is another matter.
  if (answers.task === 'store-database' && !readiness.some(({ verdict }) => verdict === 'filled')) {
    yield line(say.warning('initial-data', 'The initial data of the store has not come yet.', bringHint));
    return;
  }
  for (const { job, empty, verdict } of readiness) {
    const id = `job:${job.id}`;
    if (verdict === 'filled') yield line(say.ok(id, `${jobInWords(job)}: the data has come`));
    else if (verdict === 'empty')
      yield line(
        say.failed(id, `${jobInWords(job)}: the data has not come, ${someOf(empty)} is empty.`, bringHint),
      );
  }
}

async function* checkRegister(
  input: SetupInput,
  store: Situation,
  offline: Situation,
  servers: RunServers,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const ids = registerIdsOf(input.answers);
  const sessions = {
    store: await servers.of('store').open(store.databaseName, signal),
    offline: await servers.of('offline').open(offline.databaseName, signal),
  };
  const shapes = await readTableShapes(sessions.store, signal);
  const offlineShapes = await readTableShapes(sessions.offline, signal);
  const { profile } = chooseProfile(
    input.answers.options.offlineProfile,
    ids.storeId,
    await readProfiles(sessions.store, signal),
    input.profiles,
  );
  const problems = validateProfile(profile, shapes);
  const say = checksOf('synchronisation');
  for (const { message, hint } of problems) yield line(say.failed('profile', message, hint));
  const tables = profileTables(profile, shapes);
  if (problems.length === 0)
    yield line(
      say.ok(
        'profile',
        `Offline profile "${profile.name}" with ${counted(tables.length, 'table', 'tables')}`,
      ),
    );
  const provisioning = {
    store: await detectProvisioning(sessions.store, signal),
    offline: await detectProvisioning(sessions.offline, signal),
  };
  const account = input.answers.serviceAccount?.user;
  const users = account === undefined ? [checkUser] : [checkUser, account];
  const onSide = { store: tables, offline: profileTables(profile, inOtherDatabase(shapes, offlineShapes)) };
  for (const side of ['store', 'offline'] as const) {
    for (const check of checkTracking(side, onSide[side], provisioning[side])) yield line(check);
    const tracked = new Set(provisioning[side].trackingTables.keys());
    for (const user of users)
      yield line(await checkGrants(side, user, tables, tracked, sessions[side], signal));
  }
  const [storeReplicas, offlineReplicas] = [
    await readReplicas(sessions.store, signal),
    await readReplicas(sessions.offline, signal),
  ];
  const self = selfOf(offlineReplicas);
  const isKnown =
    self !== undefined &&
    storeReplicas.some(({ replicaId, isRetired }) => replicaId === self.replicaId && !isRetired);
  yield line(
    isKnown
      ? say.ok('replicas', `Register ${ids.registerId} and the store database know each other`)
      : say.failed(
          'replicas',
          `The store database does not know this offline database of register ${ids.registerId}.`,
          'Run storedb apply again on this register.',
        ),
  );
  const { check, hasSynchronised } = await checkLog(sessions.store, ids.registerId, signal);
  yield line(check);
  const records = { store: provisioning.store.metadata, offline: provisioning.offline.metadata };
  for (const each of await checkRuns(sessions, records, ids.registerId, signal)) yield line(each);
  const pending = await readPending(
    sessions,
    { provisioning: provisioning.offline, storeReplicas, offlineReplicas },
    signal,
  );
  const compared: Compared[] = [];
  for (const [index, table] of tables.entries()) {
    yield { kind: 'checking', what: `rows, ${index + 1} of ${tables.length} tables` };
    const shape = offlineShapes.get(fold(table.shape.name));
    if (shape !== undefined)
      compared.push(await compareTable(table, shape, sessions, ids.registerId, signal));
  }
  for (const each of checkRows(compared, pending, hasSynchronised)) yield line(each);
  yield line(
    await checkService(
      input,
      [store, offline].some(({ detected }) => detected.server.identity.isPracticeServer),
    ),
  );
}
