import { ExpectedError } from '../../errors.ts';
import type { Finding } from '../../plan/plan.ts';
import { SqlFailure } from '../../sql/failures.ts';
import type { ScopeResult } from '../events.ts';
import { type Course, storeSide } from './course.ts';
import type { Seat } from './enter.ts';
import type { SyncLink } from './link.ts';
import { markDelivered, noRows, type RunRecord, recordAtRegister, recordAtStore } from './run-record.ts';
import type { ScopeRun } from './run-scope.ts';
import type { SyncScope } from './scopes.ts';
import { noteSeen } from './seen.ts';
import type { PairSide } from './tokens.ts';

/** What a cycle leaves behind of its scopes. */
export type RunLog = {
  /** From now on there is a register to write to. */
  atRegister(seat: Seat): void;
  /** From now on also a store; `events` are what the next row has to explain as well: a restore, a new beginning. */
  atStore(course: Course, events: readonly Finding[]): void;
  /** The register is away: what there is to say is for the store alone, which is known from an earlier cycle. */
  atStoreAlone(place: StorePlace): void;
  /** A scope has ended; where rows moved it is written down at once, and each side hears how far the other is. */
  add(run: ScopeRun, signal: AbortSignal): Promise<void>;
  /** Scopes that the cycle did not get to. */
  failed(
    scopes: readonly SyncScope[],
    done: readonly ScopeResult[],
    outcome: 'failed' | 'unreachable',
    findings: readonly Finding[],
  ): void;
  /**
   * Writes what is left to write: to the store and the register, or to the register alone until the store is back.
   * Never throws for a server that fails: the rows matter more than what is said of them.
   */
  write(signal: AbortSignal): Promise<void>;
};

/** Where a register's rows go at the store: the session, and its names there. */
type StorePlace = PairSide & { readonly registerId: string };

type Kept = Omit<RunRecord, 'runId' | 'startedAgo' | 'finishedAgo' | 'message'>;
type Entry = {
  readonly result: Kept & Pick<RunRecord, 'message'>;
  readonly times: Times;
};
/** Milliseconds of Clock.elapsed. */
type Times = { readonly started: number; readonly finished: number };

const betweenIdleRowsMs = 600_000;

/**
 * A scope is written down when rows moved, when it stands otherwise than at its last row in the log, when that
 * is ten minutes old, and with `logsIdle` in any case: a register that runs every minute would fill the log with nothing.
 */
export function openLog(link: SyncLink, runId: string, logsIdle: boolean): RunLog {
  const { clock } = link.input;
  const { logged } = link.memory;
  let entries: Entry[] = [];
  let late: readonly RunRecord[] = [];
  let register: Seat | undefined;
  let course: Course | undefined;
  let place: StorePlace | undefined;
  let preface: readonly Finding[] = [];
  let last = clock.elapsed();

  const keep = (result: Kept, findings: readonly Finding[], isAlways: boolean) => {
    const started = last;
    last = clock.elapsed();
    const standing = `${result.outcome} ${words(findings) ?? ''}`;
    const before = logged.get(result.scope);
    const isSame = before?.standing === standing && last - before.at < betweenIdleRowsMs;
    if (isSame && !isAlways && !logsIdle && preface.length === 0) return;
    logged.set(result.scope, { standing, at: last });
    const message = words([...preface, ...findings]);
    preface = [];
    entries.push({ result: { ...result, message }, times: { started, finished: last } });
  };
  const ago = (time: number) => (clock.elapsed() - time) / 1000;
  const records = (): readonly RunRecord[] =>
    entries.map(({ result, times }) => ({
      ...result,
      runId,
      startedAgo: ago(times.started),
      finishedAgo: ago(times.finished),
    }));

  const log: RunLog = {
    atRegister(seat) {
      register = seat;
      late = seat.found.late;
    },
    atStore(found, events) {
      course = found;
      place = { ...storeSide(found), registerId: found.identity.register.registerId };
      preface = events;
    },
    atStoreAlone(found) {
      place = found;
    },
    async add({ result, hasMoved }, signal) {
      const { scope, direction, outcome, downloaded, uploaded, findings } = result;
      // An anchor that only passed over what had come back is no news.
      const isNews = downloaded.total + uploaded.total > 0;
      keep({ scope, direction, outcome, downloaded, uploaded }, findings, isNews);
      const at = course;
      if (!hasMoved || at === undefined) return;
      await log.write(signal);
      await managed(async () => noteSeen(at, direction, signal), signal);
    },
    failed(scopes, done, outcome, findings) {
      const rest = scopes.filter(({ name }) => !done.some(({ scope }) => scope === name));
      for (const { name: scope, direction } of rest)
        keep({ scope, direction, outcome, downloaded: noRows, uploaded: noRows }, findings, false);
    },
    async write(signal) {
      const own = records();
      const all = [...late, ...own];
      if (all.length === 0) return;
      const isDelivered = await managed(() => toStore(all, signal), signal);
      const isKept = await managed(() => toRegister(own, isDelivered ? all : [], signal), signal);
      if (isDelivered || isKept) entries = [];
      if (isDelivered) late = [];
    },
  };

  const toStore = async (all: readonly RunRecord[], signal: AbortSignal): Promise<boolean> => {
    if (place === undefined || place.session.isLost) return false;
    await recordAtStore(place.session, place.peerId, place.registerId, all, signal);
    return true;
  };
  const toRegister = async (
    own: readonly RunRecord[],
    delivered: readonly RunRecord[],
    signal: AbortSignal,
  ): Promise<boolean> => {
    const peerId = register?.found.peerId;
    if (register === undefined || peerId === undefined || register.control.session.isLost) return false;
    await recordAtRegister(register.control.session, peerId, own, signal);
    await markDelivered(register.control.session, delivered, signal);
    return true;
  };
  return log;
}

async function managed(work: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || error instanceof ExpectedError || error instanceof SqlFailure) return false;
    throw error;
  }
}

const words = (findings: readonly Finding[]): string | undefined =>
  findings.length === 0 ? undefined : findings.map(({ message }) => message).join(' ');
