import { createEngine } from '../../../src/practice/engine/engine.ts';
import type { Message, ResultSink, RpcParameter, Session } from '../../../src/practice/engine/results.ts';
import type { ResultColumn, Row, SqlType, Value } from '../../../src/practice/engine/types.ts';

/** A session of an engine in this process: what the engine costs without the wire. */
export type BenchSession = {
  readonly session: Session;
  /** Runs a batch and gives the number of rows that it sent. Fails on errors. */
  run(text: string): Promise<number>;
  /** sp_executesql with parameters that are declared in `declarations`. */
  execute(text: string, declarations: string, values: readonly (readonly [SqlType, Value])[]): Promise<void>;
  /** A bulk load into the table, by the names and types of its columns. */
  load(table: string, columns: readonly ResultColumn[], rows: Iterable<Row>): Promise<void>;
};

const never = new AbortController().signal;

export async function openSession(): Promise<BenchSession> {
  const engine = createEngine({ login: { user: 'sa', password: 'Bench-1' } });
  const session = await engine.login({
    user: 'sa',
    password: 'Bench-1',
    database: '',
    host: 'bench',
    application: 'bench',
    language: '',
    processId: process.pid,
    isEncrypted: false,
  });
  let rows = 0;
  let failure: Message | undefined;
  const sink: ResultSink = {
    columns: () => {},
    row: () => {
      rows += 1;
    },
    message: (message) => {
      if (message.class > 10) failure ??= message;
    },
    statementDone: () => {},
    environment: () => {},
    returnStatus: () => {},
    returnValue: () => {},
  };
  const checked = async (work: Promise<void>): Promise<void> => {
    await work;
    if (failure !== undefined) throw new Error(`${failure.number} ${failure.text}`);
  };
  return {
    session,
    run: async (text) => {
      rows = 0;
      await checked(session.batch(text, sink, never));
      return rows;
    },
    execute: (text, declarations, values) => {
      const parameters: RpcParameter[] = [
        parameter({ kind: 'nvarchar', length: 4000 }, text),
        parameter({ kind: 'nvarchar', length: 4000 }, declarations),
        ...values.map(([type, value]) => parameter(type, value)),
      ];
      return checked(session.call('sp_executesql', parameters, sink, never));
    },
    load: async (table, columns, source) => {
      const list = columns.map(({ name, type }) => `[${name}] ${typeText(type)}`).join(', ');
      await checked(session.batch(`INSERT BULK ${table} (${list})`, sink, never));
      await checked(session.bulk(columns, streamed(source), sink, never));
    },
  };
}

const parameter = (type: SqlType, value: Value): RpcParameter => ({
  name: '',
  type,
  value,
  isOutput: false,
  isDefault: false,
});

async function* streamed(rows: Iterable<Row>): AsyncGenerator<Row, void, undefined> {
  yield* rows;
}

/** The type as T-SQL writes it. */
export function typeText({ kind, length, precision, scale }: SqlType): string {
  if (length !== undefined) return `${kind}(${length})`;
  return precision === undefined ? kind : `${kind}(${precision},${scale ?? 0})`;
}
