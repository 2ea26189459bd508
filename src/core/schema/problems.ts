import { ExpectedError } from '../errors.ts';

/** A pack that cannot be used as it is. Nothing has been changed anywhere when this is thrown. */
export function badPack(message: string, hint: string, cause?: unknown): ExpectedError {
  return new ExpectedError({ code: 'schema-pack', exit: 'answers', message, hint, cause });
}
