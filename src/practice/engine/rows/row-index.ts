/** Finds rows by the values of an index's columns. */

import type { Index } from '../model.ts';
import type { Row } from '../types.ts';
import type { StoredRow } from './stored-row.ts';
import type { Transaction } from './transaction.ts';

/** How firmly a serializable reading keeps a key to itself. */
export type KeyMode = 'S' | 'U' | 'X';
type Keeper = { readonly transaction: Transaction; readonly mode: KeyMode };

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
  /** Keys that serializable transactions looked up: no row may come under them until these end. */
  private readonly kept = new Map<IndexKey, readonly Keeper[]>();

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

  /** The key under which the row belongs with these values; undefined when the index has no place for them. */
  keyOf(values: Row | null): IndexKey | undefined {
    return values !== null && this.accepts(values) ? this.key(values) : undefined;
  }

  /** Whether both states of a row certainly have the same key. */
  isUnmoved(before: Row, after: Row): boolean {
    if (this.index.filter !== undefined) return false;
    for (const ordinal of this.ordinals) if (before[ordinal] !== after[ordinal]) return false;
    return true;
  }

  /**
   * Rows under the key now, and those that uncommitted work took away from it: others must wait for that work before
   * they say that the key is free. So a row found here need not have the key.
   */
  find(key: IndexKey): readonly StoredRow[] {
    const present = this.entries.get(key);
    if (present === undefined) return [];
    return present instanceof Set ? [...present] : [present];
  }

  get hasKept(): boolean {
    return this.kept.size > 0;
  }

  /** Those who keep the key, except the transaction itself, in a mode that does not go with `mode`. */
  keepers(key: IndexKey, mode: KeyMode, transaction: Transaction): readonly Transaction[] {
    return (this.kept.get(key) ?? [])
      .filter((keeper) => keeper.transaction !== transaction && !goTogether(mode, keeper.mode))
      .map((keeper) => keeper.transaction);
  }

  /** Keeps the key until the transaction ends; the caller has made sure that nobody else does. */
  keep(key: IndexKey, mode: KeyMode, transaction: Transaction): void {
    const keepers = this.kept.get(key) ?? [];
    const own = keepers.find((keeper) => keeper.transaction === transaction);
    if (own?.mode === mode || own?.mode === 'X') return;
    if (own === undefined) transaction.atEnd(() => this.release(key, transaction));
    this.kept.set(key, [...keepers.filter((keeper) => keeper !== own), { transaction, mode }]);
  }

  private release(key: IndexKey, transaction: Transaction): void {
    const others = this.kept.get(key)?.filter((keeper) => keeper.transaction !== transaction) ?? [];
    if (others.length === 0) this.kept.delete(key);
    else this.kept.set(key, others);
  }
}

const goTogether = (one: KeyMode, other: KeyMode): boolean =>
  one !== 'X' && other !== 'X' && (one === 'S' || other === 'S');

/** A key that a transaction gave to a row or took from it. Which keys the row keeps is known when the transaction ends. */
export class MovedKey {
  private readonly index: RowIndex;
  private readonly key: IndexKey;
  private readonly row: StoredRow;

  constructor(index: RowIndex, key: IndexKey, row: StoredRow) {
    this.index = index;
    this.key = key;
    this.row = row;
  }

  /** Takes the row away from the key unless that is the one it ended with. */
  settle(): void {
    if (this.index.keyOf(this.row.values) !== this.key) this.index.remove(this.key, this.row);
  }
}
