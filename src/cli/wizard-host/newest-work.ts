import type { Failure } from '../../screens/index.ts';
import { failureOf } from '../wizard-failure.ts';

/** Work of which only the newest counts: where it is begun again, the one before ends. */
export type NewestWork = {
  /** `fail` is told why it failed, unless nobody waits for it any more. */
  readonly begin: (
    work: (signal: AbortSignal) => Promise<void>,
    fail: (failure: Failure) => void,
  ) => Promise<void>;
  readonly end: () => void;
};

export function newestWork(): NewestWork {
  let current = new AbortController();
  return {
    begin: async (work, fail) => {
      current.abort();
      current = new AbortController();
      const { signal } = current;
      try {
        await work(signal);
      } catch (error) {
        if (!signal.aborted) fail(failureOf(error));
      }
    },
    end: () => current.abort(),
  };
}
