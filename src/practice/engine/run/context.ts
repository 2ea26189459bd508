/** What statements run in: the instance, the connection, and the activation of a batch, procedure or trigger. */

import type { Runtime } from '../extension.ts';
import type { Database, Schema, Server, SessionState, Table } from '../model.ts';
import type { Locks } from '../rows/locks.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import type { Transaction, Versions } from '../rows/transaction.ts';
import type { Trouble } from '../trouble.ts';
import type { Row, SqlType, Value } from '../types.ts';
import type { ApplicationLocks } from './application-locks.ts';

/** The parts of a running practice server that all its sessions share. */
export type Instance = {
  readonly server: Server;
  readonly locks: Locks;
  readonly versions: Versions;
  readonly applicationLocks: ApplicationLocks;
  readonly transactions: Set<Transaction>;
  /** Grows with every change of a definition: compiled plans of an older number are thrown away. */
  catalogVersion: number;
  nextDescriptor: bigint;
  /** Failures that a test asked for. */
  readonly trouble: Trouble | undefined;
};

export type Variable = { readonly type: SqlType; value: Value };

/** The pseudo-tables of a trigger that runs. */
export type TriggerRows = {
  readonly table: Table;
  readonly inserted: readonly Row[];
  readonly deleted: readonly Row[];
  /** Ids of the columns that the statement assigned, for UPDATE(column). */
  readonly assigned: ReadonlySet<number>;
};

/** A running batch, procedure, trigger or dynamic text: its variables and its temporary tables. */
export type Activation = {
  readonly caller: Activation | undefined;
  readonly variables: Map<string, Variable>;
  /** Table variables by name with @. */
  readonly tables: Map<string, Table>;
  /** Temporary tables created here, by folded name with #. */
  readonly temporary: Map<string, Table>;
  readonly trigger: TriggerRows | undefined;
  /** The module's name for error messages; undefined in a batch. */
  readonly procedure: string | undefined;
  /** Statements of an inner activation report DONEINPROC. */
  readonly isInner: boolean;
  /** Where names are looked up: a module's home, else undefined for the session's own database and user. */
  readonly home: { readonly database: Database; readonly schema: Schema } | undefined;
  /** What RETURN says. */
  readonly result: { status: number };
  /** A module runs with its owner's rights on the tables it names. */
  readonly hasOwnerRights: boolean;
};

/** One statement's run. */
export type Execution = Runtime & {
  readonly instance: Instance;
  readonly session: SessionState;
  readonly database: Database;
  readonly activation: Activation;
  readonly transaction: Transaction;
  /** For table variables, whose changes outlive a rollback but not a failed statement. */
  readonly privateTransaction: Transaction;
  /** Commit number that this statement reads as of; undefined = it reads what is committed, with locks. */
  readonly snapshot: number | undefined;
  /** SET ROWCOUNT; Infinity without it. */
  readonly rowLimit: number;
  /** Things computed once in a statement: results of subqueries that do not depend on the row. */
  readonly scratch: Map<object, unknown>;
  /** For UPDATE and DELETE with joins: the stored rows behind the values that the scan of the target read. */
  readonly targets: Map<Row, StoredRow>;
  /** The same for the row that the scan read last, which is enough where the target is read alone. */
  latestTarget: StoredRow | undefined;
  /** Whether the statement's work may be undone and begun again at any of its steps: not within a function. */
  readonly mayRestart: boolean;
  /** Stands for the statement where it holds a snapshot of its own. */
  readonly token: object;
  /** Tables that this statement locked only for its own time. */
  readonly brief: Set<Table>;
};

/** Thrown by a statement's work to be undone and run again at once, because what it saw is no longer so. */
export class StatementRestart extends Error {}

/** What a compiled expression reads its columns from: the current row of every table of its query. */
export type RowFrame = {
  readonly runtime: Execution;
  readonly rows: Row[];
  readonly outer: RowFrame | undefined;
};

/** Synchronous work in steps; it yields where the event loop may have a turn. */
export type Work<Result> = Generator<void, Result, void>;
