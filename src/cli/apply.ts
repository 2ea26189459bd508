import type { Answers } from '../core/answers/answers.ts';
import { samplePack } from '../core/answers/paths.ts';
import { recordAnswers } from '../core/answers/record.ts';
import type { InitialData } from '../core/distribute/initial-data.ts';
import { type ExitName, ExpectedError } from '../core/errors.ts';
import { runApply } from '../core/plan/index.ts';
import type { SetupInput } from '../core/plan/setup.ts';
import { noRegister } from '../core/sync/setup-input.ts';
import type { GlobalOptions } from './global-options.ts';
import { type LogFolder, openLogFolder } from './log-folder.ts';
import { fingerprintOf } from './plan-file.ts';
import { planAsSql } from './plan-text.ts';
import { withRefusals } from './practice-refusals.ts';
import { readAnswers } from './read-answers.ts';
import { reportFailure } from './report-failure.ts';
import { reportRun, showAsJson, showAsLines, showFailures } from './run-report.ts';
import { setUp } from './set-up.ts';
import { subjectOf } from './subject.ts';
import { type Unattended, unattended } from './unattended.ts';
import { tellVerification } from './verify.ts';
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
  /** What stdout gets: lines, JSON lines, or nothing but failures on stderr. */
  readonly show: 'lines' | 'json' | 'failures';
  readonly logDir: string | undefined;
  readonly expectedFingerprint?: string | undefined;
  readonly isRemoval?: boolean | undefined;
  /** A pack that is loaded into a store database, instead of a set-up. */
  readonly distribution?: InitialData | undefined;
  /** Ends a run that went well with the proof that the set-up works; its exit is then the one of the proof. */
  readonly verifies?: boolean | undefined;
  readonly isServiceOnly?: boolean | undefined;
};

/** `storedb apply` and `storedb rehearse`: the whole run, told on stdout and in the log folder. */
export async function apply(options: ApplyOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(options.file, options.set);
  if (options.isRemoval === true && answers.task !== 'offline-database') throw noRegister(answers);
  const expectedFingerprint =
    options.planFile === undefined ? undefined : await fingerprintOf(options.planFile);
  return await unattended(answers, globals, sayStopping, async (used) => {
    const common = { show: options.json ? 'json' : 'lines', logDir: globals.logDir } as const;
    const prepared = await preparePractice(used, answers, common);
    if (prepared !== 'done') return prepared;
    const { isRemoval } = options;
    const verifies = isRemoval !== true;
    return await runAndReport(used, answers, { ...common, expectedFingerprint, isRemoval, verifies });
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
  if (options.show === 'lines')
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
  { show, logDir, expectedFingerprint, isRemoval, isServiceOnly, distribution, verifies }: RunOptions,
): Promise<ExitName> {
  const input = await setUp(used.answers, used.secrets, used.pins);
  const log = openLogFolder({ chosen: logDir, subject: subjectOf(answers), now: new Date(), warn });
  log.write('answers.yaml', recordAnswers(answers));
  const events = runApply(
    {
      ...input,
      ...(distribution === undefined ? {} : { initialData: distribution, isDistribution: true }),
      isRemoval,
      isServiceOnly,
      expectedFingerprint,
      onPlan: (plan) => log.write('plan.sql', planAsSql(plan)),
    },
    used.signal,
  );
  const told = withRefusals(events, used.practice);
  let exit: ExitName;
  try {
    const run = await reportRun(told, { log, show: shows[show]() });
    exit = run.exit;
    if (exit === 'done' && verifies === true)
      exit = await proveAfter(run.lines, { input, log, show }, used.signal);
  } catch (error) {
    exit = reportFailure(error, log);
  }
  if (show === 'lines' && log.summary !== undefined) process.stdout.write(`Log: ${log.summary}\n`);
  return exit;
}

const shows = { lines: showAsLines, json: showAsJson, failures: showFailures } as const;

/**
 * Verifies what a run has set up; the summary of the run keeps both. A proof that could not be made does not undo the
 * run: what it could not find out counts as a problem.
 */
async function proveAfter(
  lines: readonly string[],
  {
    input,
    log,
    show,
  }: { readonly input: SetupInput; readonly log: LogFolder; readonly show: RunOptions['show'] },
  signal: AbortSignal,
): Promise<ExitName> {
  try {
    const proof = await tellVerification(input, { log, json: show === 'json' }, signal);
    log.write('summary.txt', `${[...lines, ...proof.lines].join('\n')}\n`);
    return proof.exit;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    reportFailure(error);
    log.write('summary.txt', `${[...lines, error.message].join('\n')}\n`);
    return signal.aborted ? 'cancelledDuring' : 'verifyFoundProblems';
  }
}
