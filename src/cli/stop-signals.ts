import { exitCodes } from '../core/errors.ts';

/** What a run is told when somebody wants it to end. */
export type StopSignals = {
  /** Aborted at the first Ctrl+C, SIGTERM, SIGHUP (a lost SSH link) or SIGBREAK. */
  readonly signal: AbortSignal;
  /** Takes the handlers off again. */
  release(): void;
};

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/**
 * Turns the first request to end into a safe stop; `onFirst` tells the technician. The second Ctrl+C ends the
 * process at once, as if it had been killed: the next run continues all the same.
 *
 * Until `release` nobody else listens: when-exit, which `conf` brings along, raises every signal again, and the one
 * Ctrl+C would count as two.
 */
export function listenForStop(onFirst: () => void): StopSignals {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      controller.abort();
      onFirst();
    } else if (name === 'SIGINT') {
      process.exit(exitCodes.cancelledDuring.code);
    }
  };
  const others = stopping.map(
    (name) => [name, process.rawListeners(name) as NodeJS.SignalsListener[]] as const,
  );
  for (const name of stopping) process.removeAllListeners(name).on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const [name, listeners] of others) {
        process.off(name, onSignal);
        for (const listener of listeners) process.on(name, listener);
      }
    },
  };
}
