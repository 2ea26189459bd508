import { ExpectedError } from '../../errors.ts';
import { WindowsError, windowsErrors } from '../windows-error.ts';

/** Why a service did not start, and what to do, by the error of StartService or by its last exit code (winerror.h). */
const startFailures: ReadonlyMap<number, readonly [reason: string, hint: string]> = new Map([
  [
    1053,
    [
      'its process ended at once, or did not answer within 30 seconds',
      'Read its log (storedb service logs); where that says nothing, look whether an antivirus program holds it back.',
    ],
  ],
  [1058, ['it is disabled', 'Set its start type to automatic (services.msc) and start it again.']],
  [
    1068,
    [
      'a service that it depends on did not start',
      'Start the SQL Server service of this computer and then this one.',
    ],
  ],
  [
    1069,
    [
      'Windows did not sign its account in',
      'Install the service again (storedb service install); it then gets its own account back.',
    ],
  ],
  [
    1075,
    [
      'a service that it depends on is not on this computer',
      'Install the service again (storedb service install), so that it depends on what is there.',
    ],
  ],
  [
    2,
    [
      'its executable is not there',
      'Look whether an antivirus program removed it, and install the service again (storedb service install).',
    ],
  ],
  [193, ['its executable is damaged', 'Install the service again (storedb service install).']],
]);

/** What a failed function of the service control manager means to a technician; anything else is given back. */
export function serviceFailure(error: unknown, name: string): unknown {
  if (!(error instanceof WindowsError)) return error;
  const { number, call } = error;
  const details = { service: name, call, number };
  if (number === windowsErrors.accessDenied)
    return new ExpectedError({
      code: 'administrator-needed',
      exit: 'prerequisite',
      message: `Only an administrator may do this with ${name === '' ? 'services' : `the service ${name}`}.`,
      hint: 'Start storedb from a command prompt that was opened with "Run as administrator".',
      details,
      cause: error,
    });
  if (number === windowsErrors.serviceMissing)
    return new ExpectedError({
      code: 'service-missing',
      exit: 'prerequisite',
      message: `There is no service ${name} on this computer.`,
      hint: 'Install it first: storedb service install.',
      details,
      cause: error,
    });
  if (number === windowsErrors.serviceMarkedForDeletion)
    return new ExpectedError({
      code: 'service-being-deleted',
      exit: 'failedPartWay',
      message: `The service ${name} is about to be deleted, but some program still holds it.`,
      hint: 'Close services.msc and the Task Manager everywhere, then run the same command again.',
      details,
      cause: error,
    });
  if (number === windowsErrors.takesNoControlNow)
    return new ExpectedError({
      code: 'service-busy',
      exit: 'failedPartWay',
      message: `The service ${name} is just starting or stopping and takes no command.`,
      hint: 'Wait until that is over (storedb service status), then run the same command again.',
      details,
      cause: error,
    });
  const known = startFailures.get(number);
  if (call === 'StartServiceW')
    return new ExpectedError({
      code: 'service-not-started',
      exit: 'failedPartWay',
      message: `The service ${name} did not start: ${known?.[0] ?? `Windows error ${number}`}.`,
      hint: known?.[1] ?? `Ask Windows what it means: net helpmsg ${number}.`,
      details,
      cause: error,
    });
  return new ExpectedError({
    code: 'service-refused',
    exit: 'failedPartWay',
    message: `Windows refused to change the service ${name}: error ${number} of ${call}.`,
    hint: `Ask Windows what it means: net helpmsg ${number}.`,
    details,
    cause: error,
  });
}
