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

/** What a cycle leaves behind of its scopes. */
export type RunLog = {
  /** From now on there is a register to write to. */
  atRegister(seat: Seat): void;
  /** From now on also a store; `events` are what the next row has to explain as well: a restore, a new beginning. */
  atStore(course: Course, events: readonly Finding[]): void;
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
      preface = events;
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
      if (register === undefined) return;
      const [own, former] = [records(), late];
      const all = [...former, ...own];
      if (all.length === 0) return;
      const { session } = register.control;
      const { peerId } = register.found;
      const isDelivered = await managed(() => toStore(all, signal), signal);
      const isKept = await managed(async () => {
        if (session.isLost || peerId === undefined) return false;
        await recordAtRegister(session, peerId, own, signal);
        if (isDelivered) await markDelivered(session, all, signal);
        return true;
      }, signal);
      if (isDelivered || isKept) entries = [];
      if (isDelivered) late = [];
    },
  };

  const toStore = async (all: readonly RunRecord[], signal: AbortSignal): Promise<boolean> => {
    if (course === undefined) return false;
    const { session, peerId } = storeSide(course);
    if (session.isLost) return false;
    await recordAtStore(session, peerId, course.identity.register.registerId, all, signal);
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
