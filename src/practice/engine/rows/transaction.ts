/** A transaction: its undo log, the rows it wrote, and what happens when it ends. */

import type { Database, SessionState } from '../model.ts';
import type { MovedKey } from './row-index.ts';
import { NEVER_COMMITTED, type StoredRow } from './stored-row.ts';
import type { TableRows } from './table-rows.ts';

/** Commit numbers and the snapshots that still read old versions; one for the whole server. */
export class Versions {
  sequence = 1;
  private readonly snapshots = new Map<object, number>();
  private readonly tables = new Set<TableRows>();

  get areNeeded(): boolean {
    return this.snapshots.size > 0;
  }
  open(owner: object): number {
    this.snapshots.set(owner, this.sequence);
    return this.sequence;
  }
  close(owner: object): void {
    this.snapshots.delete(owner);
    if (this.snapshots.size > 0) return;
    for (const table of this.tables) table.forget();
    this.tables.clear();
  }
  remember(table: TableRows): void {
    this.tables.add(table);
  }
}

/** How one change is undone. */
export type UndoStep = (() => void) | { undo(transaction: Transaction): void };

export class Transaction {
  readonly descriptor: bigint;
  readonly session: SessionState;
  readonly startedAt = new Date();
  /** Empty for a transaction that lasts one statement. */
  name = '';
  /** The session's isolation level at BEGIN TRANSACTION. */
  isolation: SessionState['isolation'] = 'read committed';
  /** Commit number that a SNAPSHOT transaction reads as of, from its first access to data. */
  snapshot: number | undefined = undefined;
  isOver = false;
  readonly savepoints: { readonly name: string; readonly mark: number }[] = [];
  private readonly versions: Versions;
  private readonly steps: UndoStep[] = [];
  /** In the order of their claims; a row that was given up again is still here, and may be here twice. */
  private readonly claimed: StoredRow[] = [];
  private readonly moved: MovedKey[] = [];
  // Most transactions last one statement and need neither of these.
  private held: Set<StoredRow> | undefined;
  private rowversions: Map<Database, bigint> | undefined;
  private readonly endings: (() => void)[] = [];

  constructor(descriptor: bigint, session: SessionState, versions: Versions) {
    this.descriptor = descriptor;
    this.session = session;
    this.versions = versions;
  }

  /** Number of undo steps: how much work a rollback would undo, and where a statement or savepoint began. */
  get mark(): number {
    return this.steps.length;
  }
  /** The rows that it has locked exclusively. */
  get writtenRows(): ReadonlySet<StoredRow> {
    return new Set(this.claimed.filter((row) => row.writer === this));
  }

  log(step: UndoStep): void {
    this.steps.push(step);
  }

  noteMove(move: MovedKey): void {
    this.moved.push(move);
  }

  atEnd(action: () => void): void {
    this.endings.push(action);
  }

  /** Takes the row's exclusive lock; the caller has made sure that nobody else has it. True when it was not held before. */
  claim(row: StoredRow): boolean {
    if (row.writer === this) return false;
    row.writer = this;
    row.committed = row.sequence === NEVER_COMMITTED ? null : row.values;
    this.claimed.push(row);
    return true;
  }

  /** The change that claimed the row is undone. */
  disclaim(row: StoredRow): void {
    row.writer = undefined;
    row.committed = null;
  }

  hold(row: StoredRow, mode: 'S' | 'U'): void {
    row.holders ??= new Map();
    if (row.holders.get(this) !== 'U') row.holders.set(this, mode);
    this.held ??= new Set();
    this.held.add(row);
  }

  /** A rowversion was handed out to it. */
  noteRowversion(database: Database, value: bigint): void {
    this.rowversions ??= new Map();
    if (!this.rowversions.has(database)) this.rowversions.set(database, value);
  }

  /** The lowest rowversion handed out to it in the database, for MIN_ACTIVE_ROWVERSION(). */
  lowestRowversion(database: Database): bigint | undefined {
    return this.rowversions?.get(database);
  }

  rollbackTo(mark: number): void {
    while (this.steps.length > mark) {
      const step = this.steps.pop();
      if (typeof step === 'function') step();
      else step?.undo(this);
    }
  }

  commit(): void {
    const sequence = ++this.versions.sequence;
    if (this.snapshot !== undefined) this.versions.close(this);
    const keepHistory = this.versions.areNeeded;
    // Settling gives the row up, so that one claimed twice is settled once.
    for (const row of this.claimed) {
      if (row.writer !== this) continue;
      row.home.settle(row, sequence, keepHistory);
      if (keepHistory) this.versions.remember(row.home);
    }
    this.end();
  }

  rollback(): void {
    this.rollbackTo(0);
    // What is still claimed was only locked.
    for (const row of this.claimed) if (row.writer === this) this.disclaim(row);
    if (this.snapshot !== undefined) this.versions.close(this);
    this.end();
  }

  private end(): void {
    for (const move of this.moved) move.settle();
    for (const action of this.endings) action();
    for (const row of this.held ?? []) {
      row.holders?.delete(this);
      if (row.holders?.size === 0) row.holders = undefined;
    }
    this.held = undefined;
    this.claimed.length = 0;
    this.moved.length = 0;
    this.isOver = true;
  }
}
