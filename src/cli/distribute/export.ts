import { resolve } from 'node:path';
import { jobInWords } from '../../core/distribute/asking.ts';
import { exportStore } from '../../core/distribute/export/export-store.ts';
import { isZip, openTarget } from '../../core/distribute/export/open-target.ts';
import { type ExitName, ExpectedError } from '../../core/errors.ts';
import { amount, practiceNotice, rowsWord } from '../../core/words.ts';
import type { GlobalOptions } from '../global-options.ts';
import { print } from '../lost-output.ts';
import { aboutFilledStore } from './filled-store.ts';
import { progressLines } from './progress-lines.ts';
import { storeAnswers } from './store-answers.ts';

export type ExportOptions = {
  /** A folder that is made, or a zip file. */
  readonly target: string;
  readonly answers: string;
  readonly set: readonly string[];
  readonly jobs: readonly string[] | undefined;
  readonly format: 'csv' | 'ndjson';
  /** Compress the files of a folder. */
  readonly gzip: boolean;
  readonly json: boolean;
};

/** `storedb distribute export`: makes a pack of a store database, which is only read. */
export async function exportToPack(options: ExportOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await storeAnswers(options.answers, options.set);
  const target = resolve(options.target);
  const madeUtc = momentOf(process.env.SOURCE_DATE_EPOCH);
  return await aboutFilledStore(answers, globals, async (input, signal) => {
    const say = progressLines();
    const events = exportStore(
      input,
      {
        jobs: options.jobs,
        format: { text: options.format, isCompressed: options.gzip && !isZip(target) },
        madeUtc,
        openTarget: () => openTarget(target),
      },
      signal,
    );
    let isPractice = false;
    for await (const event of events) {
      if (options.json) process.stdout.write(`${JSON.stringify(event)}\n`);
      if (event.kind === 'export-started') isPractice = event.isPracticeServer;
      if (options.json) continue;
      if (event.kind === 'export-progress')
        for (const line of say(event.table, { ...event, unit: 'rows written' }))
          process.stdout.write(`${line}\n`);
      if (event.kind === 'exported') {
        const { manifest, leftOut } = event;
        const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0);
        const lines = [
          `${target}: ${rowsWord(rows)} of ${amount(manifest.files.length)} tables, company ${manifest.company}, version ${manifest.schemaVersion}.`,
          `Jobs: ${manifest.jobs.map(({ id }) => id).join(', ')}`,
          ...(leftOut.length === 0
            ? []
            : [
                `Left out, because their data is not in this database: ${leftOut.map(jobInWords).join(', ')}`,
              ]),
          `Contents ${manifest.contents}: packs with the same hold the same rows.`,
          `Load it elsewhere: storedb distribute ${options.target} --answers FILE`,
          ...(isPractice ? [practiceNotice] : []),
        ];
        await print(`${lines.join('\n')}\n`);
      }
    }
    return 'done';
  });
}

/**
 * The time that stands in the pack: now, or seconds since 1970 from SOURCE_DATE_EPOCH, by which whoever wants the same
 * bytes twice says so (reproducible-builds.org/docs/source-date-epoch).
 */
function momentOf(epoch: string | undefined): Date {
  if (epoch === undefined || epoch === '') return new Date();
  const seconds = Number(epoch);
  if (/^\d{1,11}$/.test(epoch)) return new Date(seconds * 1000);
  throw new ExpectedError({
    code: 'source-date-epoch',
    exit: 'usage',
    message: 'SOURCE_DATE_EPOCH is not a number of seconds.',
    hint: 'Take it out of the environment, or set it to seconds since 1970.',
  });
}
