import type { Answers } from '../core/answers/answers.ts';
import { samplePack } from '../core/answers/paths.ts';
import { recordAnswers } from '../core/answers/record.ts';
import type { InitialData } from '../core/distribute/initial-data.ts';
import type { ExitName } from '../core/errors.ts';
import { runApply } from '../core/plan/index.ts';
import { noRegister } from '../core/sync/setup-input.ts';
import type { GlobalOptions } from './global-options.ts';
import { openLogFolder } from './log-folder.ts';
import { fingerprintOf } from './plan-file.ts';
import { planAsSql } from './plan-text.ts';
import { withRefusals } from './practice-refusals.ts';
import { readAnswers } from './read-answers.ts';
import { reportFailure } from './report-failure.ts';
import { reportRun, showAsJson, showAsLines } from './run-report.ts';
import { setUp } from './set-up.ts';
import { subjectOf } from './subject.ts';
import { type Unattended, unattended } from './unattended.ts';
import { warn } from './warn.ts';

export type ApplyOptions = {
  readonly file: string;
  readonly set: readonly string[];
  readonly json: boolean;
  readonly planFile: string | undefined;
  /** Takes a register out of the synchronisation instead of setting it up. */
  readonly isRemoval?: boolean;
};

type RunOptions = {
  readonly json: boolean;
  readonly logDir: string | undefined;
  readonly expectedFingerprint?: string | undefined;
  readonly isRemoval?: boolean | undefined;
  /** A pack that is loaded into a store database, instead of a set-up. */
  readonly distribution?: InitialData | undefined;
};

/** `storedb apply` and `storedb rehearse`: the whole run, told on stdout and in the log folder. */
export async function apply(options: ApplyOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(options.file, options.set);
  if (options.isRemoval === true && answers.task !== 'offline-database') throw noRegister(answers);
  const expectedFingerprint =
    options.planFile === undefined ? undefined : await fingerprintOf(options.planFile);
  return await unattended(answers, globals, sayStopping, async (used) => {
    const common = { json: options.json, logDir: globals.logDir };
    const prepared = await preparePractice(used, answers, common);
    if (prepared !== 'done') return prepared;
    const { isRemoval } = options;
    return await runAndReport(used, answers, { ...common, expectedFingerprint, isRemoval });
  });
}

export function sayStopping(): void {
  process.stderr.write('Stopping safely; the same command continues later. Ctrl+C again ends at once.\n');
}

/**
 * A fresh practice server has no store database that a register could be set up on: one is made first, filled with
 * sample data under the IDs of the answers.
 */
export async function preparePractice(
  used: Unattended,
  answers: Answers,
  options: RunOptions,
): Promise<ExitName> {
  if (used.practice === undefined || answers.task === 'store-database') return 'done';
  if (!options.json)
    process.stdout.write('First a store database with sample data, because the practice server is empty.\n');
  const forStore = ({ offlineDatabase: _, ...rest }: Answers): Answers => ({
    ...rest,
    task: 'store-database',
    options: { ...rest.options, initialData: samplePack },
  });
  return await runAndReport({ ...used, answers: forStore(used.answers) }, forStore(answers), options);
}

/** A run with answers that are complete already; `answers` are those that are written down. */
export async function runAndReport(
  used: Unattended,
  answers: Answers,
  { json, logDir, expectedFingerprint, isRemoval, distribution }: RunOptions,
): Promise<ExitName> {
  const input = await setUp(used.answers, used.secrets, used.pins);
  const log = openLogFolder({ chosen: logDir, subject: subjectOf(answers), now: new Date(), warn });
  log.write('answers.yaml', recordAnswers(answers));
  const events = runApply(
    {
      ...input,
      ...(distribution === undefined ? {} : { initialData: distribution, isDistribution: true }),
      isRemoval,
      expectedFingerprint,
      onPlan: (plan) => log.write('plan.sql', planAsSql(plan)),
    },
    used.signal,
  );
  const told = withRefusals(events, used.practice);
  const exit = await reportRun(told, { log, show: json ? showAsJson() : showAsLines() }).catch(
    (error: unknown) => reportFailure(error, log),
  );
  if (!json && log.summary !== undefined) process.stdout.write(`Log: ${log.summary}\n`);
  return exit;
}
