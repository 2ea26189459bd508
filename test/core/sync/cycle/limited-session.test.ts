import { expect, test } from 'vitest';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { limitedSession } from '../../../../src/core/sync/cycle/limited-session.ts';

/** A session whose server is gone: it hears of nothing but the signal. */
function silentSession() {
  let isLost = false;
  const never = (signal: AbortSignal | undefined) =>
    new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const session: DriverSession = {
    query: (_text, _parameters, signal) => never(signal),
    queries: (_text, _parameters, signal) => never(signal),
    batch: (_text, signal) => never(signal),
    withDriver: (_work, signal) => never(signal),
    get isLost() {
      return isLost;
    },
    close: async () => {
      isLost = true;
    },
  };
  return session;
}

test.each(['query', 'queries', 'batch'] as const)(
  'a server that says nothing to a %s is given up',
  async (kind) => {
    const silent = silentSession();
    await expect(limitedSession(silent, 'SRV01', 20)[kind]('SELECT 1')).rejects.toMatchObject({
      code: 'server-silent',
      exit: 'connection',
      message: expect.stringContaining('SRV01'),
    });
    expect(silent.isLost).toBe(true);
  },
);

test('whoever cancels is told his own reason, and the session stays', async () => {
  const silent = silentSession();
  const stop = new AbortController();
  const asked = limitedSession(silent, 'SRV01', 600_000).query('SELECT 1', {}, stop.signal);
  stop.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  expect(silent.isLost).toBe(false);
});
