import { amount, pace } from '../core/words.ts';

type Progress = { readonly done: number; readonly total: number; readonly unit: string };

/**
 * Says how far a work has come: `3 of 80 tables`; of rows also how fast and how long still, from the moment on when
 * their unit was first heard of: `12,000 of 50,000 rows read, 8,500 rows/s, about 5 s left`. `at` is in milliseconds.
 */
export function paceOf(): (progress: Progress, at: number) => string {
  let unit: string | undefined;
  let from = { done: 0, at: 0 };
  return (progress, at) => {
    const { done, total } = progress;
    if (progress.unit !== unit || done < from.done) {
      unit = progress.unit;
      from = { done, at };
    }
    // A total of 0 is not known.
    const words = `${amount(done)}${total > 0 ? ` of ${amount(total)}` : ''} ${progress.unit}`;
    if (!progress.unit.startsWith('rows')) return words;
    const speed = pace({ done: done - from.done, total: total - from.done }, at - from.at);
    return speed === undefined ? words : `${words}, ${speed}`;
  };
}
