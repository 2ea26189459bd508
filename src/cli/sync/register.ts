import type { Answers } from '../../core/answers/answers.ts';
import type { ExitName } from '../../core/errors.ts';
import type { SetupInput } from '../../core/plan/setup.ts';
import type { SyncInput } from '../../core/sync/index.ts';
import { noRegister, syncInputOf } from '../../core/sync/setup-input.ts';
import { preparePractice, runAndReport } from '../apply.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readAnswers } from '../read-answers.ts';
import { setUp } from '../set-up.ts';
import { type Unattended, unattended } from '../unattended.ts';

/** What every `storedb sync` command is given. */
export type SyncOptions = { readonly file: string; readonly set: readonly string[] };

/** A register that a command works with. */
export type Register = {
  readonly input: SyncInput;
  readonly answers: Answers;
  readonly setup: SetupInput;
  readonly isPractice: boolean;
  /** Aborted when somebody wants the command to end. */
  readonly signal: AbortSignal;
};

/**
 * Does the work of a command on the register of some answers. A practice server is empty: with --practice the store
 * and the register are set up on it first, as `apply` does, and told on stderr, because stdout is the command's own.
 */
export async function withRegister(
  { file, set }: SyncOptions,
  globals: GlobalOptions,
  onStop: () => void,
  work: (register: Register) => Promise<ExitName>,
): Promise<ExitName> {
  const answers = await readAnswers(file, set);
  if (answers.task !== 'offline-database') throw noRegister(answers);
  return await unattended(answers, globals, onStop, async (used) => {
    const prepared = await prepare(used, answers, globals.logDir);
    if (prepared !== 'done') return prepared;
    const setup = await setUp(used.answers, used.secrets, used.pins);
    const { signal, practice } = used;
    return await work({
      input: syncInputOf(setup),
      answers,
      setup,
      isPractice: practice !== undefined,
      signal,
    });
  });
}

async function prepare(used: Unattended, answers: Answers, logDir: string | undefined): Promise<ExitName> {
  if (used.practice === undefined) return 'done';
  process.stderr.write(
    'First a store and a register with sample data, because the practice server is empty.\n',
  );
  const options = { show: 'failures', logDir } as const;
  const prepared = await preparePractice(used, answers, options);
  return prepared === 'done' ? await runAndReport(used, answers, options) : prepared;
}
