import { ExpectedError } from '../errors.ts';

/** Somebody wanted the work to end; `hasChanged` = something had been written before. */
export function cancelled(hasChanged: boolean): ExpectedError {
  return new ExpectedError({
    code: 'cancelled',
    exit: hasChanged ? 'cancelledDuring' : 'cancelledBefore',
    message: hasChanged
      ? 'The run was cancelled part-way; what was at work is done again by the next run.'
      : 'The run was cancelled; nothing was changed.',
    hint: hasChanged
      ? 'Run the same command again; it continues where this run stopped.'
      : 'Run the same command again when you are ready.',
  });
}
