import type { ExitName } from '../../core/errors.ts';
import { noRegister } from '../../core/sync/setup-input.ts';
import { runAndReport, sayStopping } from '../apply.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readAnswers } from '../read-answers.ts';
import { unattended } from '../unattended.ts';

/** `storedb service install`: the service's part of `apply`, for a register that is set up already. */
export async function install(file: string, json: boolean, globals: GlobalOptions): Promise<ExitName> {
  const answers = await readAnswers(file, []);
  if (answers.task !== 'offline-database') throw noRegister(answers);
  return await unattended(answers, globals, sayStopping, (used) =>
    runAndReport(used, answers, {
      show: json ? 'json' : 'lines',
      logDir: globals.logDir,
      isServiceOnly: true,
    }),
  );
}
