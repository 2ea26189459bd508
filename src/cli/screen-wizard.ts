import { type ExitName, exitCodes } from '../core/errors.ts';
import { type Action, connectWizard, type Effect, initialWizard, type Wizard } from '../screens/index.ts';
import { version } from '../version.ts';
import type { GlobalOptions } from './global-options.ts';
import { listenForStop } from './stop-signals.ts';
import { readKeys } from './terminal/keyboard.ts';
import { openScreen, sizeOf } from './terminal/screen.ts';
import { terminalTraits } from './terminal/traits.ts';
import { closingLines, endedAtOnce } from './wizard-closing.ts';
import type { WizardHost } from './wizard-host/wizard-host.ts';
import { savedAnswers } from './wizard-memory.ts';

/** The wizard on the whole screen of a terminal. */
export async function screenWizard(globals: GlobalOptions): Promise<ExitName> {
  const { stdin, stdout } = process;
  const traits = terminalTraits(process.env, process.platform, globals.ascii);
  const closing = closingLines(globals.practice);
  const over = Promise.withResolvers<ExitName>();
  let isStopAsked = false;
  const wizard = safely(
    connectWizard(
      initialWizard({
        version,
        size: sizeOf(stdout),
        glyphs: traits.glyphs,
        isPractice: globals.practice,
        now: Date.now(),
      }),
      { carryOut, now: Date.now },
    ),
    over.reject,
  );
  const stop = listenForStop(() => {
    isStopAsked = true;
    wizard.dispatch({ kind: 'stop' });
  });
  const releaseKeys = readKeys(stdin, traits.isRemote, (key) => wizard.dispatch({ kind: 'press-key', key }));
  const screen = openScreen(wizard, stdout, traits);
  screen.drawn.catch(over.reject);
  const releaseClock = tickWhileWaiting(wizard);
  const host = loadHost();
  host.catch(over.reject);

  function carryOut(effect: Effect): void {
    if (effect.kind === 'exit') over.resolve(effect.exit);
    else if (effect.kind === 'redraw') screen.redraw();
    else if (effect.kind === 'end-now') void endNow();
    else host.then((loaded) => loaded.carryOut(effect)).catch(over.reject);
  }

  /** Memory, connections, planning and their drivers are loaded behind the first frame. */
  async function loadHost(): Promise<WizardHost> {
    await new Promise((resolve) => setImmediate(resolve));
    const { openMemory } = await import('./memory.ts');
    const memory = openMemory(closing.warn);
    const saved = globals.practice ? undefined : savedAnswers(memory);
    if (saved !== undefined) wizard.dispatch({ kind: 'saved-found', saved });
    const last = globals.practice ? undefined : memory.draft.lastFinished();
    if (last !== undefined) wizard.dispatch({ kind: 'last-answers-found', values: last });
    const { createWizardHost } = await import('./wizard-host/wizard-host.ts');
    return createWizardHost({
      dispatch: wizard.dispatch,
      memory,
      isPractice: globals.practice,
      logDir: globals.logDir,
      warn: closing.warn,
      onRunEvent: closing.event,
      onPackLoad: closing.pack,
      onRunEnd: (end) => {
        closing.end(end);
        // Nobody is there any more to press Enter on the last page.
        if (isStopAsked) over.resolve(end.exit);
      },
    });
  }

  async function endNow(): Promise<void> {
    await screen.close();
    stdout.write(`${endedAtOnce(globals.practice)}\n`);
    process.exit(exitCodes.cancelledDuring.code);
  }

  wizard.dispatch({ kind: 'open' });
  try {
    return await over.promise;
  } finally {
    releaseClock();
    releaseKeys();
    await screen.close();
    stop.release();
    // A host that could not be loaded is what the wizard ended with already.
    await host.then(
      (loaded) => loaded.end(),
      () => undefined,
    );
    for (const line of closing.lines()) stdout.write(`${line}\n`);
  }
}

/** A bug in what a key does must end the wizard in order, and not leave the terminal raw with the stack on a lost screen. */
export function safely(wizard: Wizard, onBug: (error: unknown) => void): Wizard {
  return {
    ...wizard,
    dispatch: (action: Action) => {
      try {
        wizard.dispatch(action);
      } catch (error) {
        onBug(error);
      }
    },
  };
}

/** Once a second, while something is awaited whose time is shown; otherwise the terminal is left in peace. */
export function tickWhileWaiting(wizard: Wizard): () => void {
  const timer = setInterval(() => {
    const { probe, planning, page, overlay, monitor } = wizard.state();
    const isWaiting =
      probe?.isWorking === true ||
      planning?.status === 'making' ||
      overlay?.kind === 'verification' ||
      overlay?.kind === 'initial-data' ||
      (page === 'monitor' && monitor?.status === undefined) ||
      page === 'progress';
    if (isWaiting) wizard.dispatch({ kind: 'tick' });
  }, 1000);
  return () => clearInterval(timer);
}
