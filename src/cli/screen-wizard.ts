import { render } from 'ink';
import { createElement } from 'react';
import { type ExitName, exitCodes } from '../core/errors.ts';
import { connectWizard, type Effect, initialWizard, WizardApp, type WizardState } from '../screens/index.ts';
import { version } from '../version.ts';
import type { GlobalOptions } from './global-options.ts';
import { listenForStop } from './stop-signals.ts';
import { markPastes } from './terminal/bare-terminal.ts';
import { readKeys } from './terminal/keyboard.ts';
import { terminalOutput } from './terminal/output.ts';
import { terminalTraits } from './terminal/traits.ts';
import { closingLines } from './wizard-closing.ts';
import type { WizardHost } from './wizard-host.ts';
import { savedAnswers } from './wizard-memory.ts';

/** The wizard on the whole screen of a terminal. */
export async function screenWizard(globals: GlobalOptions): Promise<ExitName> {
  const { stdin, stdout } = process;
  const traits = terminalTraits(process.env, process.platform, globals.ascii);
  const closing = closingLines(globals.practice);
  const over = Promise.withResolvers<ExitName>();
  // Memory, connections, planning and their drivers are loaded behind the first frame.
  const host = loadHost();
  let isStopAsked = false;
  const wizard = connectWizard(
    initialWizard({
      version,
      size: { columns: stdout.columns, rows: stdout.rows },
      glyphs: traits.glyphs,
      isPractice: globals.practice,
      now: Date.now(),
    }),
    { carryOut, now: Date.now },
  );

  function carryOut(effect: Effect): void {
    if (effect.kind === 'exit') over.resolve(effect.exit);
    else if (effect.kind === 'redraw') redraw();
    else if (effect.kind === 'end-now') endNow();
    else host.then((loaded) => loaded.carryOut(effect), over.reject);
  }

  async function loadHost(): Promise<WizardHost> {
    await new Promise((resolve) => setImmediate(resolve));
    const { openMemory } = await import('./memory.ts');
    const memory = openMemory(closing.warn);
    const saved = globals.practice ? undefined : savedAnswers(memory);
    if (saved !== undefined) wizard.dispatch({ kind: 'saved-found', saved });
    const { createWizardHost } = await import('./wizard-host.ts');
    return createWizardHost({
      dispatch: (action) => wizard.dispatch(action),
      memory,
      isPractice: globals.practice,
      logDir: globals.logDir,
      warn: closing.warn,
      onRunEvent: closing.event,
      onRunEnd: (end) => {
        closing.end(end);
        // Nobody is there any more to press Enter on the last page.
        if (isStopAsked) over.resolve(end.exit);
      },
    });
  }

  // A link that was lost must not end a run in the middle: what is drawn then goes nowhere.
  stdout.on('error', () => undefined);
  const stop = listenForStop(() => {
    isStopAsked = true;
    wizard.dispatch({ kind: 'stop' });
  });
  // Before Ink's own listener, so that no frame of the old size is drawn on the new one.
  const onResize = () =>
    wizard.dispatch({ kind: 'resize', size: { columns: stdout.columns, rows: stdout.rows } });
  stdout.on('resize', onResize);
  const releaseKeys = readKeys(stdin, traits.isRemote, (key) => wizard.dispatch({ kind: 'press-key', key }));
  const app = render(createElement(WizardApp, { source: wizard }), {
    stdout: terminalOutput(stdout, traits.isSynchronised),
    exitOnCtrlC: false,
    incrementalRendering: true,
    alternateScreen: true,
    interactive: true,
    maxFps: traits.isRemote ? 5 : 15,
  });
  const releasePastes = markPastes(stdout);
  const releaseClock = tickWhileWaiting(wizard);

  function redraw(): void {
    app.clear();
    stdout.write('\u{1B}[H\u{1B}[J');
    app.rerender(createElement(WizardApp, { source: wizard }));
  }

  function endNow(): void {
    app.unmount();
    process.exit(exitCodes.cancelledDuring.code);
  }

  wizard.dispatch({ kind: 'open' });
  try {
    return await over.promise;
  } finally {
    releaseClock();
    releaseKeys();
    stdout.off('resize', onResize);
    app.unmount();
    await app.waitUntilExit();
    releasePastes();
    await (await host).end();
    stop.release();
    for (const line of closing.lines()) stdout.write(`${line}\n`);
  }
}

/** Once a second, while something is awaited whose time is shown; otherwise the terminal is left in peace. */
function tickWhileWaiting(wizard: {
  readonly state: () => WizardState;
  readonly dispatch: (action: { readonly kind: 'tick' }) => void;
}): () => void {
  const timer = setInterval(() => {
    const { probe, planning, page } = wizard.state();
    const isWaiting = probe?.isWorking === true || planning?.status === 'making' || page === 'progress';
    if (isWaiting) wizard.dispatch({ kind: 'tick' });
  }, 1000);
  return () => clearInterval(timer);
}
