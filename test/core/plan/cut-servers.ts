import type { SqlRow, SqlServers, SqlSession } from '../../../src/core/sql/session.ts';
import { connectionLost } from './scripted-server.ts';

/** When the n-th statement (from 1) is due, everything is cut off: before it is sent, or after the server did it. */
export type Cut = { readonly at: number; readonly when: 'before' | 'after' };

/**
 * Servers whose connections all die at one statement, as when the process is killed or the cable pulled. `count` is
 * how many statements have been sent.
 */
export function cutServers(
  servers: SqlServers,
  cut: Cut | undefined,
): { readonly servers: SqlServers; readonly count: () => number } {
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
          batch: (...input) => pass(() => session.batch(...input)),
          get isLost() {
            return isCut || session.isLost;
          },
          close: () => session.close(),
        };
      },
    },
  };
}
