/** Table locks, waiting, deadlocks. Row locks stand on the rows themselves; what they share is the waiting. */

import { SqlError } from '../extension.ts';
import type { LockRow, SessionState, Table } from '../model.ts';
import type { IndexKey } from './row-index.ts';
import type { StoredRow } from './stored-row.ts';
import { rowsOf } from './table-rows.ts';
import type { Transaction } from './transaction.ts';

export type TableMode = 'IS' | 'IX' | 'S' | 'SIX' | 'X' | 'Sch-M';

/** Which table locks two transactions may hold together. */
const compatible: Readonly<Record<TableMode, ReadonlySet<TableMode>>> = {
  IS: new Set<TableMode>(['IS', 'IX', 'S', 'SIX']),
  IX: new Set<TableMode>(['IS', 'IX']),
  S: new Set<TableMode>(['IS', 'S']),
  SIX: new Set<TableMode>(['IS']),
  X: new Set(),
  'Sch-M': new Set(),
};

/** What a lock is on, as sys.dm_tran_locks shows it. */
export type LockTarget = Pick<LockRow, 'resource' | 'objectId' | 'databaseId' | 'description'>;

/** Thrown by synchronous work that meets another session's lock: the statement is undone, waits, and starts again. */
export class LockWait extends Error {
  readonly blockers: readonly SessionState[];
  readonly target: LockTarget;
  readonly mode: string;
  constructor(blockers: readonly SessionState[], target: LockTarget, mode: string) {
    super('waiting for a lock');
    this.blockers = blockers;
    this.target = target;
    this.mode = mode;
  }
}

type Waiter = {
  readonly session: SessionState;
  readonly wait: LockWait;
  readonly proceed: () => void;
  readonly refuse: (error: Error) => void;
};

