import type { Answers } from '../core/answers/answers.ts';
import { recordAnswers } from '../core/answers/record.ts';
import type { ExitName } from '../core/errors.ts';
import { runApply } from '../core/plan/index.ts';
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
import { unattended } from './unattended.ts';
import { warn } from './warn.ts';

export type ApplyOptions = {
  readonly file: string;
  readonly set: readonly string[];
  readonly json: boolean;
  readonly planFile: string | undefined;
};

/** `storedb apply` and `storedb rehearse`: the whole run, told on stdout and in the log folder. */
export async function apply(options: ApplyOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(options.file, options.set);
  const expectedFingerprint =
    options.planFile === undefined ? undefined : await fingerprintOf(options.planFile);
  return await applyAnswers(answers, { json: options.json, expectedFingerprint }, globals);
}

/** A run with answers that are complete already. */
export async function applyAnswers(
  answers: Answers,
  options: { readonly json: boolean; readonly expectedFingerprint?: string | undefined },
  globals: GlobalOptions,
): Promise<ExitName> {
  const onStop = () => {
    process.stderr.write('Stopping safely; the same command continues later. Ctrl+C again ends at once.\n');
  };
  return await unattended(answers, globals, onStop, async (used) => {
    const input = await setUp(used.answers, used.secrets, used.pins);
    const log = openLogFolder({
      chosen: globals.logDir,
      subject: subjectOf(answers),
      now: new Date(),
      warn,
    });
    log.write('answers.yaml', recordAnswers(answers));
    const events = runApply(
      {
        ...input,
        expectedFingerprint: options.expectedFingerprint,
        onPlan: (plan) => log.write('plan.sql', planAsSql(plan)),
      },
      used.signal,
    );
    const told = withRefusals(events, used.practice);
    const exit = await reportRun(told, { log, show: options.json ? showAsJson() : showAsLines() }).catch(
      (error: unknown) => reportFailure(error, log),
    );
    if (!options.json && log.summary !== undefined) process.stdout.write(`Log: ${log.summary}\n`);
    return exit;
  });
}
