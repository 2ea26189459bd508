import { setTimeout as delay } from 'node:timers/promises';
import { recordAnswers } from '../../core/answers/record.ts';
import { jobInWords } from '../../core/distribute/asking.ts';
import { openPack } from '../../core/distribute/pack/open-pack.ts';
import { missingJobs } from '../../core/distribute/readiness.ts';
import { readJobStatus } from '../../core/distribute/status.ts';
import { companyOf, inStore } from '../../core/distribute/store-session.ts';
import { readTableShapes } from '../../core/offline/tables/read-table-shapes.ts';
import { runApply } from '../../core/plan/index.ts';
import { amount } from '../../core/words.ts';
import type { ArrivingJob, Failure, FoundPack } from '../../screens/index.ts';
import { openLogFolder } from '../log-folder.ts';
import { paceOf } from '../pace.ts';
import { planAsSql } from '../plan-text.ts';
import { reportRun } from '../run-report.ts';
import { setUp } from '../set-up.ts';
import { subjectOf } from '../subject.ts';
import type { WizardAnswers } from '../wizard-answers.ts';
import { failureOf } from '../wizard-failure.ts';
import { findPacks } from './find-packs.ts';
import { aboutStore } from './store-answers.ts';

/** Milliseconds between two looks; head office sends for minutes. */
const pause = 3_000;

/** What somebody who waits is told. */
export type ArrivalNews = {
  readonly packs: (packs: readonly FoundPack[]) => void;
  readonly jobs: (jobs: readonly ArrivingJob[], isComplete: boolean) => void;
  readonly failed: (failure: Failure) => void;
};

/** Looks again and again what has come to the store database, until it is complete or nobody waits any more. */
export async function watchInitialData(
  used: WizardAnswers,
  tell: ArrivalNews,
  signal: AbortSignal,
): Promise<void> {
  const input = await setUp(aboutStore(used.answers), used.secrets, used.pins);
  let isComplete = false;
  let hasPacks = false;
  while (!isComplete && !signal.aborted) {
    try {
      isComplete = await inStore(
        input,
        async (session, store) => {
          const company = await companyOf(store, session, signal);
          if (!hasPacks) tell.packs((await findPacks(company)).map(foundPack));
          hasPacks = true;
          const shapes = await readTableShapes(session, signal);
          for (;;) {
            const jobs = await readJobStatus(session, company, input.jobs, shapes, signal);
            const isWhole = missingJobs(jobs).length === 0;
            tell.jobs(jobs.map(arrivingJob), isWhole);
            if (isWhole) return true;
            await delay(pause, undefined, { signal });
          }
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return;
      tell.failed(failureOf(error));
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

type JobStatus = Awaited<ReturnType<typeof readJobStatus>>[number];

const arrivingJob = ({ job, verdict, empty, tables }: JobStatus): ArrivingJob => ({
  name: jobInWords(job),
  verdict,
  rows: tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
  empty,
});

const foundPack = ({ place, manifest }: Awaited<ReturnType<typeof findPacks>>[number]): FoundPack => ({
  path: place,
  words: `${amount(manifest.files.reduce((sum, { rows }) => sum + rows, 0))} rows, made ${manifest.madeUtc.slice(0, 10)}`,
});

/** Loads a pack that was found; told in a log folder like every run. Gives what went wrong. */
export async function loadFoundPack(
  used: WizardAnswers,
  path: string,
  options: {
    readonly logDir: string | undefined;
    readonly warn: (text: string) => void;
    readonly progress: (words: string) => void;
  },
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const answers = aboutStore(used.answers);
  const log = openLogFolder({
    chosen: options.logDir,
    subject: subjectOf(used.typed),
    now: new Date(),
    warn: options.warn,
  });
  log.write('answers.yaml', recordAnswers(aboutStore(used.typed)));
  const input = await setUp(answers, used.secrets, used.pins);
  const initialData = { pack: await openPack(path), jobs: undefined };
  const pace = paceOf();
  let failure: Failure | undefined;
  const events = runApply(
    { ...input, initialData, isDistribution: true, onPlan: (plan) => log.write('plan.sql', planAsSql(plan)) },
    signal,
  );
  await reportRun(events, {
    log,
    show: (event) => {
      if (event.kind === 'action-progress') options.progress(pace(event, Date.parse(event.at)));
      if (event.kind === 'run-finished' && event.failure !== undefined) failure = event.failure;
    },
  });
  return failure;
}
