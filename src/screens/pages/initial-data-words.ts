import type { Draft } from '../../core/steps/index.ts';
import { textOf } from '../../core/steps/step.ts';
import { amount } from '../../core/words.ts';
import type { ArrivingJob } from '../state/initial-data.ts';

/** The words of the wait for the initial data, on the screen and line by line. */
export const initialDataWords = {
  title: 'Initial data',
  looking: 'Looking into the store database',
  complete: 'The initial data is complete.',
  packs: 'On this stick, or in this folder:',
  waiting: (missing: number) => `Waiting for the data of ${missing} ${missing === 1 ? 'job' : 'jobs'}`,
  /** What to say on the phone. */
  ask: (draft: Draft, hasPacks: boolean) => {
    const store = textOf(draft, 'identification.storeId');
    const place = store === '' ? 'limited to this store' : `limited to store ${store}`;
    return `${hasPacks ? 'Or ask' : 'Ask'} head office to run, ${place}:`;
  },
  status: (job: ArrivingJob) => ({ filled: 'ok', empty: 'missing', 'not-used': '' })[job.verdict],
  job: ({ name, verdict, rows, empty }: ArrivingJob) => {
    if (verdict === 'filled') return `${name}: ${amount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
    return verdict === 'empty'
      ? `${name}: nothing in ${empty.join(', ')}`
      : `${name}: none, which is right where the shop does not use it`;
  },
} as const;

/** The jobs that are still waited for. */
export function missingOf(jobs: readonly ArrivingJob[] | undefined): readonly ArrivingJob[] {
  return jobs?.filter(({ verdict }) => verdict === 'empty') ?? [];
}
