/** The boundary between the engine and the wire: what a client asks of a session, and what the session answers. */

import type { ResultColumn, Row, SqlType, Value } from './types.ts';

/** An error or an informational message (severity below 11) as it goes to the client. */
export type Message = {
  readonly number: number;
  readonly state: number;
  /** Severity, 0-25. 11 and more are errors. */
  readonly class: number;
  readonly text: string;
  /** Line within the batch or the procedure, from 1. */
  readonly line: number;
  readonly procedure?: string;
};

/**
 * Where a session writes its answers, in order. The wire turns them into tokens; a test collects them.
 * `row` may return a promise when the client is slow: the engine waits for it.
 */
export type ResultSink = {
  columns(columns: readonly ResultColumn[]): void;
  row(row: Row): void | Promise<void>;
  message(message: Message): void;
  /** The end of a statement. `count` where the statement counts rows (also under SELECT); `command` is the TDS CurCmd (0xC1 select, 0xC3 insert, 0xC4 delete, 0xC5 update, 0 others). `isInProcedure` statements become DONEINPROC. */
  statementDone(done: {
    readonly count?: number;
    readonly command: number;
    readonly isError: boolean;
    readonly isInProcedure: boolean;
  }): void;
  environment(change: EnvironmentChange): void;
  returnStatus(status: number): void;
  returnValue(value: { readonly name: string; readonly type: SqlType; readonly value: Value }): void;
};

export type EnvironmentChange =
  | { readonly kind: 'database' | 'language'; readonly old: string; readonly new: string }
  /** Descriptors are 8 bytes; the engine makes them. */
  | {
      readonly kind: 'transaction-began' | 'transaction-committed' | 'transaction-rolled-back';
      readonly descriptor: bigint;
    };

export type LoginRequest = {
  readonly user: string;
  readonly password: string;
  /** '' = the login's default database. */
  readonly database: string;
  readonly host: string;
  readonly application: string;
  readonly language: string;
  readonly processId: number;
  readonly isEncrypted: boolean;
  /** The wire proved who it is (NTLM): `user` is DOMAIN\\user, and there is no password to check. */
  readonly isWindowsUser?: boolean;
};

export type RpcParameter = {
  readonly name: string;
  readonly type: SqlType;
  readonly value: Value;
  readonly isOutput: boolean;
  readonly isDefault: boolean;
};

/** A login that was refused. The wire sends the messages and closes. */
export class LoginRefused extends Error {
  readonly messages: readonly Message[];
  constructor(messages: readonly Message[]) {
    super(messages[0]?.text ?? 'login refused');
    this.messages = messages;
  }
}

/**
 * One client's session. Calls never overlap: the wire sends one request at a time and waits for it. `signal` is
 * the client's attention (or its going away): the engine stops at the next row, statement or lock wait, rolls the
 * statement back and resolves; the wire then answers the attention.
 * Statement errors are answered through the sink, not thrown; a throw is a bug of the server.
 */
export type Session = {
  readonly id: number;
  readonly database: string;
  batch(text: string, sink: ResultSink, signal: AbortSignal): Promise<void>;
  /** sp_executesql, sp_prepare, sp_execute, sp_unprepare, sp_prepexec and any procedure by name. Ids (10, 11, ...) come as names. */
  call(
    procedure: string,
    parameters: readonly RpcParameter[],
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<void>;
  /** TDS transaction manager requests. `isolation` as in TDS: 0 unchanged, 1 read uncommitted, 2 read committed, 3 repeatable read, 4 serializable, 5 snapshot. */
  transaction(
    request: {
      readonly kind: 'begin' | 'commit' | 'rollback' | 'save';
      readonly name: string;
      readonly isolation?: number;
    },
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<void>;
  /** The rows of a bulk load, after its INSERT BULK batch. Column types are those that the client declared in its COLMETADATA. */
  bulk(
    columns: readonly ResultColumn[],
    rows: AsyncIterable<Row>,
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<void>;
  /** RESETCONNECTION: options, temp tables, open transaction, database back to those of the login. */
  reset(keepTransaction: boolean): Promise<void>;
  /** The client has gone: open transactions are rolled back, locks and temp tables freed. */
  close(): Promise<void>;
};

export type Engine = {
  /** Shown in LOGINACK: says that this is a practice server. */
  readonly programName: string;
  readonly version: { readonly major: number; readonly minor: number; readonly build: number };
  /** Throws LoginRefused. */
  login(request: LoginRequest): Promise<Session>;
};
