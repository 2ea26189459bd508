import { join } from 'node:path';
import { withAbsolutePaths } from '../core/answers/paths.ts';
import { recordAnswers } from '../core/answers/record.ts';
import { ExpectedError } from '../core/errors.ts';
import { type RunEvent, runApply } from '../core/plan/index.ts';
import type { RunEnd } from '../screens/index.ts';
import { openLogFolder } from './log-folder.ts';
import { planAsSql } from './plan-text.ts';
import type { PracticeProcess } from './practice-process.ts';
import { withRefusals } from './practice-refusals.ts';
import { reportRun } from './run-report.ts';
import { setUp } from './set-up.ts';
import { subjectOf } from './subject.ts';
import { repeatCommand, type WizardAnswers } from './wizard-answers.ts';
import { failureOf } from './wizard-failure.ts';

/**
 * The run behind the wizard's progress page, told in a log folder like every other. A bug is written to the log
 * folder and is the end of the run; throws only when there can be no log folder.
 */
export async function runForWizard(
  used: WizardAnswers,
  options: {
    readonly fingerprint: string;
    readonly logDir: string | undefined;
    /** Set when it stands in the place of every server. */
    readonly practice: PracticeProcess | undefined;
    readonly warn: (text: string) => void;
    readonly show: (event: RunEvent) => void;
  },
  signal: AbortSignal,
): Promise<RunEnd> {
  const { warn, show } = options;
  const subject = subjectOf(used.typed);
  const log = openLogFolder({ chosen: options.logDir, subject, now: new Date(), warn });
  // The copy lies elsewhere: what was typed counts from here.
  log.write('answers.yaml', recordAnswers(withAbsolutePaths(used.typed, process.cwd())));
  // Where no folder could be made there is nothing to read or to repeat the run with.
  const told =
    log.path === undefined
      ? { log: '', command: '' }
      : {
          log: log.summary ?? '',
          command: repeatCommand(join(log.path, 'answers.yaml'), options.practice !== undefined),
        };
  try {
    const input = await setUp(used.answers, used.secrets, used.pins);
    const events = runApply(
      {
        ...input,
        expectedFingerprint: options.fingerprint,
        onPlan: (plan) => log.write('plan.sql', planAsSql(plan)),
      },
      signal,
    );
    const { exit } = await reportRun(withRefusals(events, options.practice), { log, show });
    return { ...told, exit };
  } catch (error) {
    if (!(error instanceof ExpectedError)) log.write('error.txt', stackOf(error));
    const failure = failureOf(error, log.path);
    log.write('summary.txt', `${failure.message}\nNext: ${failure.hint}\n`);
    return { ...told, exit: error instanceof ExpectedError ? error.exit : 'bug', failure };
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
