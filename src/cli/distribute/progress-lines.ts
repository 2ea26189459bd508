import type { Progress } from '../../core/plan/operation.ts';
import { paceOf } from '../pace.ts';

/** Milliseconds between two lines. */
const pause = 1000;

/** A line about work with rows at most once a second; [] in between. */
export function progressLines(now: () => number = () => performance.now()) {
  const pace = paceOf();
  let last = now();
  return (title: string, progress: Progress): readonly string[] => {
    const at = now();
    const words = pace(progress, at);
    if (at - last < pause) return [];
    last = at;
    return [`  working  ${title}: ${words}`];
  };
}
