import { startingDraft } from '../core/answers/draft.ts';
import type { ExitName } from '../core/errors.ts';
import { memoryPins } from '../core/sql/pins.ts';
import { type Draft, type Step, steps } from '../core/steps/index.ts';
import { banner, pagesOf, practiceSignIn, savedOffer } from '../screens/index.ts';
import { version } from '../version.ts';
import type { GlobalOptions } from './global-options.ts';
import { openMemory } from './memory.ts';
import { testConnection } from './plain-connection.ts';
import type { Plain, Way } from './plain-page.ts';
import { askStep } from './plain-questions.ts';
import { review } from './plain-review.ts';
import { type PracticeProcess, startPracticeProcess } from './practice-process.ts';
import { listenForStop } from './stop-signals.ts';
import { openLineDialog } from './terminal/line-dialog.ts';
import { askYesNo } from './terminal/yes-or-no.ts';
import { warn } from './warn.ts';
import { savedAnswers, savedDraft } from './wizard-memory.ts';

/** The wizard line by line: the same steps, numbers and words, for `--plain`, TERM=dumb and screen readers. */
export async function plainWizard(globals: GlobalOptions): Promise<ExitName> {
  const memory = openMemory(warn);
  const stop = listenForStop(() => process.stdout.write('\nStopping safely.\n'));
  const dialog = openLineDialog(process.stdin, process.stdout, () => process.kill(process.pid, 'SIGINT'));
  // Nobody waits any more for the question that stands, or for those to come.
  stop.signal.addEventListener('abort', dialog.close, { once: true });
  let practice: PracticeProcess | undefined;
  try {
    dialog.say(`storedb ${version}${globals.practice ? `  (${banner})` : ''}`);
    dialog.say('Enter takes what stands in brackets, < goes back, ? helps, Ctrl+C quits.');
    if (globals.practice) {
      dialog.say('Starting the practice server.');
      practice = await startPracticeProcess();
    }
    const pins = practice === undefined ? memory.pins : memoryPins();
    const work = { isBegun: false };
    const plain: Plain = { dialog, memory, practice, pins, stop, logDir: globals.logDir, work };
    const exit = await goThrough(plain, await firstDraft(plain));
    return exit === 'cancelledBefore' && work.isBegun ? 'cancelledDuring' : exit;
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
  const fresh: Draft = { task: 'store-database', ...startingDraft() };
  if (practice !== undefined) return { draft: { ...fresh, ...practiceSignIn(practice) }, at: 0 };
  const draft = { ...fresh, ...memory.draft.lastFinished(), task: 'store-database' };
  const saved = savedAnswers(memory);
  if (saved === undefined) return { draft, at: 0 };
  const isWanted = await askYesNo(dialog, savedOffer(saved, draft, new Date()), false);
  if (isWanted !== true) return { draft, at: 0 };
  const taken = { ...draft, ...saved.values };
  return { draft: taken, at: Math.max(0, pagesOf(taken).indexOf(saved.step)) };
}

async function questions(plain: Plain, step: Step, draft: Draft, at: number): Promise<Way> {
  const answer = await askStep(step, draft, plain.dialog);
  if (answer.kind === 'quit') return { kind: 'exit', exit: 'cancelledBefore' };
  if (answer.kind === 'back') return { kind: 'go', to: Math.max(0, at - 1), draft: answer.draft };
  if (step.connection !== undefined) {
    const isWanted = await askYesNo(plain.dialog, '  Test the connection', true);
    if (isWanted === undefined) return { kind: 'exit', exit: 'cancelledBefore' };
    if (isWanted) {
      const isGood = await testConnection(plain, step.connection, answer.draft);
      const again = isGood ? '' : await plain.dialog.ask('  Enter goes on, < asks these questions again: ');
      if (again === undefined) return { kind: 'exit', exit: 'cancelledBefore' };
      if (again.trim() === '<') return { kind: 'go', to: at, draft: answer.draft };
    }
  }
  return { kind: 'go', to: at + 1, draft: answer.draft };
}
