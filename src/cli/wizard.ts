import { type ExitName, ExpectedError } from '../core/errors.ts';
import type { GlobalOptions } from './global-options.ts';

/**
 * `storedb` without a command: the wizard. Without a terminal there is nobody to ask: with --practice the example
 * answers are applied on a practice server, else the way to run unattended is explained.
 */
export async function wizard(globals: GlobalOptions): Promise<ExitName> {
  const hasTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (!hasTerminal && globals.practice) return (await import('./example-run.ts')).runExample(globals);
  if (hasTerminal) {
    const isPlain = globals.plain || process.env.TERM === 'dumb';
    return isPlain
      ? (await import('./plain-wizard.ts')).plainWizard(globals)
      : (await import('./screen-wizard.ts')).screenWizard(globals);
  }
  throw new ExpectedError({
    code: 'no-terminal',
    exit: 'usage',
    message: 'The wizard needs a terminal, and there is none here.',
    hint: 'Run it in a terminal (with SSH: ssh -t), or unattended: storedb answers template > answers.yaml, fill it in, then storedb apply answers.yaml',
  });
}
