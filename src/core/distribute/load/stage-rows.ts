import { Readable } from 'node:stream';
import { type Connection, TYPES } from 'tedious';
import { quoteName } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { stagingType, type TravellingColumn } from '../../sync/transfer/columns.ts';
import { addDriverColumn } from '../../sync/transfer/plain-rows.ts';
import type { StagedRow } from './open-file.ts';
import type { LoadTable } from './table-sets.ts';

/** The column that says on which line of the file a row begins. */
export const lineColumn = '[storedb_line]';

/** Fills a new temporary table of the session. Only some rows are in memory at a time. */
export async function stageRows(
  session: DriverSession,
  { staging, columns, file }: LoadTable,
  rows: AsyncIterable<readonly StagedRow[]>,
  signal: AbortSignal,
): Promise<void> {
  const declared = columns.map((column) => `${quoteName(column.name)} ${stagingType(column)} NULL`);
  await session.batch(
    `CREATE TABLE ${staging} (${lineColumn} int NOT NULL, ${declared.join(', ')});`,
    signal,
  );
  if (file.rows === 0) {
    // Most tables of a shop are empty; their files are read all the same.
    for await (const _ of rows) signal.throwIfAborted();
    return;
  }
  let failure: unknown;
  const source = Readable.from(
    (async function* () {
      try {
        for await (const batch of rows) yield* batch;
      } catch (error) {
        // The load is ended in order, so that the session stays usable, and is of no use.
        failure = error;
      }
    })(),
    { highWaterMark: 1000 },
  );
  try {
    await session.withDriver((connection) => load(connection, staging, columns, source), signal);
  } finally {
    source.destroy();
  }
  if (failure !== undefined) throw failure;
}

function load(
  connection: Connection,
  staging: string,
  columns: readonly TravellingColumn[],
  rows: Readable,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Without keepNulls a NULL becomes the column's default.
  const bulk = connection.newBulkLoad(staging, { keepNulls: true }, (error) =>
    error ? reject(error) : resolve(),
  );
  bulk.addColumn('storedb_line', TYPES.Int, { nullable: false });
  for (const column of columns) addDriverColumn(bulk, column);
  connection.execBulkLoad(bulk, rows);
  return promise;
}
