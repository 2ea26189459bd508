import { setTimeout as delay } from 'node:timers/promises';

/** Time as the plan's code sees it, so that tests need not wait. */
export type Clock = {
  /** The wall clock, in UTC. */
  now(): Date;
  /** Milliseconds on a clock that never jumps; only differences mean something. */
  elapsed(): number;
  /** Waits; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
};

/** The clock of this computer. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};
