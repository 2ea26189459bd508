import { ExpectedError } from '../core/errors.ts';
import { certificateIn, type Failure } from '../screens/index.ts';

/** A failure in the technician's words; a bug says where support finds the rest. */
export function failureOf(error: unknown, logPath?: string): Failure {
  if (error instanceof ExpectedError) {
    const needsData = error.code === 'store-database-unfilled';
    return {
      message: error.message,
      hint: error.hint,
      certificate: certificateIn(error.details),
      ...(needsData ? { needsData } : {}),
    };
  }
  const what = error instanceof Error ? error.message : String(error);
  return {
    message: `This is a bug in storedb: ${what}`,
    hint:
      logPath === undefined
        ? 'Please report it with this line.'
        : `Please report it with the folder ${logPath}.`,
  };
}
