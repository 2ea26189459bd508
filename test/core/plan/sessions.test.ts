import { describe, expect, it } from 'vitest';
import { createSessions } from '../../../src/core/plan/sessions.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { MssqlServers } from '../../../src/core/sql/connect.ts';
import { connectionLost, failure, type Respond, ScriptedServer } from './scripted-server.ts';

const signal = new AbortController().signal;

function sessionsOf(respond: Respond = () => undefined) {
  const server = new ScriptedServer(respond);
  let closed = 0;
  const servers: MssqlServers = {
    connect: async ({ database }) => ({
      ...server.open(database),
      close: async () => {
        closed += 1;
      },
    }),
  };
  const sessions = createSessions(servers, {
    server: 'SRV01',
    signIn: { kind: 'sql', user: 'setup', password: new Secret('x') },
    encryption: 'trust',
  });
  return { sessions, server, closed: () => closed };
}

describe('the sessions of a run', () => {
  it('are one per database, opened once', async () => {
    const { sessions, server } = sessionsOf();
    expect(await sessions.open('POS', signal)).toBe(await sessions.open('POS', signal));
    expect(server.opened).toEqual(['POS']);
    expect(server.sent).toEqual(['SET LOCK_TIMEOUT 30000;']);
  });

  it('take over a sign-in that was prepared, which does not wait for the lock of others for ever either', async () => {
    const { sessions, server } = sessionsOf();
    sessions.prepare(signal);
    await sessions.open("PO]S'", signal);
    expect(server.opened).toEqual(['master']);
    expect(server.sent).toEqual(["USE [PO]]S'];\nSET LOCK_TIMEOUT 30000;"]);
  });

  it('never give the prepared one to two databases, nor to master', async () => {
    const { sessions, server } = sessionsOf();
    sessions.prepare(signal);
    const all = await Promise.all([
      sessions.open(undefined, signal),
      sessions.open('A', signal),
      sessions.open('B', signal),
    ]);
    expect(new Set(all).size).toBe(3);
    expect(server.opened.toSorted()).toEqual(['B', 'master', 'master']);
  });

  it.each([
    ['the engine knows no USE', failure(40508, 'USE statement is not supported')],
    ['the connection was lost meanwhile', connectionLost()],
  ])('sign in as usual when %s', async (_why, error) => {
    const { sessions, server, closed } = sessionsOf((text) => (text.startsWith('USE') ? error : undefined));
    sessions.prepare(signal);
    await sessions.open('POS', signal);
    expect(server.opened).toEqual(['master', 'POS']);
    expect(closed()).toBe(1);
  });

  it('leave none open that could not be made ready', async () => {
    const { sessions, closed } = sessionsOf(() => connectionLost());
    await expect(sessions.open('POS', signal)).rejects.toMatchObject({ code: 'connection-lost' });
    expect(closed()).toBe(1);
  });

  it('are all closed at the end, also the one that nobody took', async () => {
    const { sessions, closed } = sessionsOf();
    sessions.prepare(signal);
    await sessions.open(undefined, signal);
    await sessions.close();
    expect(closed()).toBe(2);
  });
});
