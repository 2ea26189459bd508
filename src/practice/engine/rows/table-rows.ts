/** The rows of one table and its indexes. Every change is written to the transaction's undo log. */

import type { Index, Table } from '../model.ts';
import type { TableStorage } from '../storage.ts';
import type { Row } from '../types.ts';
import type { IndexKey, RowIndex } from './row-index.ts';
import { StoredRow } from './stored-row.ts';
import type { Transaction } from './transaction.ts';

export class TableRows implements TableStorage {
  readonly rows = new Map<number, StoredRow>();
  readonly indexes = new Map<Index, RowIndex>();
  /** Rows that are deleted but stay for the snapshots that may still see them. */
  readonly remembered = new Set<StoredRow>();
  /** True when no row carries an uncommitted change, an old version or a lock: scans then need no checks. */
  pending = 0;
  private nextId = 1;
  private deleted = 0;

  get rowCount(): number {
    return this.rows.size - this.deleted;
  }

  insert(values: Row, transaction: Transaction): StoredRow {
    const row = new StoredRow(this.nextId++, values);
    row.sequence = Number.MAX_SAFE_INTEGER;
    this.rows.set(row.id, row);
    transaction.claim(this, row);
    for (const index of this.indexes.values()) if (index.accepts(values)) index.add(index.key(values), row);
    transaction.log(() => {
      for (const index of this.indexes.values())
        if (index.accepts(values)) index.remove(index.key(values), row);
      row.values = null;
      this.rows.delete(row.id);
      transaction.disclaim(this, row);
    });
    return row;
  }

  /** Gives the row new values. The indexes follow: old keys first (`detach`), new ones after, see `replaceAll`. */
  update(row: StoredRow, values: Row, transaction: Transaction): void {
    this.replaceAll([[row, values]], transaction);
  }

  /** Changes many rows at once: all old keys go before any new one comes, so that rows may hand keys to each other. */
  replaceAll(changes: readonly (readonly [StoredRow, Row | null])[], transaction: Transaction): void {
    for (const [row, values] of changes) {
      const before = row.values;
      if (before === null) throw new Error('a deleted row cannot be changed');
      const isClaimed = transaction.claim(this, row);
      const undoKeys = this.moveKeys(row, before, values, transaction);
      row.values = values;
      if (values === null) this.deleted += 1;
      transaction.log(() => {
        row.values = before;
        if (values === null) this.deleted -= 1;
        for (const undo of undoKeys) undo();
        if (isClaimed) transaction.disclaim(this, row);
      });
    }
  }

  delete(row: StoredRow, transaction: Transaction): void {
    this.replaceAll([[row, null]], transaction);
  }

  /** Takes the old keys away and adds the new ones. Returns how to undo it. */
  private moveKeys(row: StoredRow, before: Row, after: Row | null, transaction: Transaction): (() => void)[] {
    const undo: (() => void)[] = [];
    for (const index of this.indexes.values()) {
      const oldKey: IndexKey | undefined = index.accepts(before) ? index.key(before) : undefined;
      const newKey: IndexKey | undefined =
        after !== null && index.accepts(after) ? index.key(after) : undefined;
      if (oldKey === newKey) continue;
      if (oldKey !== undefined) {
        index.remove(oldKey, row);
        index.addGhost(oldKey, row);
        transaction.atEnd(() => index.removeGhost(oldKey, row));
      }
      if (newKey !== undefined) index.add(newKey, row);
      undo.push(() => {
        if (newKey !== undefined) index.remove(newKey, row);
        if (oldKey !== undefined) {
          index.removeGhost(oldKey, row);
          index.add(oldKey, row);
        }
      });
    }
    return undo;
  }

  /** The writer's transaction is over: what it wrote is now what everybody sees. */
  settle(row: StoredRow, sequence: number, keepHistory: boolean): void {
    if (keepHistory && row.sequence !== Number.MAX_SAFE_INTEGER) {
      row.history ??= [];
      row.history.push({ sequence: row.sequence, values: row.committed });
      this.remembered.add(row);
    }
    row.sequence = sequence;
    row.writer = undefined;
    row.committed = null;
    this.pending -= 1;
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

/** The rows of a table that this engine made. */
export const rowsOf = (table: Table): TableRows => {
  if (table.storage instanceof TableRows) return table.storage;
  throw new Error(`the table ${table.name} has no rows of this engine`);
};
