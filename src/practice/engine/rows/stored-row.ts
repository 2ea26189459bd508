/** One row of a table with what other transactions must know about it. */

import type { Row } from '../types.ts';
import type { TableRows } from './table-rows.ts';
import type { Transaction } from './transaction.ts';

/** An older committed state of a row, kept while a snapshot may still read it. */
export type RowVersion = { readonly sequence: number; readonly values: Row | null };

/** `StoredRow.sequence` of a row that no commit has made yet. A small integer, which needs no memory of its own. */
export const NEVER_COMMITTED = 2 ** 31 - 1;

/** As an entry of an undo log it stands for its own insertion: a million inserts need no million closures. */
export class StoredRow {
  readonly id: number;
  readonly home: TableRows;
  /** The newest state; null when deleted (and not yet committed). */
  values: Row | null;
  /** The transaction that holds the exclusive lock, because it wrote the row. */
  writer: Transaction | undefined = undefined;
  /** While there is a writer: the last committed state (null: the row did not exist). */
  committed: Row | null = null;
  /** Number of the commit that made the committed state. */
  sequence = 0;
  /** Shared and update locks held until the end of their transactions. */
  holders: Map<Transaction, 'S' | 'U'> | undefined = undefined;
  history: RowVersion[] | undefined = undefined;

  constructor(id: number, home: TableRows, values: Row | null) {
    this.id = id;
    this.home = home;
    this.values = values;
  }

  undo(transaction: Transaction): void {
    this.home.takeBack(this, transaction);
  }

  /** The state as of commit number `sequence`, for snapshots. */
  asOf(sequence: number): Row | null {
    if (this.sequence <= sequence) return this.writer === undefined ? this.values : this.committed;
    const history = this.history ?? [];
    for (let i = history.length - 1; i >= 0; i--) {
      const version = history[i];
      if (version !== undefined && version.sequence <= sequence) return version.values;
    }
    return null;
  }
}
