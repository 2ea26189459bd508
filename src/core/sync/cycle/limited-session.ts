import { ExpectedError } from '../../errors.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';

/**
 * A session whose requests have to be answered within a limit (milliseconds), or it is ended: a server that lost its
 * power says nothing, and TCP would wait for it for a quarter of an hour. Throws ExpectedError `server-silent` (exit
 * connection) then.
 */
export function limitedSession(session: DriverSession, server: string, limitMs: number): DriverSession {
  const within = async <Answer>(
    signal: AbortSignal | undefined,
    send: (both: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> => {
    const limit = AbortSignal.timeout(limitMs);
    try {
      return await send(signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } catch (error) {
      if (!limit.aborted || signal?.aborted) throw error;
      await session.close();
      throw silent(server, limitMs, error);
    }
  };
  return {
    query: (text, parameters, signal) => within(signal, (both) => session.query(text, parameters, both)),
    queries: (text, parameters, signal) => within(signal, (both) => session.queries(text, parameters, both)),
    batch: (text, signal) => within(signal, (both) => session.batch(text, both)),
    withDriver: (work, signal) => session.withDriver(work, signal),
    get isLost() {
      return session.isLost;
    },
    close: () => session.close(),
  };
}

const silent = (server: string, limitMs: number, cause: unknown): ExpectedError =>
  new ExpectedError({
    code: 'server-silent',
    exit: 'connection',
    message: `The server ${server} has not answered for ${Math.round(limitMs / 1000)} seconds.`,
    hint: 'Look whether it is switched on and the network is there; the synchronisation goes on by itself.',
    cause,
  });
