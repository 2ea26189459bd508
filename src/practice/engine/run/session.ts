/** One client's session: batches, calls, transaction requests and bulk loads, with errors answered through the sink. */

import { userOf } from '../../catalog/index.ts';
import { SyntaxProblem } from '../../language/parser.ts';
import type { Batch } from '../../language/syntax.ts';
import { identityInsertTables } from '../data/insert-columns.ts';
import { SqlError } from '../extension.ts';
import type { Database } from '../model.ts';
import { runBulk } from '../procedures/bulk.ts';
import { parseText } from '../procedures/dynamic-text.ts';
import { type Argument, callByName } from '../procedures/execute.ts';
import type { Message, ResultSink, RpcParameter, Session } from '../results.ts';
import { Cancelled } from '../rows/locks.ts';
import type { ResultColumn, Row, SqlType, Value } from '../types.ts';
import { BadStatement, checkStatements } from './check-body.ts';
import { CompileError } from './compile.ts';
import type { Connection } from './connection.ts';
import type { Activation } from './context.ts';
import { declareVariables } from './declarations.ts';
import { withoutRoom } from './exhausted.ts';
import { revertTo } from './impersonation.ts';
import { followingOf, reportUncaught, runStatements } from './interpreter.ts';
import { LocatedError } from './located.ts';
import { BatchAborted, effectOf, Raised, ScopeAborted } from './outcomes.ts';
import { noteTurn } from './pace.ts';
import { newActivation, type Run } from './run.ts';
import { defaultOptions } from './session-defaults.ts';
import { dropTemporary } from './temporary-tables.ts';
import { ThrownError } from './thrown.ts';
import { rollback, saveTransaction } from './transaction-statements.ts';

const isolations = [
  'read uncommitted',
  'read committed',
  'repeatable read',
  'serializable',
  'snapshot',
] as const;

export class ClientSession implements Session {
  private readonly connection: Connection;
  private readonly home: Database;
  /** Owner of the temporary tables that batches create: they last as long as the session. */
  private readonly root: Activation = newActivation({ caller: undefined, isInner: false });

  constructor(connection: Connection) {
    this.connection = connection;
    this.home = connection.state.database;
  }

  get id(): number {
    return this.connection.state.id;
  }
  get database(): string {
    return this.connection.state.database.name;
  }

  batch(text: string, sink: ResultSink, signal: AbortSignal): Promise<void> {
    return this.request(sink, signal, false, async (run) => {
      const batch: Batch = parseText(run, text, '');
      declareVariables(run, batch.statements);
      checkStatements(run, batch.statements);
      await runStatements(run, batch.statements);
    });
  }