export const deadlockVictim = (session: SessionState): SqlError =>
  new SqlError(
    1205,
    `Transaction (Process ID ${session.id}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
    13,
    51,
  );

export const lockTimeout = (): SqlError =>
  new SqlError(1222, 'Lock request time out period exceeded.', 16, 51);

/** The client gave up (attention) or went away. */
export class Cancelled extends Error {}

export class Locks {
  private readonly tables = new Map<Table, Map<Transaction, Set<TableMode>>>();
  private readonly waiters = new Set<Waiter>();
  /** Work that a session would lose as a deadlock victim, and its SET DEADLOCK_PRIORITY. */
  private readonly cost: (session: SessionState) => { readonly priority: number; readonly work: number };

  constructor(cost: (session: SessionState) => { readonly priority: number; readonly work: number }) {
    this.cost = cost;
  }

  /** Takes a table lock or throws LockWait. Held until `releaseTable` or the end of the transaction. */
  lockTable(table: Table, databaseId: number, transaction: Transaction, mode: TableMode): void {
    let holders = this.tables.get(table);
    const own = holders?.get(transaction);
    if (own?.has(mode) === true || own?.has('Sch-M') === true || (own?.has('X') === true && mode !== 'Sch-M'))
      return;
    const blockers: SessionState[] = [];
    for (const [holder, modes] of holders ?? []) {
      if (holder === transaction) continue;
      for (const held of modes) {
        if (!compatible[mode].has(held)) {
          blockers.push(holder.session);
          break;
        }
      }
    }
    if (blockers.length > 0) {
      throw new LockWait(
        blockers,
        { resource: 'OBJECT', objectId: table.id, databaseId, description: '' },
        mode,
      );
    }
    if (holders === undefined) {
      holders = new Map();
      this.tables.set(table, holders);
    }
    if (own !== undefined) own.add(mode);
    else {
      holders.set(transaction, new Set([mode]));
      transaction.atEnd(() => this.releaseAll(table, transaction));
    }
  }

  /** Gives back a lock that is only for the statement (the reader's IS). */
  releaseTable(table: Table, transaction: Transaction, mode: TableMode): void {
    const own = this.tables.get(table)?.get(transaction);
    if (own?.delete(mode) === true && own.size === 0) this.tables.get(table)?.delete(transaction);
  }

  holds(table: Table, transaction: Transaction, mode: TableMode): boolean {
    return this.tables.get(table)?.get(transaction)?.has(mode) === true;
  }

  private releaseAll(table: Table, transaction: Transaction): void {
    const holders = this.tables.get(table);
    holders?.delete(transaction);
    if (holders?.size === 0) this.tables.delete(table);
  }

  /**
   * Waits until one of the blockers lets go of something. Rejects with 1222 after `timeout` milliseconds (-1:
   * never), with 1205 when this session is chosen to end a deadlock, with Cancelled on the client's attention.
   */
  wait(session: SessionState, wait: LockWait, timeout: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new Cancelled());
    if (timeout === 0) return Promise.reject(lockTimeout());
    return new Promise<void>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.waiters.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = (): void => finish(() => reject(new Cancelled()));
      const timer = timeout > 0 ? setTimeout(() => finish(() => reject(lockTimeout())), timeout) : undefined;
      const waiter: Waiter = {
        session,
        wait,
        proceed: () => finish(resolve),
        refuse: (error) => finish(() => reject(error)),
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiters.add(waiter);
      this.breakDeadlock(waiter);
    });
  }

  /** Somebody let go of a lock: those who wait for that session try again. */
  released(session: SessionState): void {
    for (const waiter of [...this.waiters]) if (waiter.wait.blockers.includes(session)) waiter.proceed();
  }

  private breakDeadlock(newest: Waiter): void {
    const cycle = this.cycleFrom(newest);
    if (cycle === undefined) return;
    const victim = cycle.reduce((chosen, candidate) => {
      const a = this.cost(chosen.session);
      const b = this.cost(candidate.session);
      if (a.priority !== b.priority) return b.priority < a.priority ? candidate : chosen;
      return b.work < a.work ? candidate : chosen;
    });
    victim.refuse(deadlockVictim(victim.session));
  }

  /** The waiters that wait for each other in a circle with `start`. */
  private cycleFrom(start: Waiter): Waiter[] | undefined {
    const waiting = new Map<SessionState, Waiter>();
    for (const waiter of this.waiters) waiting.set(waiter.session, waiter);
    const visited = new Set<SessionState>();
    const follow = (waiter: Waiter, path: Waiter[]): Waiter[] | undefined => {
      for (const blocker of waiter.wait.blockers) {
        if (blocker === start.session) return [...path];
        const next = waiting.get(blocker);
        if (next === undefined || visited.has(blocker)) continue;
        visited.add(blocker);
        const found = follow(next, [...path, next]);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return follow(start, [start]);
  }

  /** Rows of sys.dm_tran_locks for tables, rows and waits. */
  *rows(transactions: Iterable<Transaction>, databaseOf: (table: Table) => number): Generator<LockRow, void> {
    for (const [table, holders] of this.tables) {
      for (const [transaction, modes] of holders) {
        for (const mode of modes) {
          yield {
            sessionId: transaction.session.id,
            databaseId: databaseOf(table),
            resource: 'OBJECT',
            objectId: table.id,
            description: '',
            mode,
            status: 'GRANT',
            owner: 'TRANSACTION',
          };
        }
      }
    }
    const tableOf = new Map([...this.tables.keys()].map((table) => [rowsOf(table), table]));
    for (const transaction of transactions) {
      for (const row of transaction.writtenRows) {
        const table = tableOf.get(row.home);
        if (table !== undefined)
          yield {
            ...keyTarget(table, databaseOf(table), row),
            sessionId: transaction.session.id,
            mode: 'X',
            status: 'GRANT',
            owner: 'TRANSACTION',
          };
      }
    }
    for (const { session, wait } of this.waiters) {
      yield { ...wait.target, sessionId: session.id, mode: wait.mode, status: 'WAIT', owner: 'TRANSACTION' };
    }
  }
}

/** A row as a lock resource. The description is made up: SQL Server shows a hash of the key. */
export const keyTarget = (table: Table, databaseId: number, row: StoredRow): LockTarget => ({
  resource: 'KEY',
  objectId: table.id,
  databaseId,
  description: `(${row.id.toString(16).padStart(12, '0')})`,
});

/** A key that may have no row. SQL Server locks the gap up to the next key, and so more than one key. */
export const rangeTarget = (table: Table, databaseId: number, key: IndexKey): LockTarget => ({
  resource: 'KEY',
  objectId: table.id,
  databaseId,
  description: `(${String(key)})`,
});
