import { ExpectedError } from '../../../src/core/errors.ts';
import { SqlFailure } from '../../../src/core/sql/failures.ts';
import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import type { SqlRow } from '../../../src/core/sql/session.ts';

/** What a scripted server answers: rows, nothing, or an error that is thrown. */
export type Respond = (text: string, database: string) => readonly SqlRow[] | Error | undefined;

export function failure(
  number: number,
  serverMessage = `error ${number}`,
  line = 1,
  procedure = '',
): SqlFailure {
  return new SqlFailure({ number, state: 1, class: 16, line, procedure, serverMessage });
}

export const connectionLost = () =>
  new ExpectedError({
    code: 'connection-lost',
    exit: 'connection',
    message: 'The connection was lost.',
    hint: 'Run it again.',
  });

/** Sessions that write down what they are sent and answer from a script; for what a run sends, in which order. */
export class ScriptedServer {
  readonly sent: string[] = [];
  readonly opened: string[] = [];
  isLost = false;
  respond: Respond;

  constructor(respond: Respond = () => undefined) {
    this.respond = respond;
  }

  open(database = 'master'): DriverSession {
    this.opened.push(database);
    const server = this;
    const ask = (text: string, signal?: AbortSignal): readonly SqlRow[] => {
      signal?.throwIfAborted();
      if (server.isLost) throw connectionLost();
      server.sent.push(text);
      const answer = server.respond(text, database);
      if (answer instanceof Error) throw answer;
      return answer ?? [];
    };
    return {
      query: async <Row extends SqlRow>(text: string, _parameters?: unknown, signal?: AbortSignal) =>
        ask(text, signal) as readonly Row[],
      batch: async (text, signal) => {
        ask(text, signal);
        return { messages: [] };
      },
      queries: async (text, _parameters, signal) => [ask(text, signal)],
      withDriver: async () => {
        throw new Error('A scripted server has no driver to lend.');
      },
      get isLost() {
        return server.isLost;
      },
      close: async () => undefined,
    };
  }
}
