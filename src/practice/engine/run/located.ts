/** An error of a text inside the statement that runs, with the line in that text. */

import type { SqlError } from '../extension.ts';

export class LocatedError extends Error {
  readonly problem: SqlError;
  readonly line: number;
  constructor(problem: SqlError, line: number) {
    super(problem.message);
    this.problem = problem;
    this.line = line;
  }
}
