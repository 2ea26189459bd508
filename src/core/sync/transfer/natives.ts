import { type Connection, Request } from 'tedious';
import { quoteName } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { isTransient } from '../window/transient.ts';
import { type LoadColumn, rawRows } from './raw/raw-rows.ts';
import type { RowRun } from './raw/row-copier.ts';

/** What the way of rows into a destination carries as it is; what it does not travels as text. */
export type Natives = {
  /** 'raw' = the bytes of the wire; 'plain' = the driver's own values. */
  readonly way: 'raw' | 'plain';
  readonly types: ReadonlySet<string>;
};

/** What tedious itself reads and writes without losing a digit: not numeric, money, and dates finer than its Date. */
export const plainNatives: Natives = {
  way: 'plain',
  types: new Set(['bit', 'tinyint', 'smallint', 'int', 'bigint', 'uniqueidentifier']),
};

/** A value of each type that fills it. */
const samples: ReadonlyMap<string, { readonly declared: string; readonly value: string }> = new Map(
  Object.entries({
    bit: ['bit', '1'],
    tinyint: ['tinyint', '255'],
    smallint: ['smallint', '-32768'],
    int: ['int', '-2147483648'],
    bigint: ['bigint', '-9223372036854775807'],
    numeric: ['numeric(32, 16)', '-9999999999999999.9999999999999999'],
    money: ['money', '-922337203685477.5807'],
    smallmoney: ['smallmoney', '214748.3647'],
    datetime: ['datetime', "'2012-12-31T23:59:59.997'"],
    smalldatetime: ['smalldatetime', "'2012-12-31T23:59:00'"],
    date: ['date', "'9999-12-31'"],
    time: ['time(7)', "'23:59:59.9999999'"],
    datetime2: ['datetime2(7)', "'9999-12-31T23:59:59.9999999'"],
    datetimeoffset: ['datetimeoffset(7)', "'2012-12-31T23:59:59.9999999+05:30'"],
    uniqueidentifier: ['uniqueidentifier', "'6F9619FF-8B86-D011-B42D-00C04FC964FF'"],
  }).map(([type, [declared = '', value = '']]) => [type, { declared, value }]),
);

const known = new WeakMap<DriverSession, Promise<Natives>>();

/**
 * What a bulk load into this server takes as it is, tried out once for a session with a temporary table: engines that
 * are compatible with SQL Server refuse some types. Where even the driver's inner workings are not as expected the
 * plain way is left.
 */
export function nativesOf(writer: DriverSession, signal: AbortSignal): Promise<Natives> {
  const found = known.get(writer) ?? probe(writer, signal);
  known.set(writer, found);
  // What was interrupted says nothing about the server.
  found.catch(() => known.delete(writer));
  return found;
}

async function probe(writer: DriverSession, signal: AbortSignal): Promise<Natives> {
  const all = [...samples.keys()];
  if (await arrive(writer, all, signal)) return nativesFor(all);
  const types: string[] = [];
  for (const type of all) if (await arrive(writer, [type], signal)) types.push(type);
  return types.length === 0 ? plainNatives : nativesFor(types);
}

/** decimal is numeric by another name. */
const nativesFor = (types: readonly string[]): Natives => ({
  way: 'raw',
  types: new Set(types.flatMap((type) => (type === 'numeric' ? ['numeric', 'decimal'] : [type]))),
});

/** Whether a value of each type comes through a raw bulk load unchanged. */
async function arrive(
  writer: DriverSession,
  types: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const columns = types.map((type) => ({ name: type, ...samples.get(type) }));
  const values = columns.map(({ value, declared }) => `CAST(${value} AS ${declared})`);
  const declared = columns.map((column) => `${quoteName(column.name)} ${column.declared} NULL`).join(', ');
  try {
    await writer.batch(
      `IF OBJECT_ID(N'tempdb..${table}') IS NOT NULL DROP TABLE ${table}; CREATE TABLE ${table} (${declared})`,
      signal,
    );
    await writer.withDriver(
      (connection) => copyOne(connection, `SELECT ${values.join(', ')}`, columns.map(loadColumn)),
      signal,
    );
    const same = columns.map(({ name }, index) => `${quoteName(name)} = ${values[index]}`).join(' AND ');
    const rows = await writer.query(`SELECT 1 AS same FROM ${table} WHERE ${same}`, {}, signal);
    await writer.batch(`DROP TABLE ${table}`, signal);
    return rows.length === 1;
  } catch (error) {
    // What says nothing about types is not remembered.
    if (writer.isLost || signal.aborted || isTransient(error)) throw error;
    return false;
  }
}

const table = '#storedb_natives';

const loadColumn = ({
  name,
  declared = '',
}: {
  readonly name: string;
  readonly declared?: string;
}): LoadColumn => ({
  name,
  declaration: declared,
  wire: declared,
});

async function copyOne(connection: Connection, query: string, columns: readonly LoadColumn[]): Promise<void> {
  const way = rawRows({ table, columns, isLocked: false, isChecked: false, firesTriggers: false });
  const runs: RowRun[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = new Request(query, (error) => (error ? reject(error) : resolve()));
  const close = way.open(connection, request, (run) => runs.push(run));
  connection.execSqlBatch(request);
  await promise.finally(close);
  const [run] = runs;
  if (run === undefined) throw new Error('A row that was asked for did not come.');
  await way.load(connection, one(run), run);
}

async function* one(run: RowRun): AsyncGenerator<RowRun> {
  yield run;
}
