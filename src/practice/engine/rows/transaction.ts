/** A transaction: its undo log, the rows it wrote, and what happens when it ends. */

import type { Database, SessionState } from '../model.ts';
import type { StoredRow } from './stored-row.ts';
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
  /** Lowest rowversion handed out in each database, for MIN_ACTIVE_ROWVERSION(). */
  readonly lowestRowversion = new Map<Database, bigint>();
  readonly savepoints: { readonly name: string; readonly mark: number }[] = [];
  private readonly versions: Versions;
  private readonly undo: (() => void)[] = [];
  private readonly written = new Map<StoredRow, TableRows>();
  private readonly held = new Set<StoredRow>();
  private readonly endings: (() => void)[] = [];

  constructor(descriptor: bigint, session: SessionState, versions: Versions) {
    this.descriptor = descriptor;
    this.session = session;
    this.versions = versions;
  }

  /** Number of undo steps: how much work a rollback would undo, and where a statement or savepoint began. */
  get mark(): number {
    return this.undo.length;
  }
  get writtenRows(): ReadonlyMap<StoredRow, TableRows> {
    return this.written;
  }

  log(undo: () => void): void {
    this.undo.push(undo);
  }

  atEnd(action: () => void): void {
    this.endings.push(action);
  }

  /** Takes the row's exclusive lock; the caller has made sure that nobody else has it. True when it was not held before. */
  claim(table: TableRows, row: StoredRow): boolean {
    if (row.writer === this) return false;
    row.writer = this;
    row.committed = row.sequence === Number.MAX_SAFE_INTEGER ? null : row.values;
    table.pending += 1;
    this.written.set(row, table);
    return true;
  }

  /** The change that claimed the row is undone. */
  disclaim(table: TableRows, row: StoredRow): void {
    row.writer = undefined;
    row.committed = null;
    table.pending -= 1;
    this.written.delete(row);
  }

  hold(row: StoredRow, mode: 'S' | 'U'): void {
    row.holders ??= new Map();
    if (row.holders.get(this) !== 'U') row.holders.set(this, mode);
    this.held.add(row);
  }

  rollbackTo(mark: number): void {
    while (this.undo.length > mark) this.undo.pop()?.();
  }

  commit(): void {
    const sequence = ++this.versions.sequence;
    if (this.snapshot !== undefined) this.versions.close(this);
    const keepHistory = this.versions.areNeeded;
    for (const [row, table] of this.written) {
      table.settle(row, sequence, keepHistory);
      if (keepHistory) this.versions.remember(table);
    }
    this.end();
  }

  rollback(): void {
    this.rollbackTo(0);
    if (this.snapshot !== undefined) this.versions.close(this);
    this.end();
  }

  private end(): void {
    for (const action of this.endings) action();
    for (const row of this.held) {
      row.holders?.delete(this);
      if (row.holders?.size === 0) row.holders = undefined;
    }
    this.held.clear();
    this.written.clear();
    this.isOver = true;
  }
}
