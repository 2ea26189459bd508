import { writeFile } from 'node:fs/promises';
import { type ExitName, ExpectedError } from '../core/errors.ts';
import { makePlan } from '../core/plan/index.ts';
import type { GlobalOptions } from './global-options.ts';
import { print } from './lost-output.ts';
import { planAsSql, planAsText } from './plan-text.ts';
import { readAnswers } from './read-answers.ts';
import { setUp } from './set-up.ts';
import { unattended } from './unattended.ts';

export type PlanOptions = {
  readonly file: string;
  readonly set: readonly string[];
  readonly json: boolean;
  /** Where the T-SQL goes; '-' is stdout. */
  readonly sqlFile: string | undefined;
};

/** `storedb plan`: what a run would do. Connects and reads, never writes to the server. */
export async function plan(options: PlanOptions, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(options.file, options.set);
  const made = await unattended(
    answers,
    globals,
    () => undefined,
    async (used) => makePlan(await setUp(used.answers, used.secrets, used.pins), used.signal),
  );
  if (options.sqlFile !== undefined && options.sqlFile !== '-')
    await writeSql(options.sqlFile, planAsSql(made));
  if (options.json) await print(`${JSON.stringify(made)}\n`);
  else if (options.sqlFile === '-') await print(planAsSql(made));
  else await print(`${planAsText(made)}\n`);
  return 'done';
}

async function writeSql(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new ExpectedError({
      code: 'file-unwritable',
      exit: 'usage',
      message: `${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`,
      hint: 'Give another file with --sql, or "-" to print it.',
      cause: error,
    });
  }
}
