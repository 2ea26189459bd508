import type { ExitName } from '../../core/errors.ts';
import { readSyncStatus, type SyncStatus } from '../../core/sync/index.ts';
import { practiceNotice } from '../../core/words.ts';
import type { GlobalOptions } from '../global-options.ts';
import { print } from '../lost-output.ts';
import { type SyncOptions, withRegister } from './register.ts';
import { isAway, needsPerson, statusLines } from './status-lines.ts';

export type StatusOptions = SyncOptions & { readonly json: boolean };

/** `storedb sync status`: how the synchronisation of a register stands now. Changes nothing. */
export async function syncStatus(options: StatusOptions, globals: GlobalOptions): Promise<ExitName> {
  return await withRegister(
    options,
    globals,
    () => undefined,
    async ({ input, signal, isPractice }) => {
      const status = await readSyncStatus(input, signal);
      const lines = [...statusLines(status), ...(isPractice ? [practiceNotice] : [])];
      await print(options.json ? `${JSON.stringify(status)}\n` : `${lines.join('\n')}\n`);
      return exitOf(status);
    },
  );
}

/** Whether somebody has to do something; a side that nobody can look into comes first. */
export function exitOf(status: SyncStatus): ExitName {
  if (isAway(status)) return 'connection';
  return needsPerson(status) ? 'verifyFoundProblems' : 'done';
}
