import { SqlFailure } from '../sql/failures.ts';

/** The error as a refusal by the server, or undefined when it is something else (a lost connection, a bug). */
export function statementFailure(error: unknown): SqlFailure | undefined {
  return error instanceof SqlFailure ? error : undefined;
}

/**
 * Whether the engine refuses the feature itself, today and tomorrow: Babelfish has one number for that (33557097,
 * outside SQL Server's range), the practice server begins its text with its name.
 */
export function isFeatureRefusal(failure: SqlFailure): boolean {
  return failure.number >= 33_000_000 || failure.serverMessage.startsWith('Practice server:');
}
