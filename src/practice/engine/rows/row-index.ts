/** Finds rows by the values of an index's columns. */

import type { Index } from '../model.ts';
import type { Row } from '../types.ts';
import type { StoredRow } from './stored-row.ts';

/** What equality of index values comes down to; see `keyMaker`. */
export type IndexKey = string | number | bigint | boolean | null;

export class RowIndex {
  readonly index: Index;
  /** Column positions in the stored rows. */
  readonly ordinals: readonly number[];
  readonly key: (row: Row) => IndexKey;
  /** Whether a row belongs into a filtered index. */
  readonly accepts: (row: Row) => boolean;
  private readonly entries = new Map<IndexKey, StoredRow | Set<StoredRow>>();
  /** Rows that uncommitted work took away from a key: others must wait before they say that the key is free. */
  private readonly ghosts = new Map<IndexKey, Set<StoredRow>>();

  constructor(
    index: Index,
    ordinals: readonly number[],
    key: (row: Row) => IndexKey,
    accepts: (row: Row) => boolean,
  ) {
    this.index = index;
    this.ordinals = ordinals;
    this.key = key;
    this.accepts = accepts;
  }

  add(key: IndexKey, row: StoredRow): void {
    const present = this.entries.get(key);
    if (present === undefined) this.entries.set(key, row);
    else if (present instanceof Set) present.add(row);
    else if (present !== row) this.entries.set(key, new Set([present, row]));
  }

  remove(key: IndexKey, row: StoredRow): void {
    const present = this.entries.get(key);
    if (present === row) this.entries.delete(key);
    else if (present instanceof Set) {
      present.delete(row);
      if (present.size === 0) this.entries.delete(key);
    }
  }

  addGhost(key: IndexKey, row: StoredRow): void {
    const present = this.ghosts.get(key);
    if (present === undefined) this.ghosts.set(key, new Set([row]));
    else present.add(row);
  }

  removeGhost(key: IndexKey, row: StoredRow): void {
    const present = this.ghosts.get(key);
    if (present?.delete(row) === true && present.size === 0) this.ghosts.delete(key);
  }

  /** Rows under the key now, then those that uncommitted work took away from it. */
  *find(key: IndexKey): Generator<StoredRow, void> {
    const present = this.entries.get(key);
    if (present instanceof Set) yield* [...present];
    else if (present !== undefined) yield present;
    if (this.ghosts.size === 0) return;
    const ghosts = this.ghosts.get(key);
    if (ghosts !== undefined) yield* [...ghosts];
  }

  clear(): void {
    this.entries.clear();
    this.ghosts.clear();
  }
}
