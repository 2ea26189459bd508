/** What JavaScript cannot do for want of room is an error of the statement, as it is on a server, and no bug. */

import { SqlError } from '../extension.ts';

/** 8631 for a stack that is full, 701 for a value that is too large; anything else as it is. */
export const withoutRoom = (problem: unknown): unknown => {
  if (!(problem instanceof RangeError)) return problem;
  if (problem.message === 'Maximum call stack size exceeded') {
    return new SqlError(
      8631,
      'Internal error: Server stack limit has been reached. Please look for potentially deep nesting in your query, and try to simplify it.',
      17,
    );
  }
  if (problem.message === 'Invalid string length' || problem.message === 'Array buffer allocation failed') {
    return new SqlError(
      701,
      "There is insufficient system memory in resource pool 'default' to run this query.",
      17,
      123,
    );
  }
  return problem;
};
