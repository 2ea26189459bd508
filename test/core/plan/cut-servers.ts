import type { MssqlServers } from '../../../src/core/sql/connect.ts';
import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import type { SqlRow, SqlSession } from '../../../src/core/sql/session.ts';
import { connectionLost } from './scripted-server.ts';

/** When the n-th statement (from 1) is due, everything is cut off: before it is sent, or after the server did it. */
export type Cut = { readonly at: number; readonly when: 'before' | 'after' };

/**
 * Servers whose connections all die at one statement, as when the process is killed or the cable pulled. `count` is
 * how many statements have been sent.
 */
export function cutServers(
  servers: MssqlServers,
  cut: Cut | undefined,
): { readonly servers: MssqlServers; readonly count: () => number } {
  const open: SqlSession[] = [];
  let count = 0;
  let isCut = false;
  const cutOff = async (): Promise<never> => {
    isCut = true;
    await Promise.all(open.map((session) => session.close()));
    throw connectionLost();
  };
  const pass = async <Answer>(send: () => Promise<Answer>): Promise<Answer> => {
    if (isCut) throw connectionLost();
    count++;
    if (cut?.at === count && cut.when === 'before') return cutOff();
    const answer = await send();
    if (cut?.at === count && cut.when === 'after') return cutOff();
    return answer;
  };
  return {
    count: () => count,
    servers: {
      async connect(target, signal) {
        if (isCut) throw connectionLost();
        const session = await servers.connect(target, signal);
        open.push(session);
        return {
          query: <Row extends SqlRow>(...input: Parameters<SqlSession['query']>) =>
            pass(() => session.query<Row>(...input)),
          queries: (...input) => pass(() => session.queries(...input)),
          batch: (...input) => pass(() => session.batch(...input)),
          withDriver: <T>(...input: Parameters<DriverSession['withDriver']>) =>
            pass(() => session.withDriver(...input) as Promise<T>),
          get isLost() {
            return isCut || session.isLost;
          },
          close: () => session.close(),
        };
      },
    },
  };
}
