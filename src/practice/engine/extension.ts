/** The shapes in which built-in functions, system views and system procedures are handed to the engine. */

import type { RefusedFeatureName } from '../features.ts';
import type { Database, Server, SessionState } from './model.ts';
import type { Message } from './results.ts';
import type { ResultColumn, Row, SqlType, Value } from './types.ts';

/** What a function or view may read while it runs. */
export type Runtime = {
  readonly server: Server;
  readonly session: SessionState;
  /** The session's current database (session.database). */
  readonly database: Database;
  /** One instant for the whole statement, as GETDATE() gives it. */
  readonly now: Date;
  /** The statement changes a table: inside of it @@TRANCOUNT counts the statement's own transactions too. */
  readonly isChange?: boolean;
};

/** An error of a statement with SQL Server's number; the interpreter decides what it aborts. `line` is added where it is caught. */
export class SqlError extends Error {
  readonly number: number;
  readonly class: number;
  readonly state: number;
  constructor(number: number, text: string, severity = 16, state = 1) {
    super(text);
    this.number = number;
    this.class = severity;
    this.state = state;
  }
}

/** The refusal of a feature that SQL Server has and this server has not. `feature` stands in features.ts: add it there first. */
export class Refusal extends SqlError {
  readonly feature: string;
  constructor(feature: RefusedFeatureName, detail = 'is not supported here') {
    super(50100, `Practice server: ${feature} ${detail}.`);
    this.feature = feature;
  }
}

/** A built-in scalar function. `name` is upper case; variables such as @@VERSION are functions named with their @@, without arguments. */
export type BuiltinFunction = {
  readonly name: string;
  readonly minArguments: number;
  readonly maxArguments: number;
  /** The result type for these argument types. A literal argument's value stands in `constants` where known (styles, lengths). */
  resultType(types: readonly SqlType[], constants: readonly (Value | undefined)[]): SqlType;
  /** Arguments arrive in their own types; `types` says which. */
  evaluate(values: readonly Value[], types: readonly SqlType[], runtime: Runtime): Value;
  /** True when equal arguments may give other results within one statement (NEWID). */
  readonly isVolatile?: boolean;
};

/** A catalog view or dynamic management view, or (with `parameters`) a system table-valued function. */
export type SystemView = {
  /** Lower case: 'sys' or 'information_schema'. */
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ResultColumn[];
  /** `database` is the one that the name was qualified with, else the session's. */
  rows(runtime: Runtime, database: Database, values: readonly Value[]): Iterable<Row>;
  readonly parameters?: number;
};

/** What a system procedure may do besides reading: run statements, send rows, messages, set output parameters. */
export type ProcedureInvocation = {
  readonly runtime: Runtime;
  /** Arguments by folded parameter name without @, in their own types; positional ones got the procedure's names. */
  readonly arguments: ReadonlyMap<string, { readonly value: Value; readonly type: SqlType }>;
  /** Runs T-SQL of ours in the session, in a nested scope (CREATE ROLE for sp_addrole, ...). */
  run(text: string): Promise<void>;
  /** Registers how to undo a change of the model when the transaction rolls back. */
  undo(change: () => void): void;
  rows(columns: readonly ResultColumn[], rows: Iterable<Row>): void;
  print(message: Message): void;
  setOutput(name: string, value: Value, type: SqlType): void;
};
export type SystemProcedure = {
  /** Lower case: 'sp_rename'. */
  readonly name: string;
  /** Parameter names in order, without @; those ending in '?' are optional. */
  readonly parameters: readonly string[];
  /** Resolves to the return status. Throws SqlError. */
  execute(invocation: ProcedureInvocation): Promise<number>;
};
