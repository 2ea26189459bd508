/** How a statement reads a table: which locks it takes, whether it waits for writers, what it sees of their work. */

import type { TableHint } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { Database, Table } from '../model.ts';
import { keyTarget, LockWait, rangeTarget } from '../rows/locks.ts';
import type { IndexKey, RowIndex } from '../rows/row-index.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import { rowsOf, type TableRows } from '../rows/table-rows.ts';
import type { Execution } from '../run/context.ts';
import type { Row } from '../types.ts';

/** A table that statements lock; table variables and trigger rows are nobody else's and are not. */
export type LockedTable = { readonly table: Table; readonly database: Database };

export class Reading {
  private readonly source: LockedTable;
  private readonly execution: Execution;
  private readonly isDirty: boolean;
  private readonly hold: 'S' | 'U' | 'X' | undefined;
  private readonly isForWrite: boolean;
  private readonly skipsLocked: boolean;
  private readonly keepsKeys: boolean;
  private readonly snapshot: number | undefined;
  private readonly rows: TableRows;

  /**
   * Takes the table lock that the hints and the isolation level ask for; throws LockWait. `looksUpKeys`: no row is read
   * but under a key that was announced with `keep`, so that a serializable reading need not lock the whole table.
   */
  constructor(
    source: LockedTable,
    execution: Execution,
    hints: readonly TableHint[],
    isForWrite: boolean,
    looksUpKeys: boolean,
  ) {
    const has = (...names: string[]): boolean => names.some((name) => hints.includes(name));
    const { isolation } = execution.session;
    const strong = has(
      'updlock',
      'xlock',
      'tablockx',
      'holdlock',
      'serializable',
      'repeatableread',
      'readcommittedlock',
    );
    this.source = source;
    this.execution = execution;
    this.rows = rowsOf(source.table);
    this.isForWrite = isForWrite;
    this.isDirty =
      !isForWrite && !strong && (has('nolock', 'readuncommitted') || isolation === 'read uncommitted');
    this.skipsLocked = has('readpast');
    const isSerializable = has('holdlock', 'serializable') || isolation === 'serializable';
    this.keepsKeys = isSerializable && looksUpKeys;
    this.hold = has('xlock')
      ? 'X'
      : has('updlock') || (this.keepsKeys && isForWrite)
        ? 'U'
        : this.keepsKeys || (!isForWrite && (has('repeatableread') || isolation === 'repeatable read'))
          ? 'S'
          : undefined;
    // UPDATE and DELETE choose their rows as a snapshot transaction sees them, so that a row that has changed since is
    // a conflict (3960) and not merely missed; under READ_COMMITTED_SNAPSHOT they choose by what is committed now.
    const isCurrent = strong || (isForWrite && isolation !== 'snapshot');
    this.snapshot = isCurrent ? undefined : this.snapshotNumber();
    const lock = (mode: 'IS' | 'IX' | 'S' | 'X'): void =>
      execution.instance.locks.lockTable(source.table, source.database.id, execution.transaction, mode);
    if (has('tablockx') || (has('tablock') && isForWrite)) lock('X');
    else if (this.isDirty || (this.snapshot !== undefined && !isForWrite)) return;
    else {
      if (isForWrite || this.hold === 'U' || this.hold === 'X') lock('IX');
      if (isSerializable && !looksUpKeys) lock('S');
      else if (has('tablock')) {
        lock('S');
        execution.brief.add(source.table);
      } else if (!isForWrite) {
        lock('IS');
        if (this.hold === undefined) execution.brief.add(source.table);
      }
    }
  }

  private snapshotNumber(): number | undefined {
    const { session, snapshot } = this.execution;
    if (session.isolation === 'snapshot') {
      const { database } = this.source;
      if (!database.options.snapshotIsolation && database.id > 4) {
        throw new SqlError(
          3952,
          `Snapshot isolation transaction failed accessing database '${database.name}' because snapshot isolation is not allowed in this database. Use ALTER DATABASE to allow snapshot isolation.`,
        );
      }
      return snapshot;
    }
    return this.source.database.options.readCommittedSnapshot && session.isolation === 'read committed'
      ? snapshot
      : undefined;
  }

  /** Whether an index finds all rows that this reading may see: old versions are under no key. */
  get canSeek(): boolean {
    return this.snapshot === undefined || this.rows.remembered.size === 0;
  }

  /** A serializable reading keeps others from bringing a row under the key. Throws LockWait. */
  keep(index: RowIndex, key: IndexKey): void {
    if (!this.keepsKeys) return;
    const { transaction } = this.execution;
    const mode = this.hold ?? 'S';
    const others = index.keepers(key, mode, transaction);
    if (others.length > 0) {
      const { table, database } = this.source;
      throw new LockWait(
        others.map(({ session }) => session),
        rangeTarget(table, database.id, key),
        `RangeS-${mode}`,
      );
    }
    index.keep(key, mode, transaction);
  }

  /** The row's values as this statement sees them; null when it does not exist for it. Throws LockWait. */
  read(row: StoredRow): Row | null {
    const { transaction } = this.execution;
    if (this.isDirty) return row.values;
    if (this.snapshot !== undefined && row.writer !== transaction) return row.asOf(this.snapshot);
    if (row.writer !== undefined && row.writer !== transaction) {
      if (this.skipsLocked) return null;
      throw this.waitFor(row, [row.writer.session], this.hold ?? (this.isForWrite ? 'U' : 'S'));
    }
    if ((this.isForWrite || (this.hold !== undefined && this.hold !== 'S')) && row.holders !== undefined) {
      const others = [...row.holders].filter(
        ([holder, mode]) => holder !== transaction && (mode === 'U' || this.hold === 'X'),
      );
      if (others.length > 0) {
        if (this.skipsLocked) return null;
        throw this.waitFor(
          row,
          others.map(([holder]) => holder.session),
          this.hold ?? 'U',
        );
      }
    }
    if (row.values === null) return null;
    if (this.hold === 'X') {
      if (row.writer === undefined) transaction.claim(row);
    } else if (this.hold !== undefined) transaction.hold(row, this.hold);
    return row.values;
  }

  private waitFor(row: StoredRow, blockers: readonly Execution['session'][], mode: string): LockWait {
    return new LockWait(blockers, keyTarget(this.source.table, this.source.database.id, row), mode);
  }
}
