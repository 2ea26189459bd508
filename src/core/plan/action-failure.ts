import { ExpectedError } from '../errors.ts';
import { describeFailure, type SqlFailure } from '../sql/failures.ts';
import type { Action, Batch, Finding } from './plan.ts';
import { statementFailure } from './sql-error.ts';

/**
 * A necessary batch that the server refused, as the failure of the run. The exit is settled by the runner, which
 * knows whether anything had been changed before.
 */
export function batchRefused(action: Action, batch: Batch | undefined, failure: SqlFailure): ExpectedError {
  const { code, message, hint } = describeFailure(failure, {
    server: action.target.server,
    database: action.target.database,
  });
  const place =
    action.kind === 'run-script' && batch !== undefined
      ? placeOf(action.script.id, batch, failure)
      : undefined;
  return new ExpectedError({
    code: action.kind === 'run-script' ? 'script-failed' : code,
    exit: 'failedPartWay',
    message: place === undefined ? `${action.title}: ${message}` : `${place}: ${message}`,
    hint,
    details: { action: action.id, number: failure.number, line: failure.line, procedure: failure.procedure },
    cause: failure,
  });
}

/**
 * file:line of the error. The server counts from the first line of the batch, but within a procedure that the batch
 * calls from the procedure's first line: then the batch is named, and the procedure beside it.
 */
function placeOf(file: string, batch: Batch, failure: SqlFailure): string {
  if (batch.line === 0) return `${file} (writing the version)`;
  const definesIt = /\b(create|alter)\b/i.test(batch.sql);
  if (failure.procedure !== '' && !definesIt)
    return `${file}:${batch.line} (in ${failure.procedure}, line ${failure.line})`;
  return `${file}:${batch.line + Math.max(failure.line, 1) - 1}`;
}

/** An optional action that did not work, as a warning. */
export function optionalFailed(
  action: Action & { readonly hint?: string },
  failures: readonly SqlFailure[],
): Finding {
  const reasons = [...new Set(failures.map(({ message }) => message))].join(' ');
  return {
    code: 'optional-failed',
    message: `${action.title}: did not work. ${reasons}`,
    hint: action.hint ?? 'Have an administrator do it by hand.',
  };
}

/** Anything that ended a run, in the shape of the last event; undefined for a bug, which is thrown on. */
export function expectedFailure(error: unknown, action: Action | undefined): ExpectedError | undefined {
  if (error instanceof ExpectedError) return error;
  const failure = statementFailure(error);
  if (failure === undefined) return undefined;
  if (action !== undefined) return batchRefused(action, undefined, failure);
  const { code, message, hint } = describeFailure(failure, {});
  return new ExpectedError({
    code,
    exit: 'prerequisite',
    message,
    hint,
    details: { number: failure.number },
    cause: error,
  });
}
