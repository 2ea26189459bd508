import { toAnswers } from '../core/answers/draft.ts';
import { type ExitName, ExpectedError } from '../core/errors.ts';
import { makePlan, type Plan } from '../core/plan/index.ts';
import { type Draft, steps } from '../core/steps/index.ts';
import { verify } from '../core/verify/verify.ts';
import { pagesOf, placeOf, stepName } from '../screens/index.ts';
import { offerTrust } from './plain-connection.ts';
import { answersOf, type Plain, sayFailure, type Way } from './plain-page.ts';
import { planAsSql, planAsText } from './plan-text.ts';
import { showAsLines } from './run-report.ts';
import { setUp } from './set-up.ts';
import type { LineDialog } from './terminal/line-dialog.ts';
import { verifyLines } from './verify.ts';
import { warn } from './warn.ts';
import { writeAnswersFile } from './wizard-answers.ts';
import { endLines } from './wizard-closing.ts';
import { valuesOf } from './wizard-memory.ts';
import { runForWizard } from './wizard-run.ts';

/** Shows what will be done and waits for the word to begin. */
export async function review(plain: Plain, draft: Draft, at: number): Promise<Way> {
  const { dialog } = plain;
  const { number, count } = placeOf('review', draft);
  dialog.say(`\nStep ${number} of ${count}  Review (nothing changed yet)`);
  const plan = await planned(plain, draft);
  for (;;) {
    const start = plan === undefined ? 'r = try again' : 'yes = start, s = show the T-SQL';
    const reply = await dialog.ask(
      `  ${start}, e = change an answer, v = verify, w = write answers file, < = back: `,
    );
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
      case 'v':
        await sayVerification(plain, draft);
        break;
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
    if (error instanceof ExpectedError && (await offerTrust(plain, error.details)))
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
    practice,
    warn,
    show: showAsLines(),
  };
  const end = await runForWizard(answersOf(plain, draft), options, stop.signal);
  dialog.say(`\nStep ${count} of ${count}  ${end.exit === 'done' ? 'Done' : 'Not done'}`);
  for (const line of endLines(end)) dialog.say(line);
  if (end.exit === 'done') {
    if (practice === undefined) memory.draft.finish(valuesOf(draft));
    return await afterwards(plain, draft, end.exit);
  }
  const reply = stop.signal.aborted ? '' : await dialog.ask('  r = back to the review, Enter = finish: ');
  return reply?.trim().toLowerCase() === 'r'
    ? { kind: 'go', to: at, draft }
    : { kind: 'exit', exit: end.exit };
}

/** What can follow a finished run: proof that it works, and a register of the store. */
async function afterwards(plain: Plain, draft: Draft, exit: ExitName): Promise<Way> {
  const { dialog, stop } = plain;
  const isStore = draft.task === 'store-database';
  const offer = `  v = verify, ${isStore ? 'n = set up a register, ' : ''}Enter = finish: `;
  for (;;) {
    const reply = stop.signal.aborted ? undefined : await dialog.ask(offer);
    const key = reply?.trim().toLowerCase();
    if (key === 'v') await sayVerification(plain, draft);
    else if (key === 'n' && isStore) {
      const next = { ...draft, task: 'offline-database' };
      return { kind: 'go', to: pagesOf(next).indexOf('identification'), draft: next };
    } else return { kind: 'exit', exit };
  }
}

async function sayVerification(plain: Plain, draft: Draft): Promise<void> {
  const { dialog, stop } = plain;
  try {
    const used = answersOf(plain, draft);
    const input = await setUp(used.answers, used.secrets, used.pins);
    for await (const event of verify(input, stop.signal))
      for (const text of verifyLines(event)) dialog.say(text);
  } catch (error) {
    sayFailure(dialog, error);
  }
}

function sayWritten(dialog: LineDialog, draft: Draft): void {
  try {
    dialog.say(`  Written: ${writeAnswersFile(toAnswers(draft))}`);
  } catch (error) {
    sayFailure(dialog, error);
  }
}
