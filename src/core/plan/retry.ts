import { statementFailure } from './sql-error.ts';

/**
 * What passes by itself: 1205 deadlock victim, 1222 somebody else's lock held too long, 1807 somebody else copying
 * the model database.
 */
const passing: ReadonlySet<number> = new Set([1205, 1222, 1807]);
const firstDelayMs = 500;
const attempts = 4;

/**
 * How long to wait before doing it again, doubling each time; undefined = it will not pass, or was tried often
 * enough. `attempt` counts from 1.
 */
export function delayBeforeRetry(error: unknown, attempt: number): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const failure = statementFailure(error) ?? statementFailure(cause);
  if (failure === undefined || !passing.has(failure.number) || attempt >= attempts) return undefined;
  return firstDelayMs * 2 ** (attempt - 1);
}
