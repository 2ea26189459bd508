import type { Answers } from '../../core/answers/answers.ts';
import type { ExitName } from '../../core/errors.ts';
import type { SetupInput } from '../../core/plan/index.ts';
import { preparePractice } from '../apply.ts';
import type { GlobalOptions } from '../global-options.ts';
import { setUp } from '../set-up.ts';
import { unattended } from '../unattended.ts';

/**
 * Looks into a store database without asking anybody. A practice server is empty: it gets one with the sample first,
 * of which only failures are said.
 */
export async function aboutFilledStore(
  answers: Answers,
  globals: GlobalOptions,
  look: (input: SetupInput, signal: AbortSignal) => Promise<ExitName>,
): Promise<ExitName> {
  return await unattended(
    answers,
    globals,
    () => undefined,
    async (used) => {
      const whole: Answers = { ...answers, task: 'offline-database' };
      const prepared = await preparePractice(used, whole, { show: 'failures', logDir: globals.logDir });
      if (prepared !== 'done') return prepared;
      return await look(await setUp(used.answers, used.secrets, used.pins), used.signal);
    },
  );
}
