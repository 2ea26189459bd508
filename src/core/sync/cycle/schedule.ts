import type { CycleResult } from '../events.ts';
import type { SyncScope } from './scopes.ts';

/** Milliseconds, on the loop's clock. */
const usualMs = 60_000;
const floorMs = 5_000;
const longestPauseMs = 300_000;
/** What is due within this goes together. */
const togetherMs = 1_000;

/** When each scope has its turn. All times are of Clock.elapsed. */
export type Schedule = {
  /** The scopes whose turn has come; undefined = all, because nobody knows yet which there are. */
  due(now: number): readonly string[] | undefined;
  /** Until something is due. */
  pause(now: number): number;
  /** Whether the last cycle went wrong as a whole, so that changes at the register are no reason to try sooner. */
  readonly isBackingOff: boolean;
  /** A cycle over `names` (undefined = all) has ended; `scopes` are those of the register, as far as known. */
  ran(
    result: CycleResult,
    scopes: readonly SyncScope[],
    names: readonly string[] | undefined,
    now: number,
  ): void;
  /** Rows of these scopes wait: they have their turn as soon as they may. */
  wake(names: readonly string[]): void;
};

/**
 * Each scope at its own frequency (0 = once a minute, never below five seconds), a tenth sooner or later, so that a
 * hundred registers that were switched on together do not come together for ever. After failures the pause doubles up to
 * five minutes, for the scope that failed or, where a server is away, for all.
 */
export function createSchedule(random: () => number): Schedule {
  const turns = new Map<string, { at: number; soonest: number; failures: number }>();
  let failures = 0;
  let notBefore = 0;
  const about = (milliseconds: number) => milliseconds * (0.9 + 0.2 * random());
  const backOff = (count: number) => about(Math.min(longestPauseMs, floorMs * 2 ** Math.min(count - 1, 10)));
  const next = () => Math.max(notBefore, Math.min(...[...turns.values()].map(({ at }) => at)));

  return {
    due(now) {
      if (turns.size === 0) return undefined;
      return [...turns].filter(([, { at }]) => at <= now + togetherMs).map(([name]) => name);
    },
    pause: (now) => (turns.size === 0 ? Math.max(0, notBefore - now) : Math.max(0, next() - now)),
    get isBackingOff() {
      return failures > 0;
    },
    ran(result, scopes, names, now) {
      const isWhole = result.outcome === 'done' || result.outcome === 'partly' || result.scopes.length > 0;
      failures = isWhole && result.outcome !== 'unreachable' ? 0 : failures + 1;
      notBefore = failures > 0 ? now + backOff(failures) : now;
      for (const name of turns.keys()) if (!scopes.some((scope) => scope.name === name)) turns.delete(name);
      for (const { name, frequencySeconds } of scopes) {
        const turn = turns.get(name) ?? { at: now, soonest: now, failures: 0 };
        if (names !== undefined && !names.includes(name) && turns.has(name)) continue;
        const outcome = result.scopes.find(({ scope }) => scope === name)?.outcome;
        const failed = outcome === 'failed' ? turn.failures + 1 : 0;
        const usual = Math.max(floorMs, frequencySeconds === 0 ? usualMs : frequencySeconds * 1000);
        // What the cycle did not get to is due as soon as there is another one.
        const at = outcome === undefined ? now : now + (failed > 0 ? backOff(failed) : about(usual));
        turns.set(name, { at, soonest: now + floorMs, failures: failed });
      }
    },
    wake(names) {
      for (const name of names) {
        const turn = turns.get(name);
        if (turn !== undefined && turn.failures === 0)
          turns.set(name, { ...turn, at: Math.min(turn.at, turn.soonest) });
      }
    },
  };
}
