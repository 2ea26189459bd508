import type { ExitName } from '../core/errors.ts';
import type { Plan } from '../core/plan/index.ts';
import type { Draft } from '../core/steps/index.ts';
import { syncInputOf } from '../core/sync/setup-input.ts';
import { pagesOf, placeOf } from '../screens/index.ts';
import { monitorInLines } from './plain-monitor.ts';
import { answersOf, type Plain, sayFailure, type Way } from './plain-page.ts';
import { sayVerification } from './plain-verification.ts';
import { showAsLines } from './run-report.ts';
import { setUp } from './set-up.ts';
import { looksAtSync } from './sync/looks.ts';
import { warn } from './warn.ts';
import { endLines } from './wizard-closing.ts';
import { valuesOf } from './wizard-memory.ts';
import { runForWizard } from './wizard-run.ts';

/** Does what the review showed, and leads on from there. */
export async function run(plain: Plain, draft: Draft, plan: Plan, at: number): Promise<Way> {
  const { dialog, stop, memory, practice } = plain;
  const { number, count } = placeOf('progress', draft);
  dialog.say(`\nStep ${number} of ${count}  Setting up`);
  plain.work.isBegun = true;
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

/** What can follow a finished run: proof that it works, a register of the store, the monitor of a register. */
async function afterwards(plain: Plain, draft: Draft, exit: ExitName): Promise<Way> {
  const { dialog, stop } = plain;
  const isStore = draft.task === 'store-database';
  const isRegister = draft.task === 'offline-database';
  const next = isStore ? 'n = set up a register, ' : isRegister ? 'm = watch, ' : '';
  for (;;) {
    const offer = `  v = verify, ${next}Enter = finish: `;
    const reply = stop.signal.aborted ? undefined : await dialog.ask(offer);
    const key = reply?.trim().toLowerCase();
    if (key === 'v') await sayVerification(plain, draft);
    else if (key === 'm' && isRegister) await watch(plain, draft);
    else if (key === 'n' && isStore) {
      const register = { ...draft, task: 'offline-database' };
      return { kind: 'go', to: pagesOf(register).indexOf('identification'), draft: register };
    } else return { kind: 'exit', exit };
  }
}

async function watch(plain: Plain, draft: Draft): Promise<void> {
  const { dialog, stop } = plain;
  try {
    const used = answersOf(plain, draft);
    const input = syncInputOf(await setUp(used.answers, used.secrets, used.pins));
    dialog.say('\n  Asking both databases.');
    await monitorInLines(dialog, (signal) => looksAtSync(input, signal), stop.signal);
  } catch (error) {
    sayFailure(dialog, error);
  }
}
