/** Runs synchronous work in slices, so that other sessions and the client's attention get their turn. */

import { setImmediate as turn } from 'node:timers/promises';
import { Cancelled } from '../rows/locks.ts';
import type { Work } from './context.ts';

const SLICE_MILLISECONDS = 10;

/** Drives the work to its end. Throws Cancelled when the signal fires in between. */
export const drive = async <Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> => {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < SLICE_MILLISECONDS) continue;
    await turn();
    if (signal.aborted) throw new Cancelled();
    began = performance.now();
  }
};
