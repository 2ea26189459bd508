import type { ExitName } from '../../core/errors.ts';
import { connectWizard, type Effect, initialMonitor, type MonitorEffect } from '../../screens/index.ts';
import { version } from '../../version.ts';
import type { GlobalOptions } from '../global-options.ts';
import { safely, tickWhileWaiting } from '../screen-wizard.ts';
import { readKeys } from '../terminal/keyboard.ts';
import { openScreen, sizeOf } from '../terminal/screen.ts';
import { terminalTraits } from '../terminal/traits.ts';
import { failureOf } from '../wizard-failure.ts';
import type { Register } from './register.ts';
import { createWatchHost } from './watch-host.ts';

/** The monitor on the whole screen of a terminal, until somebody leaves it. */
export async function watchOnScreen(register: Register, globals: GlobalOptions): Promise<ExitName> {
  const { stdin, stdout } = process;
  const traits = terminalTraits(process.env, process.platform, globals.ascii);
  const over = Promise.withResolvers<ExitName>();
  const options = {
    version,
    size: sizeOf(stdout),
    glyphs: traits.glyphs,
    isPractice: register.isPractice,
    now: Date.now(),
  };
  const wizard = safely(connectWizard(initialMonitor(options), { carryOut, now: Date.now }), over.reject);
  const host = createWatchHost({ dispatch: wizard.dispatch, inputOf: async () => register.input });
  const releaseKeys = readKeys(stdin, traits.isRemote, (key) => wizard.dispatch({ kind: 'press-key', key }));
  const screen = openScreen(wizard, stdout, traits);
  screen.drawn.catch(over.reject);
  const releaseClock = tickWhileWaiting(wizard);
  const onStop = () => wizard.dispatch({ kind: 'stop' });
  register.signal.addEventListener('abort', onStop, { once: true });

  function carryOut(effect: Effect): void {
    if (effect.kind === 'exit') over.resolve(effect.exit);
    else if (effect.kind === 'redraw') screen.redraw();
    else if (isMonitorEffect(effect)) void host.carryOut(effect).catch(say);
  }

  function say(error: unknown): void {
    const { message, hint } = failureOf(error);
    wizard.dispatch({ kind: 'show-message', message: `${message} ${hint}` });
  }

  wizard.dispatch({ kind: 'open' });
  try {
    return await over.promise;
  } finally {
    register.signal.removeEventListener('abort', onStop);
    releaseClock();
    releaseKeys();
    await screen.close();
    await host.end();
  }
}

const watchEffects: ReadonlySet<Effect['kind']> = new Set([
  'watch-sync',
  'unwatch-sync',
  'list-parked',
  'show-parked',
  'retry-parked',
  'accept-parked',
] satisfies readonly MonitorEffect['kind'][]);

/** The monitor by itself asks for nothing else. */
function isMonitorEffect(effect: Effect): effect is MonitorEffect {
  return watchEffects.has(effect.kind);
}
