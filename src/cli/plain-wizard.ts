import { startingDraft, toAnswers } from '../core/answers/draft.ts';
import { connectionTarget } from '../core/answers/sign-in.ts';
import { type ExitName, ExpectedError } from '../core/errors.ts';
import { makePlan, type Plan } from '../core/plan/index.ts';
import { memoryPins, type PinStore } from '../core/sql/pins.ts';
import { probeConnection } from '../core/sql/probe.ts';
import { type Draft, type Step, steps } from '../core/steps/index.ts';
import {
  banner,
  certificateIn,
  pagesOf,
  placeOf,
  practiceSignIn,
  savedOffer,
  stepName,
} from '../screens/index.ts';
import { version } from '../version.ts';
import type { GlobalOptions } from './global-options.ts';
import { type Memory, openMemory } from './memory.ts';
import { askStep } from './plain-questions.ts';
import { planAsSql, planAsText } from './plan-text.ts';
import { type PracticeProcess, startPracticeProcess } from './practice-process.ts';
import { showAsLines } from './run-report.ts';
import { connectTimeout, setUp } from './set-up.ts';
import { listenForStop, type StopSignals } from './stop-signals.ts';
import { type LineDialog, openLineDialog } from './terminal/line-dialog.ts';
import { warn } from './warn.ts';
import { type WizardAnswers, wizardAnswers, writeAnswersFile } from './wizard-answers.ts';
import { failureOf } from './wizard-failure.ts';
import { savedAnswers, savedDraft } from './wizard-memory.ts';
import { runForWizard } from './wizard-run.ts';

/** Everything that the pages of the plain wizard share. */
type Plain = {
  readonly dialog: LineDialog;
  readonly memory: Memory;
  readonly practice: PracticeProcess | undefined;
  readonly pins: PinStore;
  readonly stop: StopSignals;
  readonly logDir: string | undefined;
};

/** Where a page leads: another page, by its number among all, or out. */
type Way =
  | { readonly kind: 'go'; readonly to: number; readonly draft: Draft }
  | { readonly kind: 'exit'; readonly exit: ExitName };

/** The wizard line by line: the same steps, numbers and words, for `--plain`, TERM=dumb and screen readers. */
export async function plainWizard(globals: GlobalOptions): Promise<ExitName> {
  const memory = openMemory(warn);
  const stop = listenForStop(() => process.stdout.write('\nStopping safely.\n'));
  const dialog = openLineDialog(process.stdin, process.stdout, () => process.kill(process.pid, 'SIGINT'));
  let practice: PracticeProcess | undefined;
  try {
    dialog.say(`storedb ${version}${globals.practice ? `  (${banner})` : ''}`);
    dialog.say('Enter takes what stands in brackets, < goes back, ? helps, Ctrl+C quits.');
    if (globals.practice) {
      dialog.say('Starting the practice server.');
      practice = await startPracticeProcess();
    }
    const pins = practice === undefined ? memory.pins : memoryPins();
    const plain: Plain = { dialog, memory, practice, pins, stop, logDir: globals.logDir };
    return await goThrough(plain, await firstDraft(plain));
  } finally {
    dialog.close();
    await practice?.end();
    stop.release();
  }
}

async function goThrough(
  plain: Plain,
  start: { readonly draft: Draft; readonly at: number },
): Promise<ExitName> {
  let { draft, at } = start;
  for (;;) {
    const page = pagesOf(draft)[at];
    const step = steps.find((each) => each.id === page);
    const way = step === undefined ? await review(plain, draft, at) : await questions(plain, step, draft, at);
    if (way.kind === 'exit') return way.exit;
    draft = way.draft;
    at = way.to;
    const next = steps.find((each) => each.id === pagesOf(draft)[at]);
    if (plain.practice === undefined && next !== undefined)
      plain.memory.draft.keep(savedDraft({ step: next.id, draft }));
  }
}

async function firstDraft({ dialog, memory, practice }: Plain): Promise<{ draft: Draft; at: number }> {
  const draft: Draft = { task: 'store-database', ...startingDraft() };
  if (practice !== undefined) return { draft: { ...draft, ...practiceSignIn(practice) }, at: 0 };
  const saved = savedAnswers(memory);
  if (saved === undefined) return { draft, at: 0 };
  const reply = await dialog.ask(`${savedOffer(saved, draft, new Date())} (y/n) [n]: `);
  if (!/^y/i.test(reply ?? '')) return { draft, at: 0 };
  const taken = { ...draft, ...saved.values };
  return { draft: taken, at: Math.max(0, pagesOf(taken).indexOf(saved.step)) };
}

async function questions(plain: Plain, step: Step, draft: Draft, at: number): Promise<Way> {
  const answer = await askStep(step, draft, plain.dialog);
  if (answer.kind === 'quit') return { kind: 'exit', exit: 'cancelledBefore' };
  if (answer.kind === 'back') return { kind: 'go', to: Math.max(0, at - 1), draft: answer.draft };
  if (step.connection !== undefined) {
    const reply = await plain.dialog.ask('  Test the connection (y/n) [y]: ');
    if (reply === undefined) return { kind: 'exit', exit: 'cancelledBefore' };
    if (!/^n/i.test(reply.trim())) {
      const isGood = await test(plain, step.connection, answer.draft);
      const again = isGood ? '' : await plain.dialog.ask('  Enter goes on, < asks these questions again: ');
      if (again === undefined) return { kind: 'exit', exit: 'cancelledBefore' };
      if (again.trim() === '<') return { kind: 'go', to: at, draft: answer.draft };
    }
  }
  return { kind: 'go', to: at + 1, draft: answer.draft };
}

