/** INSERT BULK and the rows that follow it. */

import type { DataStatement, Statement } from '../../language/syntax.ts';
import { commands } from '../data/data-plan.ts';
import { identityValue, noteIdentity } from '../data/insert.ts';
import { columnOrdinal, writerContext, writerFor } from '../data/table-writer.ts';
import { insertRows, nextIdentity } from '../data/write-rows.ts';
import { Refusal, SqlError } from '../extension.ts';
import { nameText } from '../query/compile-context.ts';
import { findObject } from '../query/objects.ts';
import { contextOf } from '../run/compile.ts';
import type { RowFrame } from '../run/context.ts';
import type { Run } from '../run/run.ts';
import { changeData } from '../run/run-data.ts';
import { storeConverter } from '../scalar/index.ts';
import type { ResultColumn, Row, Value } from '../types.ts';
import { type BulkManners, requireBulkPermission } from './bulk-permission.ts';

const knownOptions: ReadonlySet<string> = new Set([
  'check_constraints',
  'fire_triggers',
  'keep_nulls',
  'tablock',
  'keepidentity',
  'keep_identity',
  'rows_per_batch',
  'kilobytes_per_batch',
  'order',
]);

const mannersOf = (options: readonly string[]): BulkManners => ({
  firesTriggers: options.some((option) => /^fire_triggers/i.test(option)),
  checksConstraints: options.some((option) => /^check_constraints/i.test(option)),
});

/** Remembers the target; the rows come in a message of their own. */
export const prepareBulk = (
  run: Run,
  statement: Statement & DataStatement & { readonly kind: 'insert-bulk' },
): void => {
  const found = findObject(statement.table, contextOf(run));
  if (found?.object.kind !== 'table')
    throw new SqlError(208, `Invalid object name '${nameText(statement.table)}'.`);
  for (const option of statement.options) {
    const word = option.toLowerCase().split(/[\s=(]/)[0] ?? '';
    if (!knownOptions.has(word)) throw new Refusal(`the bulk option ${option}`);
  }
  const { object: table, database } = found;
  requireBulkPermission(run.connection.state, database, table, mannersOf(statement.options));
  const columns = statement.columns.map((column) => {
    if (columnOrdinal(table, column.name.text) < 0)
      throw new SqlError(207, `Invalid column name '${column.name.text}'.`);
    return column.name.text;
  });
  run.connection.bulk = { table, database, columns, options: statement.options };
};

/**
 * Inserts the rows of a bulk load: all of them or none. Constraints are only checked when the load asks for it. An
 * identity column keeps what it is given: clients that want it generated leave it out of INSERT BULK (SqlBulkCopy
 * without KeepIdentity does).
 */
export const runBulk = async (
  run: Run,
  columns: readonly ResultColumn[],
  rows: AsyncIterable<Row>,
): Promise<void> => {
  const { connection, sink } = run;
  const target = connection.bulk;
  connection.bulk = undefined;
  if (target === undefined)
    throw new SqlError(
      4002,
      'The incoming tabular data stream (TDS) protocol stream is incorrect. The stream ended unexpectedly.',
    );
  const { table, database } = target;
  const names = columns.map((column, i) => (column.name === '' ? (target.columns[i] ?? '') : column.name));
  const ordinals = names.map((name) => columnOrdinal(table, name));
  const keepsNulls = target.options.some((option) => /^keep_nulls/i.test(option));
  const { firesTriggers, checksConstraints } = mannersOf(target.options);
  const supplied = columns.map(({ type }, i) => {
    const ordinal = ordinals[i] ?? -1;
    const column = table.columns[ordinal];
    if (column === undefined) throw new SqlError(207, `Invalid column name '${names[i]}'.`);
    const store = storeConverter(type, column.type, connection.state);
    // What the client sends for a column that the server fills is read and dropped.
    const isKept = column.computed === undefined && column.type.kind !== 'rowversion';
    return { ordinal, store, isKept };
  });
  const isSupplied = table.columns.map((_, i) =>
    supplied.some(({ ordinal, isKept }) => isKept && ordinal === i),
  );
  // Already as the table stores them: a load of a million rows is in memory once.
  const collected: Value[][] = [];
  for await (const row of rows) {
    const values: Value[] = new Array(table.columns.length).fill(null);
    for (let i = 0; i < supplied.length; i++) {
      const place = supplied[i];
      if (place?.isKept === true) values[place.ordinal] = place.store(row[i] ?? null) ?? null;
    }
    collected.push(values);
    if (run.signal.aborted) return;
  }
  connection.instance.trouble?.write(connection.state);
  const outcome = await changeData(
    run,
    function* (execution) {
      const writer = writerFor(table, database, writerContext(execution));
      const frame: RowFrame = { runtime: execution, rows: [], outer: undefined };
      // Done again when the work begins again after a wait: then other identity values are handed out.
      const complete = (values: Value[]): Value[] => {
        for (let i = 0; i < values.length; i++) {
          if (isSupplied[i] === true && (keepsNulls || values[i] !== null)) continue;
          if (i === writer.identityOrdinal) {
            values[i] = identityValue(nextIdentity(writer), table.columns[i]?.type.kind);
          } else values[i] = writer.rules[i]?.fallback?.(frame) ?? null;
        }
        const identity = values[writer.identityOrdinal];
        if (typeof identity === 'number' || typeof identity === 'bigint') {
          noteIdentity(writer, BigInt(identity));
        }
        return values;
      };
      function* completed(): Generator<Value[], void> {
        for (const values of collected) yield complete(values);
      }
      const inserted = yield* insertRows(writer, completed(), execution, checksConstraints);
      return {
        result: undefined,
        count: inserted.length,
        command: commands.insert,
        identity: undefined,
        changes: firesTriggers
          ? [
              {
                table,
                database,
                event: 'insert' as const,
                inserted,
                deleted: [],
                assigned: new Set(table.columns.map((column) => column.id)),
              },
            ]
          : [],
      };
    },
    false,
  );
  sink.statementDone({ count: outcome.count, command: 0xf0, isError: false, isInProcedure: false });
};
