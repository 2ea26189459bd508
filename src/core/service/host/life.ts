import type { Clock } from '../../plan/clock.ts';
import type { SyncEvent } from '../../sync/events.ts';

/** Milliseconds that a statement at work on a slow server may take without a word. */
const silenceAtWork = 15 * 60_000;
/** Milliseconds by which a wait may be longer than it was announced. */
const lateness = 60_000;

/** Whether the synchronisation still moves. */
export type Life = {
  /** A sign of life; what it announces says how long the next one may take. */
  sign(event: SyncEvent): void;
  /** False once the loop has been silent for longer than it announced. */
  isAlive(): boolean;
};

/**
 * The watchdog is fed from this and not from a timer of its own: a process that runs while its loop hangs would
 * otherwise look well for ever.
 */
export function watchLife(clock: Clock): Life {
  let deadline = clock.elapsed() + silenceAtWork;
  return {
    sign(event) {
      const silence = event.kind === 'waiting' ? event.milliseconds + lateness : silenceAtWork;
      deadline = clock.elapsed() + silence;
    },
    isAlive: () => clock.elapsed() <= deadline,
  };
}
