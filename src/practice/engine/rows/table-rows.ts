/** The rows of one table and its indexes. Every change is written to the transaction's undo log. */

import type { Index, Table } from '../model.ts';
import type { TableStorage } from '../storage.ts';
import type { Row } from '../types.ts';
import { MovedKey, type RowIndex } from './row-index.ts';
import { NEVER_COMMITTED, StoredRow } from './stored-row.ts';
import type { Transaction } from './transaction.ts';

export class TableRows implements TableStorage {
  readonly rows = new Map<number, StoredRow>();
  readonly indexes = new Map<Index, RowIndex>();
  /** Rows that are deleted but stay for the snapshots that may still see them. */
  readonly remembered = new Set<StoredRow>();
  private nextId = 1;
  private deleted = 0;

  get rowCount(): number {
    return this.rows.size - this.deleted;
  }

  insert(values: Row, transaction: Transaction): StoredRow {
    const row = new StoredRow(this.nextId++, this, values);
    row.sequence = NEVER_COMMITTED;
    this.rows.set(row.id, row);
    transaction.claim(row);
    for (const index of this.indexes.values()) if (index.accepts(values)) index.add(index.key(values), row);
    transaction.log(row);
    return row;
  }

  /** Puts a committed row of an earlier run back under its number: in ascending order, and before any index is built. */
  bringBack(id: number, values: Row): void {
    this.rows.set(id, new StoredRow(id, this, values));
    this.nextId = id + 1;
  }

  /** Undoes the insertion of a row. */
  takeBack(row: StoredRow, transaction: Transaction): void {
    for (const index of this.indexes.values()) {
      const key = index.keyOf(row.values);
      if (key !== undefined) index.remove(key, row);
    }
    row.values = null;
    this.rows.delete(row.id);
    transaction.disclaim(row);
  }

  /** Gives the row new values, or none. It is found under its old keys as well until the transaction ends. */
  replace(row: StoredRow, values: Row | null, transaction: Transaction): void {
    const before = row.values;
    if (before === null) throw new Error('a deleted row cannot be changed');
    const isClaimed = transaction.claim(row);
    // The keys of a committed row that is deleted are taken away when the deletion is committed, see `settle`.
    const isPlainDeletion = values === null && before === row.committed;
    for (const index of this.indexes.values()) {
      if (isPlainDeletion || (values !== null && index.isUnmoved(before, values))) continue;
      const oldKey = index.keyOf(before);
      const newKey = index.keyOf(values);
      if (oldKey === newKey) continue;
      if (oldKey !== undefined) transaction.noteMove(new MovedKey(index, oldKey, row));
      if (newKey === undefined) continue;
      index.add(newKey, row);
      transaction.noteMove(new MovedKey(index, newKey, row));
    }
    row.values = values;
    if (values === null) this.deleted += 1;
    transaction.log(new Replacement(row, before, isClaimed));
  }

  /** Undoes a change of the row's values; its keys are settled when the transaction ends. */
  putBack(row: StoredRow, before: Row): void {
    if (row.values === null) this.deleted -= 1;
    row.values = before;
  }

  /** The writer's transaction is over: what it wrote is now what everybody sees. */
  settle(row: StoredRow, sequence: number, keepHistory: boolean): void {
    if (keepHistory && row.sequence !== NEVER_COMMITTED) {
      row.history ??= [];
      row.history.push({ sequence: row.sequence, values: row.committed });
      this.remembered.add(row);
    }
    if (row.values === null) {
      for (const index of this.indexes.values()) {
        const key = index.keyOf(row.committed);
        if (key !== undefined) index.remove(key, row);
      }
    }
    row.sequence = sequence;
    row.writer = undefined;
    row.committed = null;
    if (row.values === null) {
      if (keepHistory && row.history !== undefined) return;
      if (this.rows.delete(row.id)) this.deleted -= 1;
    }
  }

  /** No snapshot needs old versions any more. */
  forget(): void {
    for (const row of this.remembered) {
      row.history = undefined;
      if (row.values === null && row.writer === undefined && this.rows.delete(row.id)) this.deleted -= 1;
    }
    this.remembered.clear();
  }

  /** Fills a new index from the rows that are there. */
  build(index: RowIndex): void {
    for (const row of this.rows.values()) {
      if (row.values !== null && index.accepts(row.values)) index.add(index.key(row.values), row);
    }
    this.indexes.set(index.index, index);
  }
}

/** The undo log's entry of one changed row. */
class Replacement {
  private readonly row: StoredRow;
  private readonly before: Row;
  /** The change took the row's lock. */
  private readonly isClaimed: boolean;

  constructor(row: StoredRow, before: Row, isClaimed: boolean) {
    this.row = row;
    this.before = before;
    this.isClaimed = isClaimed;
  }

  undo(transaction: Transaction): void {
    this.row.home.putBack(this.row, this.before);
    if (this.isClaimed) transaction.disclaim(this.row);
  }
}

/** The rows of a table that this engine made. */
export const rowsOf = (table: Table): TableRows => {
  if (table.storage instanceof TableRows) return table.storage;
  throw new Error(`the table ${table.name} has no rows of this engine`);
};
