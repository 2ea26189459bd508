/** Writes down what clients ask of the practice server, so that other tools can look at it later. */

import { appendFileSync } from 'node:fs';
import type { Engine, LoginRequest, RpcParameter, Session } from './engine/results.ts';

/** Where the text of a statement stands among the parameters of the procedures that take one. */
const textAt: Readonly<Record<string, number>> = {
  sp_executesql: 0,
  sp_prepare: 2,
  sp_prepexec: 2,
};

/**
 * The same engine, which also appends every batch and every statement of sp_executesql, sp_prepare and sp_prepexec to
 * `file` before it runs: one line of JSON { application, sql }, each text once per program. Values of parameters are
 * left out; what stands in the text itself is not. Several processes may append to one file. An unwritable file
 * rejects the request.
 */
export function recording(engine: Engine, file: string): Engine {
  const written = new Set<string>();
  const record = (application: string, sql: string) => {
    const line = `${JSON.stringify({ application, sql })}\n`;
    if (written.has(line)) return;
    appendFileSync(file, line);
    written.add(line);
  };
  return {
    programName: engine.programName,
    version: engine.version,
    login: async (request) => recordingSession(await engine.login(request), request, record),
  };
}

function recordingSession(
  session: Session,
  { application }: LoginRequest,
  record: (application: string, sql: string) => void,
): Session {
  return {
    id: session.id,
    get database() {
      return session.database;
    },
    batch: async (text, sink, signal) => {
      record(application, text);
      await session.batch(text, sink, signal);
    },
    call: async (procedure, parameters, sink, signal) => {
      const text = statementOf(procedure, parameters);
      if (text !== undefined) record(application, text);
      await session.call(procedure, parameters, sink, signal);
    },
    transaction: (request, sink, signal) => session.transaction(request, sink, signal),
    bulk: (columns, rows, sink, signal) => session.bulk(columns, rows, sink, signal),
    reset: (keepTransaction) => session.reset(keepTransaction),
    close: () => session.close(),
  };
}

function statementOf(procedure: string, parameters: readonly RpcParameter[]): string | undefined {
  const name = procedure.toLowerCase().split('.').at(-1)?.replace(/[[\]]/g, '') ?? '';
  const position = textAt[name];
  const value = position === undefined ? undefined : parameters[position]?.value;
  return typeof value === 'string' ? value : undefined;
}
