import { ExpectedError } from '../../errors.ts';
import { SqlFailure } from '../../sql/failures.ts';
import type { SyncEvent } from '../events.ts';
import type { Rules } from '../rules.ts';
import type { SyncInput } from '../sync-input.ts';
import { openSync, type SyncLink } from './link.ts';
import { readLocalChanges } from './local-changes.ts';
import { runCycle } from './run-cycle.ts';
import { createSchedule, type Schedule } from './schedule.ts';

export type LoopOptions = {
  /** Names of scopes; default all. */
  readonly scopes?: readonly string[] | undefined;
  readonly rules?: Rules | undefined;
  /** 0 to 1, for the spread of the turns. Default Math.random. */
  readonly random?: (() => number) | undefined;
};

/** Milliseconds. */
const betweenLooksMs = 2_000;
const betweenSignsMs = 60_000;
const betweenTidyingMs = 3_600_000;

/**
 * Synchronises for ever: each scope at its frequency, sooner when the register has something for the store, later while
 * a server is away. Tells `waiting` before every pause and once a minute within it. Ends when the signal is aborted;
 * throws bugs only.
 */
export async function* runLoop(
  input: SyncInput,
  options: LoopOptions,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent> {
  const { clock } = input;
  const schedule = createSchedule(options.random ?? Math.random);
  let link: SyncLink | undefined;
  let tidied = Number.NEGATIVE_INFINITY;
  try {
    link = await openSync(input, signal);
    for (;;) {
      const now = clock.elapsed();
      const tidies = now - tidied >= betweenTidyingMs;
      if (tidies) tidied = now;
      const due = schedule.due(now) ?? options.scopes;
      const cycle = { scopes: due, logsIdle: false, tidies, rules: options.rules };
      const result = yield* runCycle(link, cycle, signal);
      const mine = link.memory.scopes.filter(
        ({ name }) => options.scopes === undefined || options.scopes.includes(name),
      );
      schedule.ran(result, mine, due, clock.elapsed());
      yield* pause(link, schedule, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await link?.close();
  }
}

/** Until the next turn, or until the register has written something that it may bring up by then. */
async function* pause(link: SyncLink, schedule: Schedule, signal: AbortSignal): AsyncGenerator<SyncEvent> {
  const { clock } = link.input;
  let told = Number.NEGATIVE_INFINITY;
  for (;;) {
    const now = clock.elapsed();
    const left = schedule.pause(now);
    if (left <= 0) return;
    if (now - told >= betweenSignsMs) {
      told = now;
      yield { kind: 'waiting', milliseconds: left, why: schedule.isBackingOff ? 'back-off' : 'idle' };
    }
    if (schedule.isBackingOff) {
      await clock.sleep(Math.min(left, betweenSignsMs), signal);
      continue;
    }
    await clock.sleep(Math.min(left, betweenLooksMs), signal);
    schedule.wake(await looked(link, signal));
  }
}

/** A register that does not answer is for the next cycle to tell. */
async function looked(link: SyncLink, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await readLocalChanges(link, signal);
  } catch (error) {
    if (error instanceof ExpectedError || error instanceof SqlFailure) return [];
    throw error;
  }
}
