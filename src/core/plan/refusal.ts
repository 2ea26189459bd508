import { ExpectedError } from '../errors.ts';

/** A reason not to begin. Nothing has been changed when this is thrown. */
export function refusal(
  code: string,
  message: string,
  hint: string,
  details: Readonly<Record<string, string | number>> = {},
): ExpectedError {
  return new ExpectedError({ code, exit: 'prerequisite', message, hint, details });
}
