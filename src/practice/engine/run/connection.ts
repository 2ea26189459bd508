/** The state of one client's connection: its session, its transaction, its temporary tables. */

import { SqlError } from '../extension.ts';
import type { Database, SessionState, Table } from '../model.ts';
import type { Prepared } from '../procedures/prepared.ts';
import { computeAhead, LongSubquery } from '../query/compiled-query.ts';
import type { ResultSink } from '../results.ts';
import { LockWait } from '../rows/locks.ts';
import { Transaction } from '../rows/transaction.ts';
import { type Execution, type Instance, type RowFrame, StatementRestart, type Work } from './context.ts';
import type { ActedBefore } from './impersonation.ts';
import type { Run } from './run.ts';
import { drive } from './work.ts';

/** A statement with more long subqueries than this computes the others where they stand, without pauses. */
const MOST_AHEAD = 50;

/** SessionState with what only the engine changes. */
export type ConnectionState = SessionState & { readonly temporaryTables: Map<string, Table> };

export class Connection {
  readonly instance: Instance;
  readonly state: ConnectionState;
  /** The open transaction, be it BEGIN TRANSACTION's or that of one statement. */
  transaction: Transaction | undefined;
  /** How many TRY blocks surround what runs now. */
  tryDepth = 0;
  /** The table of SET IDENTITY_INSERT ... ON. */
  identityInsert: Table | undefined;
  deadlockPriority = 0;
  /** SET ROWCOUNT; 0 = no limit. */
  rowLimit = 0;
  /** Who acted before each EXECUTE AS that has not been reverted, and how many of them the running module found. */
  readonly actedBefore: ActedBefore[] = [];
  actedBeforeModule = 0;
  readonly prepared = new Map<number, Prepared>();
  nextHandle = 1;
  /** The target of an INSERT BULK that waits for its rows. */
  bulk:
    | {
        readonly table: Table;
        readonly database: Database;
        readonly columns: readonly string[];
        readonly options: readonly string[];
      }
    | undefined;

  private idleTransaction: Transaction | undefined;

  constructor(instance: Instance, state: ConnectionState) {
    this.instance = instance;
    this.state = state;
  }

  /** Stands where a transaction has to be named and nothing is done under it. */
  private get idle(): Transaction {
    this.idleTransaction ??= new Transaction(0n, this.state, this.instance.versions);
    return this.idleTransaction;
  }

  /** Whether the transaction lasts only for the statement that runs. */
  get isAutocommit(): boolean {
    return this.state.transactionCount === 0;
  }

  newTransaction(): Transaction {
    const transaction = new Transaction(this.instance.nextDescriptor++, this.state, this.instance.versions);
    this.instance.transactions.add(transaction);
    return transaction;
  }

  begin(name: string, sink: ResultSink): void {
    const { state } = this;
    if (this.transaction === undefined) {
      this.transaction = this.newTransaction();
      this.transaction.name = name;
      this.transaction.isolation = state.isolation;
      state.transactionState = 1;
      sink.environment({ kind: 'transaction-began', descriptor: this.transaction.descriptor });
    }
    state.transactionCount += 1;
  }

  /** COMMIT: the outermost one makes the work permanent. Throws 3902 without a transaction, 3930 in a doomed one. */
  commit(sink: ResultSink): void {
    const { state } = this;
    if (state.transactionCount === 0 || this.transaction === undefined) {
      throw new SqlError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
    }
    if (state.transactionState === -1) throw doomed();
    state.transactionCount -= 1;
    if (state.transactionCount > 0) return;
    const { descriptor } = this.transaction;
    this.finish(this.transaction, 'commit');
    sink.environment({ kind: 'transaction-committed', descriptor });
  }

  /** Undoes the whole transaction. Does nothing without one. */
  rollbackAll(sink: ResultSink | undefined): void {
    const { transaction, state } = this;
    if (transaction === undefined) return;
    const isNamed = state.transactionCount > 0;
    this.finish(transaction, 'rollback');
    if (isNamed) sink?.environment({ kind: 'transaction-rolled-back', descriptor: transaction.descriptor });
  }

  private finish(transaction: Transaction, how: 'commit' | 'rollback'): void {
    const { state, instance } = this;
    const isWork = how === 'commit' && transaction.mark > 0;
    if (isWork) instance.trouble?.commit('before', state);
    if (how === 'commit') transaction.commit();
    else transaction.rollback();
    instance.transactions.delete(transaction);
    instance.applicationLocks.releaseTransaction(transaction);
    this.transaction = undefined;
    state.transactionCount = 0;
    state.transactionState = 0;
    instance.locks.released(state);
    if (isWork) instance.trouble?.commit('after', state);
  }

  /** Commits the transaction of a single statement; leaves one of BEGIN TRANSACTION open. */
  endStatement(): void {
    if (this.transaction !== undefined && this.isAutocommit) this.finish(this.transaction, 'commit');
  }

