/** What the engine answers, as tokens of one response message. */

import type { EnvironmentChange, Message, ResultSink } from '../engine/results.ts';
import type { ResultColumn, Row, SqlType, Value } from '../engine/types.ts';
import type { Link } from './link.ts';
import { ResponseMessage } from './messages.ts';
import { type Dialect, DONE, ENVIRONMENT, TOKEN } from './protocol.ts';
import * as tokens from './tokens.ts';
import type { ColumnForm } from './values/write.ts';

export type ResponseContext = {
  readonly link: Link;
  readonly dialect: Dialect;
  readonly packetSize: number;
  readonly serverName: string;
};

/**
 * A response under way. The last DONE is kept back until it is known whether more follows, because its status must
 * say so. After `signal` only changes of the environment are still told: the client throws the rest away.
 */
export class Response implements ResultSink {
  readonly #context: ResponseContext;
  readonly #message: ResponseMessage;
  readonly #signal: AbortSignal;
  #forms: readonly ColumnForm[] = [];
  #kept: tokens.Done | undefined;
  /** An error was told whose DONE is still to come. */
  #hasOpenError = false;
  #isProcedureCall = false;
  #returnValues = 0;

  constructor(context: ResponseContext, signal: AbortSignal) {
    this.#context = context;
    this.#message = new ResponseMessage(context.link, context.packetSize);
    this.#signal = signal;
  }

  /** The bytes under way; whatever is written follows the DONE that was kept back. */
  get #out() {
    const out = this.#message.out;
    const kept = this.#kept;
    if (kept) {
      this.#kept = undefined;
      tokens.writeDone(out, this.#context.dialect, { ...kept, status: kept.status | DONE.more });
    }
    return out;
  }

  #keep(done: tokens.Done): void {
    if (this.#kept) void this.#out;
    this.#kept = { ...done, status: done.status | (this.#hasOpenError ? DONE.error : 0) };
    this.#hasOpenError = false;
  }

  columns(columns: readonly ResultColumn[]): void {
    if (this.#signal.aborted) return;
    this.#forms = tokens.writeColumns(this.#out, this.#context.dialect, columns);
  }

  row(row: Row): void | Promise<void> {
    if (this.#signal.aborted) return;
    const out = this.#out;
    const before = out.length;
    try {
      out.uint8(TOKEN.row);
      const forms = this.#forms;
      for (let i = 0; i < forms.length; i++) forms[i]?.write(out, row[i] ?? null);
    } catch (error) {
      out.rewind(before);
      throw error;
    }
    return this.#message.flushWhenLong(this.#signal);
  }

  message(message: Message): void {
    if (this.#signal.aborted) return;
    tokens.writeMessage(this.#out, this.#context.dialect, message, this.#context.serverName);
    if (tokens.isError(message)) this.#hasOpenError = true;
    this.#message.flushSoon();
  }

  statementDone(done: Parameters<ResultSink['statementDone']>[0]): void {
    if (this.#signal.aborted) return;
    const isInProcedure = done.isInProcedure || this.#isProcedureCall;
    this.#keep({
      token: isInProcedure ? TOKEN.doneInProcedure : TOKEN.done,
      status: (done.isError ? DONE.error : 0) | (done.count === undefined ? 0 : DONE.count),
      command: done.command,
      count: done.count ?? 0,
    });
  }

  environment(change: EnvironmentChange): void {
    tokens.writeEnvironment(this.#out, change);
  }

  returnStatus(status: number): void {
    if (this.#signal.aborted) return;
    const out = this.#out;
    out.uint8(TOKEN.returnStatus);
    out.int32(status);
    // In a batch EXEC ends here; a call of a procedure ends with endProcedure.
    if (!this.#isProcedureCall) this.#keep({ token: TOKEN.doneProcedure, status: 0, command: 0, count: 0 });
  }

  returnValue({
    name,
    type,
    value,
  }: {
    readonly name: string;
    readonly type: SqlType;
    readonly value: Value;
  }): void {
    if (this.#signal.aborted) return;
    const out = this.#out;
    const before = out.length;
    try {
      const column = { name, type, isNullable: true };
      const form = tokens.writeReturnValueHead(out, this.#context.dialect, this.#returnValues, column);
      form.write(out, value);
      this.#returnValues += 1;
    } catch (error) {
      out.rewind(before);
      throw error;
    }
  }

  /** ENVCHANGE 18: the session was reset before this request. */
  connectionReset(): void {
    tokens.writeBytesChange(this.#out, ENVIRONMENT.connectionReset, new Uint8Array(0), new Uint8Array(0));
  }

  /** Between these two, statements end with DONEINPROC. */
  beginProcedure(): void {
    this.#isProcedureCall = true;
    this.#returnValues = 0;
  }

  endProcedure(): void {
    this.#isProcedureCall = false;
    if (this.#signal.aborted) return;
    this.#keep({ token: TOKEN.doneProcedure, status: 0, command: 0, count: 0 });
  }

  /** Ends the message; after an abort with a DONE of this status. */
  finish(statusAfterAbort: number = DONE.final): void {
    const { dialect } = this.#context;
    const isAborted = this.#signal.aborted;
    // DONEINPROC ends a statement, never a message ([MS-TDS] 2.2.7.7): a batch that ends with EXEC ('...') gets its DONE.
    const isWithin = this.#kept?.token === TOKEN.doneInProcedure;
    if (isAborted || !this.#kept || this.#hasOpenError || isWithin) {
      const status = isAborted ? statusAfterAbort : this.#hasOpenError ? DONE.error : DONE.final;
      tokens.writeBareDone(this.#out, dialect, status);
    } else {
      tokens.writeDone(this.#message.out, dialect, this.#kept);
    }
    this.#message.finish();
  }
}

/** A response of a single DONE: to an attention, or to a request that the client took back. */
export function answerDone(context: ResponseContext, status: number): void {
  const message = new ResponseMessage(context.link, context.packetSize);
  tokens.writeBareDone(message.out, context.dialect, status);
  message.finish();
}
