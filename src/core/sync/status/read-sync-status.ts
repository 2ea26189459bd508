import { ExpectedError } from '../../errors.ts';
import { selfOf } from '../../offline/replicas/replica.ts';
import { fold } from '../../plan/detect/ask.ts';
import { deployerResource, lockHolder } from '../../plan/lock.ts';
import type { Finding } from '../../plan/plan.ts';
import { describeFailure } from '../../sql/failures.ts';
import { judgeIdentity } from '../cycle/identity.ts';
import { openSync, type SyncLink } from '../cycle/link.ts';
import { noRoomFinding } from '../cycle/room.ts';
import { type SyncScope, scopesOf } from '../cycle/scopes.ts';
import { readOpener } from '../cycle/stalled.ts';
import type { SyncInput } from '../sync-input.ts';
import { type Looked, lookAt } from './look.ts';
import type { RegisterStatus, ScopeStatus, SideStatus, StalledBound, SyncStatus } from './sync-status.ts';
import { readWaiting } from './waiting-rows.ts';

/**
 * Reads how a register and its store stand; changes nothing, and takes no lock. On an open link a few trips to each
 * side. A side that cannot be reached or asked is in the answer, with the reason. Throws the signal's reason and bugs.
 */
export async function readSyncStatus(of: SyncInput | SyncLink, signal: AbortSignal): Promise<SyncStatus> {
  if ('sides' in of) return statusOf(of, signal);
  const link = await openSync(of, signal);
  try {
    return await statusOf(link, signal);
  } finally {
    await link.close();
  }
}

async function statusOf(link: SyncLink, signal: AbortSignal): Promise<SyncStatus> {
  const { input } = link;
  const [offline, store] = await Promise.all([
    lookAt(link, 'offline', `Kind = N'store' AND RetiredUtc IS NULL`, signal),
    lookAt(
      link,
      'store',
      `Kind = N'offline' AND RetiredUtc IS NULL AND LOWER(RegisterId) = LOWER(@registerId)`,
      signal,
    ),
  ]);
  const findings: Finding[] = [...reason(offline), ...reason(store), ...strangers(input, offline, store)];
  const scopes = 'found' in offline ? scopesOf(offline.found) : [];
  const full = 'found' in offline ? noRoomFinding(offline.found.size) : undefined;
  if (full !== undefined) findings.push(full);
  const runs = 'found' in offline ? offline.recorded : 'found' in store ? store.recorded : undefined;
  const parked = new Map<string, number>();
  for (const side of [offline, store])
    if ('found' in side)
      for (const [scope, rows] of side.recorded.parked) parked.set(scope, (parked.get(scope) ?? 0) + rows);
  const waiting = await waitingRows(offline, store, scopes, signal);
  return {
    atUtc: input.clock.now(),
    register: registerOf(input, offline, store),
    store: await sideStatus(link, 'store', store, signal),
    offline: await sideStatus(link, 'offline', offline, signal),
    scopes: scopes.map(
      (scope): ScopeStatus => ({
        scope: scope.name,
        direction: scope.direction,
        frequencySeconds: scope.frequencySeconds,
        tables: scope.tables.length,
        loading: loading(scope, offline),
        lastRun: runs?.runs.get(scope.name),
        waiting: { up: waiting.up?.get(scope.name), down: waiting.down?.get(scope.name) },
        parked: parked.get(scope.name) ?? 0,
      }),
    ),
    parked: [...parked.values()].reduce((sum, rows) => sum + rows, 0),
    holder:
      'found' in offline
        ? await lockHolder(offline.control.session, deployerResource(input.offline.database), signal)
        : undefined,
    lastError: runs?.lastError,
    findings,
  };
}

const reason = (side: Looked): readonly Finding[] => ('found' in side ? [] : [side.finding]);

/** Why the two would not synchronise, where both answer. */
function strangers(input: SyncInput, offline: Looked, store: Looked): readonly Finding[] {
  if (!('found' in offline) || !('found' in store)) return [];
  try {
    return judgeIdentity(input, offline.found, store.found).findings;
  } catch (error) {
    if (error instanceof ExpectedError) return [describeFailure(error, {})];
    throw error;
  }
}

/** From its own database, or from what the store knows of it. */
function registerOf({ ids }: SyncInput, offline: Looked, store: Looked): RegisterStatus | undefined {
  const own = 'found' in offline ? selfOf(offline.found.replicas) : undefined;
  const known =
    'found' in store
      ? store.found.replicas.find(
          ({ kind, isRetired, registerId }) =>
            kind === 'offline' && !isRetired && fold(registerId) === fold(ids.registerId),
        )
      : undefined;
  const replica = own ?? known;
  if (replica === undefined) return undefined;
  const { storeId, registerId, dataAreaId, replicaId, machine, epoch } = replica;
  const pair = [offline, store].flatMap((side) => ('found' in side ? (side.found.pair?.epoch ?? []) : []));
  return { storeId, registerId, dataAreaId, replicaId, machine, epoch: Math.max(epoch, ...pair) };
}

/** Tables that come down and have no finished first load. */
function loading({ direction, tables }: SyncScope, offline: Looked): number {
  if (direction === 'upload' || !('found' in offline)) return 0;
  return tables.filter(({ name }) => {
    const anchor = offline.found.anchors.get(fold(name));
    return anchor === undefined || anchor.state === 'initial';
  }).length;
}

async function waitingRows(
  offline: Looked,
  store: Looked,
  scopes: readonly SyncScope[],
  signal: AbortSignal,
) {
  if (!('found' in offline) || !('found' in store)) return { up: undefined, down: undefined };
  const source = ({ control, found }: typeof offline) => ({
    session: control.session,
    found,
    readsPast: control.abilities.readsPast,
  });
  const going = (away: SyncScope['direction']) => scopes.filter(({ direction }) => direction !== away);
  const [up, down] = await Promise.all([
    readWaiting(source(offline), store.found.anchors, going('download'), signal),
    readWaiting(source(store), offline.found.anchors, going('upload'), signal),
  ]);
  return { up, down };
}

async function sideStatus(
  { sides }: SyncLink,
  name: 'store' | 'offline',
  side: Looked,
  signal: AbortSignal,
): Promise<SideStatus> {
  const { server, database } = sides[name];
  if ('found' in side)
    return {
      isReachable: true,
      server,
      database,
      size: side.found.size,
      stalled: await stalledBound(side, signal),
    };
  return side.isReachable
    ? { isReachable: true, server, database, size: undefined, stalled: undefined }
    : { isReachable: false, server, database, finding: side.finding };
}

/** A till's sale is open for a moment; what lasts is worth a word. Milliseconds. */
const patienceMs = 60_000;

async function stalledBound(
  { control, found }: Extract<Looked, { readonly found: unknown }>,
  signal: AbortSignal,
): Promise<StalledBound | undefined> {
  if (!control.abilities.knowsCommitted || found.upper >= found.latest) return undefined;
  const opener = await readOpener(control.session, signal);
  if (!opener.isKnown) return { sinceUtc: undefined, holder: undefined };
  const isLasting =
    opener.sinceUtc !== undefined && found.nowUtc.getTime() - opener.sinceUtc.getTime() >= patienceMs;
  return isLasting ? { sinceUtc: opener.sinceUtc, holder: opener.who } : undefined;
}
