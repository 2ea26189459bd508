import { afterAll, beforeAll, expect, type MockInstance, test, vi } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { createSideLink } from '../../../../src/core/sync/cycle/side-link.ts';
import { type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { realServers } from '../../plan/store-runs.ts';

let practice: PracticeServer;
beforeAll(async () => {
  practice = await startPracticeServer({ wire: { encryption: 'unsupported' } });
});
afterAll(async () => practice.close());

test('sessions that the server ended are closed too: a timer of the driver would keep the process from ending', async () => {
  const { signal } = new AbortController();
  const { server, user, password } = practice;
  const servers = realServers();
  const closings: MockInstance[] = [];
  const connect = servers.connect;
  vi.spyOn(servers, 'connect').mockImplementation(async (...to) => {
    const session = await connect(...to);
    closings.push(vi.spyOn(session, 'close'));
    return session;
  });
  const side = createSideLink('store', servers, {
    server,
    database: 'master',
    signIn: { kind: 'sql', user, password: new Secret(password) },
    encryption: 'none',
  });
  await side.control(signal);
  const lent = [await side.lent.take(signal), await side.lent.take(signal)];
  for (const session of lent) side.lent.giveBack(session);
  await practice.interrupt();
  await vi.waitFor(() => expect(side.isLost && lent.every(({ isLost }) => isLost)).toBe(true));
  // The service goes on with new ones.
  await side.control(signal);
  side.lent.giveBack(await side.lent.take(signal));
  await side.close();
  expect(closings).toHaveLength(5);
  for (const closing of closings) expect(closing).toHaveBeenCalled();
});
