import { amount, elapsed } from '../core/words.ts';

type Progress = { readonly done: number; readonly total: number; readonly unit: string };

/**
 * Says how far a work has come: `3 of 80 tables`; of rows also how fast and how long still, from the moment on when
 * their unit was first heard of: `12,000 of 50,000 rows read, 8,500 rows/s, 5 s left`. `at` is in milliseconds.
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
    const perSecond = ((done - from.done) / (at - from.at)) * 1000;
    if (!progress.unit.startsWith('rows') || !Number.isFinite(perSecond) || perSecond <= 0) return words;
    const speed = `${words}, ${amount(Math.round(perSecond))} rows/s`;
    // Of the first few rows nothing can be told about the rest.
    return total > done && done * 20 >= total
      ? `${speed}, ${elapsed(((total - done) / perSecond) * 1000)} left`
      : speed;
  };
}
