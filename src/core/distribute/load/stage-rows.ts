import { type Connection, TYPES } from 'tedious';
import { quoteName } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { stagingType } from '../../sync/transfer/columns.ts';
import type { StagedRow } from './open-file.ts';
import { encodeRows, type WireColumn, wireColumn } from './row-run.ts';
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
  const wire = columns.map(wireColumn);
  let failure: unknown;
  const runs = (async function* () {
    try {
      for await (const batch of rows) for (const run of encodeRows(batch, wire)) yield [run];
    } catch (error) {
      // The load is ended in order, so that the session stays usable, and is of no use.
      failure = error;
    }
  })();
  await session.withDriver((connection) => load(connection, staging, wire, runs), signal);
  if (failure !== undefined) throw failure;
}

function load(
  connection: Connection,
  staging: string,
  columns: readonly WireColumn[],
  runs: AsyncIterable<Buffer[]>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Without keepNulls a NULL becomes the column's default.
  const bulk = connection.newBulkLoad(staging, { keepNulls: true }, (error) =>
    error ? reject(error) : resolve(),
  );
  bulk.addColumn('storedb_line', wholeRuns(TYPES.Int), { nullable: false });
  for (const { name, type, length } of columns)
    bulk.addColumn(name, nothing(type), { length, nullable: true });
  connection.execBulkLoad(bulk, runs);
  return promise;
}

type DataType = (typeof TYPES)['Int'];

/** The first column writes the bytes of a whole run, the others nothing: see encodeRows. */
const wholeRuns = (type: DataType): DataType => ({
  ...type,
  validate: (value: unknown) => value,
  writeValue: (buffer, { value }) => {
    buffer.writeBuffer(value);
  },
});
const nothing = (type: DataType): DataType => ({
  ...type,
  validate: (value: unknown) => value,
  writeValue: () => undefined,
});