  /** Undoes what a failed statement did, and its transaction when it had one of its own. */
  failStatement(mark: number): void {
    if (this.transaction === undefined) return;
    if (this.isAutocommit) this.finish(this.transaction, 'rollback');
    else {
      this.transaction.rollbackTo(mark);
      this.instance.locks.released(this.state);
    }
  }

  /** Undo log position before a statement. */
  get mark(): number {
    return this.transaction?.mark ?? 0;
  }

  /**
   * Runs a statement's work under a transaction. Where it meets a lock it is undone, waits and starts again.
   * Changes stay uncommitted: the caller ends the statement when its triggers have run.
   */
  async work<Result>(run: Run, make: (execution: Execution) => Work<Result>): Promise<Result> {
    const transaction = this.transaction ?? this.newTransaction();
    this.transaction = transaction;
    const ahead: LongSubquery[] = [];
    function* prepared(execution: Execution): Work<Result> {
      for (const subquery of ahead) yield* computeAhead(subquery, execution);
      return yield* make(execution);
    }
    for (;;) {
      const mark = transaction.mark;
      const execution = this.execution(run, transaction, {}, ahead.length < MOST_AHEAD);
      let waiting: Promise<void> | undefined;
      try {
        const result = await drive(prepared(execution), run.signal, (wait) => {
          waiting = this.instance.locks.wait(this.state, wait, this.state.lockTimeout, run.signal);
          // It is awaited below, after what was done is undone.
          waiting.catch(() => undefined);
        });
        execution.privateTransaction.commit();
        return result;
      } catch (problem) {
        execution.privateTransaction.rollback();
        transaction.rollbackTo(mark);
        if (problem instanceof LongSubquery) ahead.push(problem);
        if (problem instanceof StatementRestart) continue;
        if (!(problem instanceof LockWait) || waiting === undefined) throw problem;
      } finally {
        this.endExecution(execution);
      }
      await waiting;
    }
  }

  /**
   * Evaluates outside of a statement that changes data: conditions, right sides of SET. What does not read tables
   * needs no transaction and cannot wait.
   */
  async quick<Result>(run: Run, readsData: boolean, evaluate: (frame: RowFrame) => Result): Promise<Result> {
    if (!readsData) {
      const runtime = this.execution(run, this.transaction ?? this.idle, undefined, false);
      return evaluate({ runtime, rows: [], outer: undefined });
    }
    const mark = this.mark;
    try {
      const result = await this.work(run, function* (execution): Work<Result> {
        yield;
        return evaluate({ runtime: execution, rows: [], outer: undefined });
      });
      this.endStatement();
      return result;
    } catch (problem) {
      this.failStatement(mark);
      throw problem;
    }
  }

  /** Opens the snapshot that the isolation level asks for: its commit number, undefined without one. */
  private openSnapshot(database: Database, transaction: Transaction, token: object): number | undefined {
    const { state, instance } = this;
    if (state.isolation === 'snapshot') {
      if (this.state.transactionCount > 0 && transaction.isolation !== 'snapshot') {
        throw new SqlError(
          3951,
          `Transaction failed in database '${database.name}' because the statement was run under snapshot isolation but the transaction did not start in snapshot isolation. You cannot change the isolation level of the transaction to snapshot after the transaction has started unless the transaction was originally started under snapshot isolation level.`,
        );
      }
      transaction.snapshot ??= instance.versions.open(transaction);
      return transaction.snapshot;
    }
    return database.options.readCommittedSnapshot && state.isolation === 'read committed'
      ? instance.versions.open(token)
      : undefined;
  }

  private execution(
    run: Run,
    transaction: Transaction,
    token: object | undefined,
    mayRestart: boolean,
  ): Execution {
    const { state, instance } = this;
    const database = run.activation.home?.database ?? state.database;
    const snapshot = token === undefined ? undefined : this.openSnapshot(database, transaction, token);
    let ownTables: Transaction | undefined;
    return {
      server: instance.server,
      session: state,
      database,
      now: instance.server.now(),
      instance,
      activation: run.activation,
      transaction,
      get privateTransaction() {
        ownTables ??= new Transaction(0n, state, instance.versions);
        return ownTables;
      },
      snapshot,
      rowLimit: this.rowLimit === 0 ? Number.POSITIVE_INFINITY : this.rowLimit,
      scratch: new Map(),
      targets: new Map(),
      latestTarget: undefined,
      brief: new Set(),
      mayRestart,
      token: token ?? {},
    };
  }

  private endExecution(execution: Execution): void {
    const { locks, versions } = this.instance;
    versions.close(execution.token);
    if (execution.brief.size === 0) return;
    if (this.state.isolation === 'read committed' || this.state.isolation === 'read uncommitted') {
      for (const table of execution.brief) {
        locks.releaseTable(table, execution.transaction, 'IS');
        locks.releaseTable(table, execution.transaction, 'S');
      }
      locks.released(this.state);
    }
  }
}

/** 3930: only a rollback is possible. */
export const doomed = (): SqlError =>
  new SqlError(
    3930,
    'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
  );
