/** Inserts, changes and deletes rows with all that constraints ask for. */

import { SqlError } from '../extension.ts';
import type { Database, Table } from '../model.ts';
import { keyTarget, LockWait } from '../rows/locks.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { Transaction } from '../rows/transaction.ts';
import { type Execution, StatementRestart, type Work } from '../run/context.ts';
import type { Row, Value } from '../types.ts';
import { followChildren, verifyParents } from './foreign-keys.ts';
import { qualifiedName, type TableWriter, updateConflict } from './table-writer.ts';

/** What a statement did to one table: the rows of the triggers' pseudo-tables. */
export type Change = {
  readonly table: Table;
  readonly database: Database;
  readonly event: 'insert' | 'update' | 'delete';
  readonly inserted: readonly Row[];
  readonly deleted: readonly Row[];
  readonly assigned: ReadonlySet<number>;
};

/** A table variable is nobody else's, and its rows outlive a rollback. */
export const isTableVariable = (table: Table): boolean => table.name.startsWith('@');

export const transactionFor = (table: Table, execution: Execution): Transaction =>
  isTableVariable(table) ? execution.privateTransaction : execution.transaction;

const lockForWriting = (writer: TableWriter, execution: Execution): void => {
  if (isTableVariable(writer.table)) return;
  execution.instance.locks.lockTable(writer.table, writer.database.id, execution.transaction, 'IX');
};

/** Waits for others that hold the row, and refuses a row that a snapshot transaction saw in an older state. */
const claimable = (writer: TableWriter, row: StoredRow, execution: Execution): void => {
  if (isTableVariable(writer.table)) return;
  const { transaction } = execution;
  if (row.writer !== undefined && row.writer !== transaction) {
    throw new LockWait([row.writer.session], keyTarget(writer.table, writer.database.id, row), 'X');
  }
  if (row.holders !== undefined) {
    const others = [...row.holders.keys()].filter((holder) => holder !== transaction);
    if (others.length > 0) {
      throw new LockWait(
        others.map((holder) => holder.session),
        keyTarget(writer.table, writer.database.id, row),
        'X',
      );
    }
  }
  if (transaction.snapshot !== undefined && row.writer === undefined && row.sequence > transaction.snapshot) {
    throw updateConflict(writer.table, writer.database);
  }
};

/** Inserts rows whose values are in the columns' types. Returns them as stored. */
export function* insertRows(
  writer: TableWriter,
  rows: Iterable<Value[] | undefined>,
  execution: Execution,
  checksConstraints = true,
): Work<Row[]> {
  lockForWriting(writer, execution);
  const storage = rowsOf(writer.table);
  const transaction = transactionFor(writer.table, execution);
  const inserted: Row[] = [];
  for (const values of rows) {
    if (values === undefined) {
      yield;
      continue;
    }
    const row = storage.insert(writer.complete(values, 'INSERT', execution, checksConstraints), transaction);
    writer.verifyKeys(row, execution);
    inserted.push(values);
    if ((inserted.length & 511) === 0) yield;
  }
  if (checksConstraints) yield* verifyParents(writer, inserted, 'INSERT', execution);
  return inserted;
}

/** The rows that a statement found, and beside each the values that it had then. */
export type FoundRows = { readonly rows: StoredRow[]; readonly before: Row[] };

/** Others may have changed the row since it was found: the statement's work had pauses. Then it begins again. */
const claimFound = (
  writer: TableWriter,
  row: StoredRow,
  before: Row | undefined,
  execution: Execution,
): void => {
  claimable(writer, row, execution);
  if (row.values !== before) throw new StatementRestart();
};

/**
 * Gives rows new values, all at once: all old keys are free before any new one is checked, so that rows may hand keys
 * to each other. The values become the rows' own. `assigned` are the ids of the columns that the statement set.
 */
export function* updateRows(
  writer: TableWriter,
  { rows, before }: FoundRows,
  values: readonly Value[][],
  assigned: ReadonlySet<number>,
  execution: Execution,
): Work<Change[]> {
  lockForWriting(writer, execution);
  const storage = rowsOf(writer.table);
  const transaction = transactionFor(writer.table, execution);
  for (const [i, row] of rows.entries()) {
    const after = values[i];
    if (after === undefined) throw new Error('a row to change has no values');
    claimFound(writer, row, before[i], execution);
    writer.complete(after, 'UPDATE', execution);
    storage.replace(row, after, transaction);
    if ((i & 511) === 511) yield;
  }
  for (const [i, row] of rows.entries()) {
    writer.verifyKeys(row, execution, before[i]);
    if ((i & 511) === 511) yield;
  }
  yield* verifyParents(writer, values, 'UPDATE', execution, assigned);
  const followed = yield* followChildren(writer, before, values, 'UPDATE', execution, assigned);
  const own: Change = {
    table: writer.table,
    database: writer.database,
    event: 'update',
    inserted: values,
    deleted: before,
    assigned,
  };
  return [own, ...followed];
}

export function* deleteRows(
  writer: TableWriter,
  { rows, before }: FoundRows,
  execution: Execution,
): Work<Change[]> {
  lockForWriting(writer, execution);
  const storage = rowsOf(writer.table);
  const transaction = transactionFor(writer.table, execution);
  for (const [i, row] of rows.entries()) {
    claimFound(writer, row, before[i], execution);
    storage.replace(row, null, transaction);
    if ((i & 511) === 511) yield;
  }
  const followed = yield* followChildren(writer, before, undefined, 'DELETE', execution, undefined);
  const own: Change = {
    table: writer.table,
    database: writer.database,
    event: 'delete',
    inserted: [],
    deleted: before,
    assigned: new Set(),
  };
  return [own, ...followed];
}

/** The next identity value; values are used up even when the statement fails. Throws 8115 at the end of the type. */
export const nextIdentity = (writer: TableWriter): bigint => {
  const { identity, columns } = writer.table;
  if (identity === undefined)
    throw new Error(`${qualifiedName(writer.table, writer.database)} has no identity`);
  const next = identity.last === undefined ? identity.seed : identity.last + identity.increment;
  const kind = columns[writer.identityOrdinal]?.type.kind;
  const limit =
    kind === 'tinyint' ? 255n : kind === 'smallint' ? 32767n : kind === 'int' ? 2147483647n : undefined;
  if (limit !== undefined && next > limit) {
    throw new SqlError(8115, `Arithmetic overflow error converting IDENTITY to data type ${kind}.`, 16, 1);
  }
  identity.last = next;
  return next;
};
