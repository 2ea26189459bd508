import { ExpectedError } from '../../errors.ts';

/** A pack that cannot be used. Thrown before anything is changed. */
export function packRefusal(
  code: string,
  message: string,
  hint: string,
  details: Readonly<Record<string, string | number>> = {},
  cause?: unknown,
): ExpectedError {
  return new ExpectedError({ code, exit: 'prerequisite', message, hint, details, cause });
}

/** A file of a pack that is not what the manifest says. */
export const damaged = (file: string, what: string, cause?: unknown): ExpectedError =>
  packRefusal(
    'pack-damaged',
    `${file}: ${what}`,
    'Copy the pack again from where it was made; if that does not help, have it made again.',
    { file },
    cause,
  );
