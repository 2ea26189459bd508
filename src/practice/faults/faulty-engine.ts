import { setTimeout as wait } from 'node:timers/promises';
import { type Engine, LoginRefused, type Session } from '../engine/results.ts';
import type { Row } from '../engine/types.ts';
import { broken, type Faults } from './faults.ts';
import { troubleError } from './trouble-error.ts';

/** The same engine, whose logins, requests and bulk loads meet the failures at their places. */
export function faultyEngine(engine: Engine, faults: Faults): Engine {
  return {
    programName: engine.programName,
    version: engine.version,
    login: async (request) => {
      const late = faults.take('login', ({ does }) => does === 'delay');
      if (late?.does === 'delay') await wait(late.milliseconds);
      const refused = faults.take('login', ({ does }) => does === 'refuse');
      if (refused?.does === 'refuse') {
        const { number, text } = refused;
        throw new LoginRefused([{ number, state: 1, class: 14, text, line: 1 }]);
      }
      return faultySession(await engine.login(request), faults);
    },
  };
}

function faultySession(session: Session, faults: Faults): Session {
  /** A client that gives up while it waits is not kept waiting. */
  const delay = async (signal: AbortSignal): Promise<void> => {
    const late = faults.take('request', () => true);
    if (late?.does !== 'delay') return;
    await wait(late.milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };
  async function* faultyRows(rows: AsyncIterable<Row>): AsyncGenerator<Row, void, undefined> {
    for await (const row of rows) {
      const fault = faults.take('bulk-row', () => true);
      if (fault?.does === 'drop') throw broken();
      if (fault !== undefined) throw troubleError(fault.does, session.id, session.database);
      yield row;
    }
  }
  return {
    id: session.id,
    get database() {
      return session.database;
    },
    batch: async (text, sink, signal) => {
      await delay(signal);
      await session.batch(text, sink, signal);
    },
    call: async (procedure, parameters, sink, signal) => {
      await delay(signal);
      await session.call(procedure, parameters, sink, signal);
    },
    transaction: async (request, sink, signal) => {
      await delay(signal);
      await session.transaction(request, sink, signal);
    },
    bulk: async (columns, rows, sink, signal) => {
      await delay(signal);
      await session.bulk(columns, faultyRows(rows), sink, signal);
    },
    reset: (keepTransaction) => session.reset(keepTransaction),
    close: () => session.close(),
  };
}
