import { type Connection, TYPES } from 'tedious';
import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import type { TravellingColumn } from './columns.ts';
import type { Way } from './pass-rows.ts';

/** One row in the driver's values. */
type Row = unknown[];

/** Row by row through the driver's own values, for columns that were chosen by `plainNatives`. */
export function plainRows(staging: string, columns: readonly TravellingColumn[]): Way<Row> {
  return {
    ahead: 1000,
    open: (_, request, onRow) => {
      request.on('row', (cells: readonly { readonly value: unknown }[]) =>
        onRow(
          cells.map(({ value }) => value),
          1,
        ),
      );
      return () => undefined;
    },
    load: (connection, rows) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      // Without keepNulls a NULL becomes the column's default.
      const bulk = connection.newBulkLoad(staging, { keepNulls: true, lockTable: true }, (error, count) =>
        error ? reject(error) : resolve(count ?? 0),
      );
      bulk.addColumn('storedb_gone', TYPES.Bit, { nullable: false });
      for (const column of columns) addDriverColumn(bulk, column);
      connection.execBulkLoad(bulk, rows);
      return promise;
    },
  };
}

const numbers = new Map([
  ['bit', TYPES.Bit],
  ['tinyint', TYPES.TinyInt],
  ['smallint', TYPES.SmallInt],
  ['int', TYPES.Int],
  ['bigint', TYPES.BigInt],
  ['real', TYPES.Real],
  ['float', TYPES.Float],
  ['uniqueidentifier', TYPES.UniqueIdentifier],
]);

/** Declares a column of a bulk load whose values are the driver's own, or text. */
function addDriverColumn(
  bulk: ReturnType<Connection['newBulkLoad']>,
  { name, from, passage }: TravellingColumn,
): void {
  const number = numbers.get(from.type);
  if (passage === 'text') bulk.addColumn(name, TYPES.VarChar, { length: 41, nullable: true });
  else if (number !== undefined) bulk.addColumn(name, number, { nullable: true });
  else if (from.type === 'varbinary' || from.type === 'binary')
    bulk.addColumn(name, TYPES.VarBinary, { length: lengthOf(from), nullable: true });
  // Also for varchar: the server converts to the column's own code page, which the driver does not know.
  else bulk.addColumn(name, TYPES.NVarChar, { length: characters(from), nullable: true });
}

const lengthOf = ({ maxLength }: ColumnShape): number => (maxLength === -1 ? Infinity : maxLength);

function characters(column: ColumnShape): number {
  const length = column.type.startsWith('n') ? lengthOf(column) / 2 : lengthOf(column);
  return length > 4000 ? Infinity : length;
}
