import { ExpectedError } from '../../errors.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { stagingType, type TravellingColumn, wireType } from './columns.ts';
import { nativesOf } from './natives.ts';
import { passRows, type Reading } from './pass-rows.ts';
import { plainRows } from './plain-rows.ts';
import { type LoadTarget, rawRows } from './raw/raw-rows.ts';
import { createStaging } from './staging.ts';

export type StagingOrder = Reading & {
  readonly writer: DriverSession;
  /** First column 1 for a gone row, as bit, then the columns by `outgoing`. */
  readonly query: string;
  /** The quoted name (`stagingTable`), or one that begins with # for a table of the writer's session alone. */
  readonly staging: string;
  /** Chosen by the natives of the writer (`nativesOf`), or by `plainNatives`. */
  readonly columns: readonly TravellingColumn[];
};

/**
 * Makes the staging table and streams the answer of the query into it. Yields the number of rows. See `passRows` for
 * failures; what a failure leaves in the staging table is of no use.
 */
export async function stageRows(order: StagingOrder, signal: AbortSignal): Promise<number> {
  const { writer, staging, columns } = order;
  const { way } = await nativesOf(writer, signal);
  await writer.batch(createStaging(staging, columns), signal);
  const { read, taken } =
    way === 'raw'
      ? await passRows(order, rawRows(stagingTarget(staging, columns)), signal)
      : await passRows(order, plainRows(staging, columns), signal);
  if (read !== taken) throw rowsMissing(staging, read, taken);
  return read;
}

/** The staging table as a bulk load fills it, for rows as `StagingOrder` has them. */
export function stagingTarget(staging: string, columns: readonly TravellingColumn[]): LoadTarget {
  const gone = { name: 'storedb_gone', declaration: 'bit', wire: 'bit' };
  const load = columns.map((column) => ({
    name: column.name,
    declaration: stagingType(column),
    wire: wireType(column),
  }));
  return { table: staging, columns: [gone, ...load], isLocked: true, isChecked: false, firesTriggers: false };
}

/** Seen of an engine's bulk loader that dropped the last rows of a load without an error. */
export const rowsMissing = (staging: string, read: number, taken: number): ExpectedError =>
  new ExpectedError({
    code: 'rows-missing',
    exit: 'failedPartWay',
    message: `The server took ${taken} of ${read} rows into ${staging} and reported no error.`,
    hint: 'Nothing was applied. Run it again; if it happens again, send the log to whoever supports storedb.',
    details: { staging, read, taken },
  });
