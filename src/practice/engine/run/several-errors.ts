/** A statement that fails with more than one error; the client gets all, a CATCH block sees the last one. */

import { SqlError } from '../extension.ts';

export class SeveralErrors extends SqlError {
  readonly following: readonly SqlError[];
  constructor(first: SqlError, ...following: readonly SqlError[]) {
    super(first.number, first.message, first.class, first.state);
    this.following = following;
  }
}

/** One error out of several; a single one stays what it is. */
export const combinedErrors = (errors: readonly [SqlError, ...SqlError[]]): SqlError =>
  errors.length === 1 ? errors[0] : new SeveralErrors(...errors);

/** 1750 after what went wrong with a constraint. */
export const withConstraintFailure = <Result>(build: () => Result): Result => {
  try {
    return build();
  } catch (problem) {
    if (!(problem instanceof SqlError) || !constraintProblems.has(problem.number)) throw problem;
    throw new SeveralErrors(
      problem,
      new SqlError(1750, 'Could not create constraint or index. See previous errors.', 16, 0),
    );
  }
};

const constraintProblems: ReadonlySet<number> = new Set([
  1505, 1763, 1767, 1769, 1770, 1773, 1776, 1778, 1779, 1781, 1754, 1755, 1902, 2714, 8111, 8139, 8141,
]);
