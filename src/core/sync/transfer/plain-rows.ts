import { type Connection, TYPES } from 'tedious';
import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import type { TravellingColumn } from './columns.ts';
import type { Way } from './pass-rows.ts';

/** One row in the driver's values. */
type Row = { readonly rows: 1; readonly values: unknown[] };

/** Row by row through the driver's own values, for columns that were chosen by `plainNatives`. */
export function plainRows(staging: string, columns: readonly TravellingColumn[]): Way<Row> {
  return {
    ahead: 1000,
    open: (_, request, onRow) => {
      request.on('row', (cells: readonly { readonly value: unknown }[]) =>
        onRow({ rows: 1, values: cells.map(({ value }) => value) }),
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
      connection.execBulkLoad(bulk, asValues(rows));
      return promise;
    },
    spell: ({ values }, place) => spellPlain(values[place]),
  };
}

async function* asValues(rows: AsyncIterable<Row>): AsyncGenerator<unknown[]> {
  for await (const { values } of rows) yield values;
}

/** Amounts and dates have come as text, so that these are all. The driver writes U+FFFD for what it cannot read. */
function spellPlain(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('\uFFFD') ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Buffer.isBuffer(value) ? `0x${value.toString('hex').toUpperCase()}` : undefined;
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
