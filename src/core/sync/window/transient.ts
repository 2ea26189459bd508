import { ExpectedError } from '../../errors.ts';
import { SqlFailure } from '../../sql/failures.ts';

/**
 * Numbers that say nothing about the rows: the same window goes through later as it is, some of them only once
 * somebody has made room. https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors,
 * those of five digits in https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues
 */
const passing: ReadonlySet<number> = new Set([
  // The driver's own: no answer in time, the connection was cut.
  -2, 64, 121, 233, 10053, 10054, 10060,
  // Memory, buffers, lock resources.
  701, 802, 845, 1204, 8628, 8645, 8651,
  // A deadlock, a lock that was not given in time, a scan or a snapshot that others overtook.
  601, 1205, 1222, 3952, 3960, 3961, 3966, 3967,
  // The database is starting, restoring, offline, read-only or moved.
  921, 922, 926, 927, 942, 945, 952, 976, 983, 3906, 3908, 4060, 6005,
  // No room: disk, log, the limit of Express.
  1101, 1105, 1827, 9001, 9002, 10928, 10929, 40197, 40501, 40544, 40549, 40550, 40551, 40552, 40553, 40613,
  49918, 49919, 49920,
]);

/** Of our own: a connection that ended, an anchor that another run moved meanwhile. */
export const anchorMovedCode = 'anchor-moved';
const passingCodes: ReadonlySet<string> = new Set(['connection-lost', anchorMovedCode]);

/** Whether the same window may go through later as it is. Any other failure is the fault of rows, tables or rights. */
export function isTransient(error: unknown): boolean {
  if (error instanceof SqlFailure) return passing.has(error.number);
  return error instanceof ExpectedError && (error.exit === 'connection' || passingCodes.has(error.code));
}
