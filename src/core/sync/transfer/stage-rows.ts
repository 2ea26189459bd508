import { ExpectedError } from '../../errors.ts';
import type { TravellingColumn } from './columns.ts';
import { type Passing, passRows } from './pass-rows.ts';
import { plainRows } from './plain-rows.ts';
import { createStaging } from './staging.ts';

export type StagingOrder = Passing & {
  /** First column 1 for a gone row, as bit, then the columns by `outgoing`. */
  readonly query: string;
  /** The quoted name (`stagingTable`), or one that begins with # for a table of the writer's session alone. */
  readonly staging: string;
  readonly columns: readonly TravellingColumn[];
};

/**
 * Makes the staging table and streams the answer of the query into it. Yields the number of rows. See `passRows` for
 * failures; what a failure leaves in the staging table is of no use.
 */
export async function stageRows(order: StagingOrder, signal: AbortSignal): Promise<number> {
  const { writer, staging, columns } = order;
  await writer.batch(createStaging(staging, columns), signal);
  const { read, taken } = await passRows(order, plainRows(staging, columns), signal);
  if (read !== taken) throw rowsMissing(staging, read, taken);
  return read;
}

/** Seen of an engine's bulk loader that dropped the last rows of a load without an error. */
const rowsMissing = (staging: string, read: number, taken: number): ExpectedError =>
  new ExpectedError({
    code: 'rows-missing',
    exit: 'failedPartWay',
    message: `The server took ${taken} of ${read} rows into ${staging} and reported no error.`,
    hint: 'Nothing was applied. Run it again; if it happens again, send the log to whoever supports storedb.',
    details: { staging, read, taken },
  });
