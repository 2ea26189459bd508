import { type ExitName, ExpectedError } from '../core/errors.ts';
import type { LogFolder } from './log-folder.ts';

/**
 * Says what went wrong on stderr: what a technician can do about it, or, for a bug, where support finds the rest (in
 * the log folder where there is one, else right here). Gives the name of the exit code.
 */
export function reportFailure(error: unknown, log?: LogFolder): ExitName {
  if (error instanceof ExpectedError) {
    process.stderr.write(`${error.message}\n${error.hint === '' ? '' : `Next: ${error.hint}\n`}`);
    return error.exit;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (log?.path === undefined) {
    process.stderr.write(`This is a bug in storedb; please report it with these lines:\n${stack}\n`);
  } else {
    log.write('error.txt', `${stack}\n`);
    log.write('summary.txt', 'This run ended with a bug in storedb; error.txt has the details.\n');
    process.stderr.write(`This is a bug in storedb; please report it with the folder ${log.path}\n`);
  }
  return 'bug';
}
