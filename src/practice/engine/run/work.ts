/** Runs synchronous work in slices, so that other sessions and the client's attention get their turn. */

import { Cancelled, LockWait } from '../rows/locks.ts';
import type { Work } from './context.ts';
import { giveTurn, isTurnDue } from './pace.ts';

/** Runs the work to its end without a turn for anybody else. */
export const runAtOnce = <Result>(work: Work<Result>): Result => {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};

/**
 * Drives the work to its end. Throws Cancelled when the signal fires in between. `onWait` is called in the very
 * moment in which the work meets a lock: later the lock might be gone already, and nobody would wake the waiter.
 */
export const drive = async <Result>(
  work: Work<Result>,
  signal: AbortSignal,
  onWait: (wait: LockWait) => void,
): Promise<Result> => {
  for (;;) {
    let step: IteratorResult<void, Result>;
    try {
      step = work.next();
    } catch (problem) {
      if (problem instanceof LockWait) onWait(problem);
      throw problem;
    }
    if (step.done === true) return step.value;
    if (!isTurnDue()) continue;
    await giveTurn();
    if (signal.aborted) throw new Cancelled();
  }
};
