import type { InitialData } from '../../core/distribute/initial-data.ts';
import { openPack } from '../../core/distribute/pack/open-pack.ts';
import type { ExitName } from '../../core/errors.ts';
import { runAndReport, sayStopping } from '../apply.ts';
import type { GlobalOptions } from '../global-options.ts';
import { keepYoungHeapSmall } from '../small-young-heap.ts';
import { unattended } from '../unattended.ts';
import { compareAndReport } from './compare.ts';
import { storeAnswers } from './store-answers.ts';

export type LoadOptions = {
  readonly pack: string;
  readonly answers: string;
  readonly set: readonly string[];
  /** Job ids; undefined = all of the pack. */
  readonly jobs: readonly string[] | undefined;
  readonly isDryRun: boolean;
  readonly json: boolean;
};

/** `storedb distribute PACK`: loads a pack into the store database, or tells what that would change. */
export async function load(options: LoadOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await storeAnswers(options.answers, options.set);
  keepYoungHeapSmall();
  const initialData: InitialData = { pack: await openPack(options.pack), jobs: options.jobs };
  return await unattended(answers, globals, sayStopping, async (used) => {
    const common = { show: options.json ? 'json' : 'lines', logDir: globals.logDir } as const;
    if (used.practice !== undefined) {
      // It is empty: the database is made first.
      const made = await runAndReport(used, answers, common);
      if (made !== 'done') return made;
    }
    if (options.isDryRun) return await compareAndReport(used, initialData, options.json);
    return await runAndReport(used, answers, { ...common, distribution: initialData });
  });
}
