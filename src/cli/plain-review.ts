import { toAnswers } from '../core/answers/draft.ts';
import { ExpectedError } from '../core/errors.ts';
import { makePlan, type Plan } from '../core/plan/index.ts';
import { type Draft, steps } from '../core/steps/index.ts';
import { initialDataWords, pagesOf, placeOf, stepName } from '../screens/index.ts';
import { loadFoundPack, watchInitialData } from './distribute/arriving-data.ts';
import { offerTrust } from './plain-connection.ts';
import { type Arrival, waitForData } from './plain-initial-data.ts';
import { answersOf, type Plain, sayFailure, type Way } from './plain-page.ts';
import { run } from './plain-run.ts';
import { sayVerification } from './plain-verification.ts';
import { planAsSql, planAsText } from './plan-text.ts';
import { setUp } from './set-up.ts';
import type { LineDialog } from './terminal/line-dialog.ts';
import { warn } from './warn.ts';
import { writeAnswersFile } from './wizard-answers.ts';
import { failureOf } from './wizard-failure.ts';

/** What came of the plan; `unfilled` = the store database lacks its initial data. */
type Planned =
  | { readonly kind: 'made'; readonly plan: Plan }
  | { readonly kind: 'failed' }
  | { readonly kind: 'unfilled' };

/** Shows what will be done and waits for the word to begin. */
export async function review(plain: Plain, draft: Draft, at: number): Promise<Way> {
  const { dialog } = plain;
  dialog.say(`\n${placeWords(draft)}  Review (nothing changed yet)`);
  const planned = await planFor(plain, draft);
  const afterWait = planned.kind === 'unfilled' ? await wait(plain, draft, at) : undefined;
  if (afterWait !== undefined) return afterWait;
  for (;;) {
    const reply = await dialog.ask(
      `  ${first[planned.kind]}, e = change an answer, v = verify, w = write answers file, < = back: `,
    );
    if (reply === undefined) return { kind: 'exit', exit: 'cancelledBefore' };
    switch (reply.trim().toLowerCase()) {
      case 'yes':
        if (planned.kind === 'made') return await run(plain, draft, planned.plan, at);
        break;
      case 's':
        if (planned.kind === 'made') dialog.say(planAsSql(planned.plan));
        break;
      case 'd': {
        const way = planned.kind === 'unfilled' ? await wait(plain, draft, at) : undefined;
        if (way !== undefined) return way;
        break;
      }
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

const first = {
  made: 'yes = start, s = show the T-SQL',
  failed: 'r = try again',
  unfilled: 'r = try again, d = initial data',
} as const;

function placeWords(draft: Draft): string {
  const { number, count } = placeOf('review', draft);
  return `Step ${number} of ${count}`;
}

async function planFor(plain: Plain, draft: Draft): Promise<Planned> {
  const { dialog, stop } = plain;
  dialog.say('  Asking the server what there is to do.');
  try {
    const used = answersOf(plain, draft);
    const plan = await makePlan(await setUp(used.answers, used.secrets, used.pins), stop.signal);
    dialog.say(planAsText(plan));
    return { kind: 'made', plan };
  } catch (error) {
    // What is missing stands on the page that waits for it.
    if (failureOf(error).needsData === true) return { kind: 'unfilled' };
    sayFailure(dialog, error);
    if (error instanceof ExpectedError && (await offerTrust(plain, error.details)))
      return await planFor(plain, draft);
    return { kind: 'failed' };
  }
}

/** Waits for the initial data; undefined where the technician comes back without it. */
async function wait(plain: Plain, draft: Draft, at: number): Promise<Way | undefined> {
  const { dialog, stop, logDir } = plain;
  const used = answersOf(plain, draft);
  const arrival: Arrival = {
    watch: (tell, signal) => watchInitialData(used, tell, signal),
    load: (path, progress, signal) => {
      plain.work.isBegun = true;
      return loadFoundPack(used, path, { logDir, warn, progress }, signal).catch(failureOf);
    },
  };
  dialog.say(`\n${placeWords(draft)}  ${initialDataWords.title}`);
  const outcome = await waitForData(dialog, arrival, draft, stop.signal);
  if (outcome === 'complete') return { kind: 'go', to: at, draft };
  return outcome === 'quit' ? { kind: 'exit', exit: 'cancelledBefore' } : undefined;
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

function sayWritten(dialog: LineDialog, draft: Draft): void {
  try {
    dialog.say(`  Written: ${writeAnswersFile(toAnswers(draft))}`);
  } catch (error) {
    sayFailure(dialog, error);
  }
}
