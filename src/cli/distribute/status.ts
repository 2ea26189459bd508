import { askingHint, jobInWords, missingInWords } from '../../core/distribute/asking.ts';
import { missingJobs } from '../../core/distribute/readiness.ts';
import { type JobStatus, readJobStatus } from '../../core/distribute/status.ts';
import { companyOf, inStore } from '../../core/distribute/store-session.ts';
import type { ExitName } from '../../core/errors.ts';
import { readTableShapes } from '../../core/offline/tables/read-table-shapes.ts';
import { practiceNotice, rowsWord } from '../../core/words.ts';
import type { GlobalOptions } from '../global-options.ts';
import { print } from '../lost-output.ts';
import { aboutFilledStore } from './filled-store.ts';
import { storeAnswers } from './store-answers.ts';

export type StatusOptions = {
  readonly answers: string;
  readonly set: readonly string[];
  readonly json: boolean;
};

/** `storedb distribute --status`: what head office has sent to the store database, job by job. Exit 21 while something is missing. */
export async function status(options: StatusOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await storeAnswers(options.answers, options.set);
  return await aboutFilledStore(answers, globals, async (input, signal) => {
    const found = await inStore(
      input,
      async (session, store): Promise<Found> => {
        const company = await companyOf(store, session, signal);
        const shapes = await readTableShapes(session, signal);
        return {
          place: `${store.database.server} / ${store.databaseName}`,
          company,
          isPracticeServer: store.detected.server.identity.isPracticeServer,
          jobs: await readJobStatus(session, company, input.jobs, shapes, signal),
        };
      },
      signal,
    );
    await print(options.json ? `${JSON.stringify(asObject(found))}\n` : `${statusLines(found).join('\n')}\n`);
    return missingJobs(found.jobs).length > 0 ? 'verifyFoundProblems' : 'done';
  });
}

type Found = {
  readonly place: string;
  readonly company: string;
  readonly isPracticeServer: boolean;
  readonly jobs: readonly JobStatus[];
};

const asObject = ({ jobs, ...found }: Found) => ({
  ...found,
  jobs: jobs.map(({ job: { id, name, kind, required }, verdict, empty, tables }) => ({
    ...{ id, name, kind, required, verdict, empty, tables },
  })),
});

const words = { filled: 'ok', empty: 'missing', 'not-used': 'not used' } as const;

/** A line for each job, below it the tables that have rows or must have some. */
export function statusLines({ place, company, jobs, isPracticeServer }: Found): readonly string[] {
  const missing = missingJobs(jobs);
  return [
    `${place}, company ${company}`,
    ...jobs.flatMap(({ job, verdict, tables }) => [
      `  ${words[verdict].padEnd(8)} ${jobInWords(job)}${job.required === 'always' ? '' : ` (only for shops with ${job.required.replace('-', ' ')})`}`,
      ...tables
        .filter(({ rows, isEssential }) => isEssential || (rows ?? 0) > 0)
        .map(({ table, rows, lastChange }) => {
          const count = rows === undefined ? 'there is no such table' : rowsWord(rows);
          return `             ${table}: ${count}${lastChange === undefined ? '' : `, last change ${lastChange}`}`;
        }),
    ]),
    ...(missing.length === 0
      ? ['The initial data is complete.']
      : ['Missing:', ...missing.map((each) => `  ${missingInWords(each)}`), `Next: ${askingHint}`]),
    ...(isPracticeServer ? [practiceNotice] : []),
  ];
}
