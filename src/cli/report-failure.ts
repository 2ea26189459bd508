import { type ExitName, ExpectedError } from '../core/errors.ts';

/**
 * Says what went wrong on stderr: what a technician can do about it, or, for a bug, where support finds the rest.
 * Gives the name of the exit code.
 */
export function reportFailure(error: unknown): ExitName {
  if (error instanceof ExpectedError) {
    process.stderr.write(`${error.message}\n${error.hint === '' ? '' : `Next: ${error.hint}\n`}`);
    return error.exit;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a bug in storedb; please report it with these lines:\n${stack}\n`);
  return 'bug';
}
