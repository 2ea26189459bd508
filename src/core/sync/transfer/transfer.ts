import { Readable } from 'node:stream';
import { type Connection, Request, TYPES } from 'tedious';
import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import { quoteName } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { passageOf, stagingType } from './columns.ts';

/**
 * Streams the answer of `query` (1 for a gone row, then the columns) into a new temporary table of the destination,
 * which every account may make. Only a handful of rows is in memory at a time. Yields the number of rows.
 */
export async function transferRows(
  source: DriverSession,
  destination: DriverSession,
  query: string,
  staging: string,
  columns: readonly ColumnShape[],
  signal: AbortSignal,
): Promise<number> {
  const declared = columns.map((column) => `${quoteName(column.name)} ${stagingType(column)} NULL`);
  await destination.batch(
    `IF OBJECT_ID(N'tempdb..${staging}') IS NOT NULL DROP TABLE ${staging};
CREATE TABLE ${staging} ([storedb_gone] bit NOT NULL, ${declared.join(', ')});`,
    signal,
  );
  return await source.withDriver(async (reader) => {
    const { rows, ended } = read(reader, query);
    const loaded = destination.withDriver((writer) => load(writer, staging, columns, rows), signal);
    // Whoever fails first ends the other: a reader that waits for its rows to be taken would wait for ever.
    const [, count] = await Promise.all([
      ended,
      loaded.catch((error: unknown) => {
        rows.destroy();
        reader.cancel();
        throw error;
      }),
    ]);
    return count;
  }, signal);
}

function read(
  connection: Connection,
  query: string,
): { readonly rows: Readable; readonly ended: Promise<void> } {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const request = new Request(query, (error) => {
    if (error) {
      rows.destroy(error);
      reject(error);
    } else {
      rows.push(null);
      resolve();
    }
  });
  const rows = new Readable({ objectMode: true, highWaterMark: 1000, read: () => request.resume() });
  request.on('row', (cells: readonly { readonly value: unknown }[]) => {
    if (!rows.push(cells.map(({ value }) => value))) request.pause();
  });
  connection.execSqlBatch(request);
  return { rows, ended };
}

function load(
  connection: Connection,
  staging: string,
  columns: readonly ColumnShape[],
  rows: Readable,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  // Without keepNulls a NULL becomes the column's default.
  const bulk = connection.newBulkLoad(staging, { keepNulls: true }, (error, count) =>
    error ? reject(error) : resolve(count ?? 0),
  );
  bulk.addColumn('storedb_gone', TYPES.Bit, { nullable: false });
  for (const column of columns) addColumn(bulk, column);
  connection.execBulkLoad(bulk, rows);
  return promise;
}

function addColumn(bulk: ReturnType<Connection['newBulkLoad']>, column: ColumnShape): void {
  const { name, maxLength, type } = column;
  const passage = passageOf(column);
  if (passage === 'cast-text') bulk.addColumn(name, TYPES.VarChar, { length: 41, nullable: true });
  else if (passage === 'bytes')
    bulk.addColumn(name, TYPES.VarBinary, {
      length: maxLength === -1 ? Infinity : maxLength,
      nullable: true,
    });
  // Also for varchar: the server converts to the column's own code page, which the driver does not know.
  else {
    const characters = type.startsWith('n') ? maxLength / 2 : maxLength;
    const length = maxLength === -1 || characters > 4000 ? Infinity : characters;
    bulk.addColumn(name, TYPES.NVarChar, { length, nullable: true });
  }
}
