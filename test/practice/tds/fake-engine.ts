/** An engine with canned answers: batches and procedures are looked up by their text. */

import {
  type Engine,
  LoginRefused,
  type LoginRequest,
  type ResultSink,
  type RpcParameter,
  type Session,
} from '../../../src/practice/engine/results.ts';
import type { ResultColumn, Row, SqlType } from '../../../src/practice/engine/types.ts';

export type Answer = (sink: ResultSink, signal: AbortSignal) => void | Promise<void>;
export type Call = { readonly procedure: string; readonly parameters: readonly RpcParameter[] };
export type Loaded = { readonly columns: readonly ResultColumn[]; readonly rows: Row[] };

export class FakeEngine implements Engine {
  readonly programName = 'practice server, not SQL Server';
  readonly version = { major: 11, minor: 0, build: 2100 };
  readonly answers = new Map<string, Answer>();
  readonly logins: LoginRequest[] = [];
  readonly batches: string[] = [];
  readonly calls: Call[] = [];
  readonly loads: Loaded[] = [];
  readonly transactions: string[] = [];
  readonly resets: boolean[] = [];
  openSessions = 0;
  closedSessions = 0;
  /** Answers calls of procedures; default: status 0 and every output parameter as it came. */
  onCall: ((call: Call, sink: ResultSink, signal: AbortSignal) => void | Promise<void>) | undefined;
  onBulk:
    | ((
        columns: readonly ResultColumn[],
        rows: AsyncIterable<Row>,
        sink: ResultSink,
        signal: AbortSignal,
      ) => Promise<void>)
    | undefined;
  #ids = 50;

  async login(request: LoginRequest): Promise<Session> {
    this.logins.push(request);
    if (request.password !== 'Secret-1' && !request.isWindowsUser) {
      throw new LoginRefused([
        { number: 18456, state: 1, class: 14, text: `Login failed for user '${request.user}'.`, line: 1 },
      ]);
    }
    this.openSessions += 1;
    return this.#session(request.database || 'master', this.#ids++);
  }

  #session(database: string, id: number): Session {
    let descriptor = 0n;
    return {
      id,
      database,
      batch: async (text, sink, signal) => {
        this.batches.push(text);
        const answer = this.answers.get(text.trim());
        if (answer) await answer(sink, signal);
        else sink.statementDone({ command: 0, isError: false, isInProcedure: false });
      },
      call: async (procedure, parameters, sink, signal) => {
        const call = { procedure, parameters };
        this.calls.push(call);
        const text = procedure === 'sp_executesql' ? String(parameters[0]?.value).trim() : procedure;
        const answer = this.answers.get(text);
        if (answer) await answer(sink, signal);
        else if (this.onCall) await this.onCall(call, sink, signal);
        sink.returnStatus(0);
        for (const { name, type, value, isOutput } of parameters) {
          if (isOutput) sink.returnValue({ name, type, value });
        }
      },
      transaction: async ({ kind, name, isolation }, sink) => {
        this.transactions.push(
          [kind, name, isolation].filter((part) => part !== undefined && part !== '').join(' '),
        );
        if (kind === 'begin') {
          descriptor += 1n;
          sink.environment({ kind: 'transaction-began', descriptor });
        } else if (kind === 'commit') sink.environment({ kind: 'transaction-committed', descriptor });
        else if (kind === 'rollback') sink.environment({ kind: 'transaction-rolled-back', descriptor });
        sink.statementDone({ command: 0, isError: false, isInProcedure: false });
      },
      bulk: async (columns, rows, sink, signal) => {
        if (this.onBulk) return this.onBulk(columns, rows, sink, signal);
        const loaded: Row[] = [];
        for await (const row of rows) loaded.push(row);
        this.loads.push({ columns, rows: loaded });
        sink.statementDone({ count: loaded.length, command: 0xf0, isError: false, isInProcedure: false });
      },
      reset: async (keepTransaction) => {
        this.resets.push(keepTransaction);
      },
      close: async () => {
        this.openSessions -= 1;
        this.closedSessions += 1;
      },
    };
  }

  /** Answers `text` with one result set. */
  answerRows(text: string, columns: readonly ResultColumn[], rows: readonly Row[]): void {
    this.answers.set(text, async (sink) => {
      sink.columns(columns);
      for (const row of rows) await sink.row(row);
      sink.statementDone({ count: rows.length, command: 0xc1, isError: false, isInProcedure: false });
    });
  }
}

export function column(name: string, type: SqlType, isNullable = true): ResultColumn {
  return { name, type, isNullable };
}

/** Resolves when `isTrue` says so, polled between turns of the event loop. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves on abort. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
