import type { Engine, Message, ResultSink, Session } from './engine/results.ts';

/** What the server refused, by the text of the refusal. */
export type RefusalCounts = ReadonlyMap<string, number>;

/** Numbers of refusals; 50199 is a bug of the server. See language/refusals.ts and engine/extension.ts. */
const isRefusal = ({ number }: Message): boolean => number >= 50100 && number < 50199;

/** The same engine, which counts the refusals that its clients are sent. Those that a TRY caught are not among them. */
export function countingRefusals(engine: Engine): {
  readonly engine: Engine;
  readonly refusals: RefusalCounts;
} {
  const refusals = new Map<string, number>();
  const counting = (sink: ResultSink): ResultSink => ({
    columns: (columns) => sink.columns(columns),
    row: (row) => sink.row(row),
    message: (message) => {
      if (isRefusal(message)) refusals.set(message.text, (refusals.get(message.text) ?? 0) + 1);
      sink.message(message);
    },
    statementDone: (done) => sink.statementDone(done),
    environment: (change) => sink.environment(change),
    returnStatus: (status) => sink.returnStatus(status),
    returnValue: (value) => sink.returnValue(value),
  });
  const counted = (session: Session): Session => ({
    id: session.id,
    get database() {
      return session.database;
    },
    batch: (text, sink, signal) => session.batch(text, counting(sink), signal),
    call: (procedure, parameters, sink, signal) =>
      session.call(procedure, parameters, counting(sink), signal),
    transaction: (request, sink, signal) => session.transaction(request, counting(sink), signal),
    bulk: (columns, rows, sink, signal) => session.bulk(columns, rows, counting(sink), signal),
    reset: (keepTransaction) => session.reset(keepTransaction),
    close: () => session.close(),
  });
  return {
    refusals,
    engine: {
      programName: engine.programName,
      version: engine.version,
      login: async (request) => counted(await engine.login(request)),
    },
  };
}
