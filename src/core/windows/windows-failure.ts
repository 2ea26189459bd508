import { ExpectedError } from '../errors.ts';
import { WindowsError, windowsErrors } from './windows-error.ts';

/** What a failed function of Windows means to a technician who wanted to do `what` ("restrict C:\x"). */
export function windowsFailure(error: unknown, what: string): unknown {
  if (!(error instanceof WindowsError)) return error;
  const details = { call: error.call, number: error.number };
  if (error.number === windowsErrors.accessDenied)
    return new ExpectedError({
      code: 'administrator-needed',
      exit: 'prerequisite',
      message: `Only an administrator may ${what}.`,
      hint: 'Start storedb from a command prompt that was opened with "Run as administrator".',
      details,
      cause: error,
    });
  return new ExpectedError({
    code: 'windows-refused',
    exit: 'failedPartWay',
    message: `Windows refused to ${what}: error ${error.number} of ${error.call}.`,
    hint: `Ask Windows what it means: net helpmsg ${error.number}.`,
    details,
    cause: error,
  });
}
