import type { Answers } from '../core/answers/answers.ts';
import { recordAnswers } from '../core/answers/record.ts';
import type { ExitName } from '../core/errors.ts';
import type { SetupInput } from '../core/plan/setup.ts';
import type { VerifyEvent } from '../core/verify/events.ts';
import { verify as verifySetup } from '../core/verify/verify.ts';
import { practiceNotice } from '../core/words.ts';
import type { GlobalOptions } from './global-options.ts';
import { type LogFolder, openLogFolder } from './log-folder.ts';
import { readAnswers } from './read-answers.ts';
import type { Reported } from './run-report.ts';
import { setUp } from './set-up.ts';
import { subjectOf } from './subject.ts';
import { type Unattended, unattended } from './unattended.ts';
import { warn } from './warn.ts';

export type VerifyOptions = {
  readonly file: string;
  readonly set: readonly string[];
  readonly json: boolean;
};

/** `storedb verify`: proves that a set-up works and changes nothing. */
export async function verify(options: VerifyOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(options.file, options.set);
  const told = { json: options.json, logDir: globals.logDir };
  return await unattended(
    answers,
    globals,
    () => undefined,
    (used) => verifyAndReport(used, answers, told),
  );
}

/** Tells the verification on stdout and in a log folder; `answers` are those that are written down. */
async function verifyAndReport(
  used: Unattended,
  answers: Answers,
  { json, logDir }: { readonly json: boolean; readonly logDir: string | undefined },
): Promise<ExitName> {
  const input = await setUp(used.answers, used.secrets, used.pins);
  const log = openLogFolder({ chosen: logDir, subject: subjectOf(answers), now: new Date(), warn });
  log.write('answers.yaml', recordAnswers(answers));
  const { exit, lines } = await tellVerification(input, { log, json }, used.signal);
  log.write('summary.txt', `${lines.join('\n')}\n`);
  if (!json && log.summary !== undefined) process.stdout.write(`Log: ${log.summary}\n`);
  return exit;
}

/** Drives a verification to its end, told on stdout and as events in the log. Throws what `verify` of core throws. */
export async function tellVerification(
  input: SetupInput,
  { log, json }: { readonly log: LogFolder; readonly json: boolean },
  signal: AbortSignal,
): Promise<Reported> {
  const lines: string[] = [];
  let exit: ExitName = 'bug';
  for await (const event of verifySetup(input, signal)) {
    log.event(JSON.stringify(event));
    if (event.kind === 'verified') exit = event.exit;
    if (json && event.kind !== 'checking') process.stdout.write(`${JSON.stringify(event)}\n`);
    for (const text of verifyLines(event)) {
      lines.push(text);
      if (!json) process.stdout.write(`${text}\n`);
    }
  }
  return { exit, lines };
}

/** The lines of an event as a technician reads them; none for what is only at work. */
export function verifyLines(event: VerifyEvent): readonly string[] {
  switch (event.kind) {
    case 'checking':
      return [];
    case 'check': {
      const hint = event.hint === undefined ? [] : [`           Next: ${event.hint}`];
      return [`  ${event.status.padEnd(8)} ${event.message}`, ...hint];
    }
    case 'verified': {
      const { ok, warnings, failed } = event;
      const counts = `${ok} ok, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${failed} failed.`;
      const verdict = failed > 0 ? 'This set-up has problems' : 'This set-up is in order';
      return [`${verdict}: ${counts}`, ...(event.isPracticeServer ? [practiceNotice] : [])];
    }
  }
}