/** One line a layer, with the next thing to do; an unknown certificate can be accepted. */
async function test(plain: Plain, section: NonNullable<Step['connection']>, draft: Draft): Promise<boolean> {
  const { dialog, stop } = plain;
  try {
    const used = answersOf(plain, draft);
    const database = used.answers[section] ?? used.answers.storeDatabase;
    const target = await connectionTarget(section, database, used.answers.options.encryption, used.secrets);
    const options = { pins: used.pins, appName: 'storedb', connectTimeoutMs: connectTimeout };
    for await (const event of probeConnection({ ...target, database: database.name }, options, stop.signal)) {
      if (event.status === 'working') continue;
      dialog.say(`  ${event.status.padEnd(8)} ${event.label}: ${event.message}`);
      if (event.hint !== undefined) dialog.say(`           Next: ${event.hint}`);
      if (event.status !== 'failed') continue;
      return (await trust(plain, event.details)) ? await test(plain, section, draft) : false;
    }
    return true;
  } catch (error) {
    sayFailure(dialog, error);
    return false;
  }
}

async function trust(
  { dialog, pins }: Plain,
  details: Readonly<Record<string, string | number>> | undefined,
): Promise<boolean> {
  const certificate = certificateIn(details);
  if (certificate === undefined) return false;
  const reply = await dialog.ask('  Trust this certificate for this server (y/n) [n]: ');
  if (!/^y/i.test(reply ?? '')) return false;
  await pins.keep(certificate.serverKey, certificate.fingerprint);
  return true;
}

/** Shows what will be done and waits for the word to begin. */
async function review(plain: Plain, draft: Draft, at: number): Promise<Way> {
  const { dialog } = plain;
  const { number, count } = placeOf('review', draft);
  dialog.say(`\nStep ${number} of ${count}  Review (nothing changed yet)`);
  const plan = await planned(plain, draft);
  for (;;) {
    const start = plan === undefined ? 'r = try again' : 'yes = start, s = show the T-SQL';
    const reply = await dialog.ask(`  ${start}, e = change an answer, w = write answers file, < = back: `);
    if (reply === undefined) return { kind: 'exit', exit: 'cancelledBefore' };
    switch (reply.trim().toLowerCase()) {
      case 'yes':
        if (plan !== undefined) return await run(plain, draft, plan, at);
        break;
      case 's':
        if (plan !== undefined) dialog.say(planAsSql(plan));
        break;
      case 'r':
        return { kind: 'go', to: at, draft };
      case 'w':
        sayWritten(dialog, draft);
        break;
      case 'e':
        return { kind: 'go', to: await jump(dialog, draft, at), draft };
      case '<':
        return { kind: 'go', to: at - 1, draft };
      default:
        dialog.say('  Nothing is changed until you type yes.');
    }
  }
}

async function planned(plain: Plain, draft: Draft): Promise<Plan | undefined> {
  const { dialog, stop } = plain;
  dialog.say('  Asking the server what there is to do.');
  try {
    const used = answersOf(plain, draft);
    const plan = await makePlan(await setUp(used.answers, used.secrets, used.pins), stop.signal);
    dialog.say(planAsText(plan));
    return plan;
  } catch (error) {
    sayFailure(dialog, error);
    if (error instanceof ExpectedError && (await trust(plain, error.details)))
      return await planned(plain, draft);
    return undefined;
  }
}

async function jump(dialog: LineDialog, draft: Draft, review: number): Promise<number> {
  const targets = pagesOf(draft).slice(0, review);
  targets.forEach((page, index) => {
    const step = steps.find((each) => each.id === page);
    if (step !== undefined) dialog.say(`  ${index + 1}  ${stepName(step)}: ${step.summary(draft)}`);
  });
  const chosen = Number(await dialog.ask('  Which one: ')) - 1;
  return targets[chosen] === undefined ? review : chosen;
}

async function run(plain: Plain, draft: Draft, plan: Plan, at: number): Promise<Way> {
  const { dialog, stop, memory, practice } = plain;
  const { number, count } = placeOf('progress', draft);
  dialog.say(`\nStep ${number} of ${count}  Setting up`);
  const options = {
    fingerprint: plan.fingerprint,
    logDir: plain.logDir,
    isPractice: practice !== undefined,
    warn,
    show: showAsLines(),
  };
  const end = await runForWizard(answersOf(plain, draft), options, stop.signal);
  dialog.say(`\nStep ${count} of ${count}  ${end.exit === 'done' ? 'Done' : 'Not done'}`);
  if (end.failure !== undefined) dialog.say(`${end.failure.message}\nNext: ${end.failure.hint}`);
  dialog.say(`Log: ${end.log}`);
  dialog.say(`${end.exit === 'done' ? 'Next one' : 'Continue'}: ${end.command}`);
  if (end.exit === 'done') {
    if (practice === undefined) memory.draft.forget();
    return { kind: 'exit', exit: end.exit };
  }
  const reply = stop.signal.aborted ? '' : await dialog.ask('  r = back to the review, Enter = finish: ');
  return reply?.trim().toLowerCase() === 'r'
    ? { kind: 'go', to: at, draft }
    : { kind: 'exit', exit: end.exit };
}

function answersOf({ pins, practice }: Plain, draft: Draft): WizardAnswers {
  return wizardAnswers(draft, { pins, practice, warn });
}

function sayWritten(dialog: LineDialog, draft: Draft): void {
  try {
    dialog.say(`  Written: ${writeAnswersFile(toAnswers(draft))}`);
  } catch (error) {
    sayFailure(dialog, error);
  }
}

function sayFailure(dialog: LineDialog, error: unknown): void {
  const { message, hint } = failureOf(error);
  dialog.say(`  ${message}\n  Next: ${hint}`);
}