  call(
    procedure: string,
    parameters: readonly RpcParameter[],
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<void> {
    return this.request(sink, signal, true, async (run) => {
      const outputs: { readonly name: string; readonly type: SqlType; value: Value }[] = [];
      const args = parameters.map((parameter): Argument => {
        const place = { name: parameter.name, type: parameter.type, value: parameter.value };
        if (parameter.isOutput) outputs.push(place);
        return {
          name: parameter.name === '' ? undefined : parameter.name,
          type: parameter.type,
          value: parameter.value,
          isDefault: parameter.isDefault,
          output: parameter.isOutput
            ? (value, type) => {
                Object.assign(place, { value, type });
              }
            : undefined,
        };
      });
      const status = await callByName(run, procedureName(procedure), positional(procedure, args));
      sink.returnStatus(status);
      for (const output of outputs) sink.returnValue(output);
    });
  }

  transaction(
    request: {
      readonly kind: 'begin' | 'commit' | 'rollback' | 'save';
      readonly name: string;
      readonly isolation?: number;
    },
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<void> {
    return this.request(sink, signal, false, async (run) => {
      const { connection } = this;
      const { isolation, name } = request;
      switch (request.kind) {
        case 'begin': {
          const level = isolation === undefined || isolation === 0 ? undefined : isolations[isolation - 1];
          if (level !== undefined) connection.state.isolation = level;
          connection.begin(name, sink);
          break;
        }
        case 'commit':
          connection.commit(sink);
          break;
        case 'rollback':
          rollback(run, name === '' ? undefined : name);
          break;
        case 'save':
          saveTransaction(run, name);
      }
      sink.statementDone({ command: 0, isError: false, isInProcedure: false });
    });
  }

  bulk(
    columns: readonly ResultColumn[],
    rows: AsyncIterable<Row>,
    sink: ResultSink,
    signal: AbortSignal,
  ): Promise<void> {
    return this.request(sink, signal, false, (run) => runBulk(run, columns, rows));
  }

  async reset(keepTransaction: boolean): Promise<void> {
    const { connection } = this;
    const { state } = connection;
    if (!keepTransaction) connection.rollbackAll(undefined);
    dropTemporary(connection, this.root);
    connection.prepared.clear();
    revertTo(connection, 0);
    connection.identityInsert = undefined;
    identityInsertTables.delete(state);
    connection.bulk = undefined;
    connection.deadlockPriority = 0;
    connection.rowLimit = 0;
    connection.instance.applicationLocks.releaseSession(state);
    connection.instance.locks.released(state);
    state.options.clear();
    for (const option of defaultOptions) state.options.add(option);
    const user = userOf(connection.instance.server, state.login, this.home);
    Object.assign(state, {
      ...(user === undefined ? {} : { database: this.home, user }),
      isolation: 'read committed',
      lockTimeout: -1,
      dateFirst: 7,
      dateFormat: 'mdy',
      language: 'us_english',
      textSize: 2147483647,
      contextInfo: Buffer.alloc(0),
      lastIdentity: undefined,
      scopeIdentity: undefined,
      rowCount: 0n,
      lastError: 0,
    });
  }

  async close(): Promise<void> {
    const { connection } = this;
    connection.rollbackAll(undefined);
    dropTemporary(connection, this.root);
    connection.instance.applicationLocks.releaseSession(connection.state);
    connection.instance.server.sessions.delete(connection.state.id);
    connection.instance.locks.released(connection.state);
  }

  /** Runs one request; what stops it has been answered when this resolves. */
  private async request(
    sink: ResultSink,
    signal: AbortSignal,
    isCall: boolean,
    execute: (run: Run) => Promise<void>,
  ): Promise<void> {
    const { connection } = this;
    const { state } = connection;
    noteTurn();
    state.status = 'running';
    state.lastRequestAt = new Date();
    state.caught = undefined;
    connection.tryDepth = 0;
    const { nestLevel } = state;
    const activation: Activation = {
      ...newActivation({ caller: undefined, isInner: isCall }),
      temporary: this.root.temporary,
    };
    const run: Run = { connection, activation, sink, signal };
    try {
      await execute(run);
    } catch (problem) {
      this.settle(run, withoutRoom(problem));
    } finally {
      state.status = 'sleeping';
      state.nestLevel = nestLevel;
      state.triggerNestLevel = 0;
      state.moduleId = 0;
    }
    // A transaction of a single statement never outlives its request.
    if (connection.transaction !== undefined && state.transactionCount === 0)
      connection.rollbackAll(undefined);
    if (state.transactionState === -1) this.endDoomed(run);
  }

  private settle(run: Run, problem: unknown): void {
    const { connection, sink } = run;
    const { state } = connection;
    if (problem instanceof BatchAborted || problem instanceof ScopeAborted) return;
    if (problem instanceof Cancelled) {
      if (state.options.has('xact_abort')) connection.rollbackAll(sink);
      return;
    }
    if (problem instanceof Raised) {
      reportUncaught(run, problem);
      return;
    }
    const message = requestProblem(problem);
    if (message === undefined) throw problem;
    state.lastError = message.number;
    sink.message(message);
    const parts = problem instanceof BadStatement ? [problem, ...problem.others] : [problem];
    for (const part of parts) {
      const own = requestProblem(part) ?? message;
      if (part !== problem) sink.message(own);
      for (const following of followingOf(part instanceof BadStatement ? part.error : part)) {
        sink.message({ ...own, ...following });
      }
    }
    sink.statementDone({ command: 0, isError: true, isInProcedure: run.activation.isInner });
    const ends = effectOf(message.number, false) === 'transaction' || state.options.has('xact_abort');
    const isCompileTime = problem instanceof BadStatement || problem instanceof SyntaxProblem;
    if (ends && !isCompileTime) connection.rollbackAll(sink);
  }

  /** 3998: a transaction that can only be rolled back does not survive its batch. */
  private endDoomed({ connection, sink }: Run): void {
    sink.message({
      number: 3998,
      state: 1,
      class: 16,
      text: 'Uncommittable transaction is detected at the end of the batch. The transaction is rolled back.',
      line: 1,
    });
    sink.statementDone({ command: 0, isError: true, isInProcedure: false });
    connection.rollbackAll(sink);
  }
}

/** Errors outside of any statement: of the text as a whole, or of an RPC. */
const requestProblem = (problem: unknown): Message | undefined => {
  if (problem instanceof SyntaxProblem) {
    return {
      number: problem.number,
      state: problem.state,
      class: problem.class,
      text: problem.text,
      line: problem.line,
    };
  }
  if (problem instanceof BadStatement) return sqlMessage(problem.error.problem, problem.line);
  if (problem instanceof LocatedError) return sqlMessage(problem.problem, problem.line);
  if (problem instanceof CompileError) return sqlMessage(problem.problem, 1);
  if (problem instanceof ThrownError) return { ...problem.fields, line: 1 };
  if (problem instanceof SqlError) return sqlMessage(problem, 1);
  return undefined;
};

const sqlMessage = (problem: SqlError, line: number): Message => ({
  number: problem.number,
  state: problem.state,
  class: problem.class,
  text: problem.message,
  line,
});

const procedureName = (written: string) => {
  const parts = written.split('.').map((part) =>
    part
      .trim()
      .replace(/^\[(.*)\]$/, '$1')
      .replace(/^"(.*)"$/, '$1'),
  );
  const name = parts.pop() ?? '';
  const schema = parts.pop();
  const database = parts.pop();
  return {
    name,
    ...(schema === undefined ? {} : { schema }),
    ...(database === undefined ? {} : { database }),
    at: { line: 1, offset: 0 },
  };
};

/** The engine's own procedures take their leading parameters by place, under whatever name a driver gives them. */
const leading: ReadonlyMap<string, number> = new Map([
  ['sp_executesql', 2],
  ['sp_prepare', 4],
  ['sp_execute', 1],
  ['sp_unprepare', 1],
  ['sp_prepexec', 3],
]);

const positional = (procedure: string, args: readonly Argument[]): readonly Argument[] => {
  const count = leading.get(procedure.toLowerCase()) ?? 0;
  return args.map((argument, i) => (i < count ? { ...argument, name: undefined } : argument));
};
