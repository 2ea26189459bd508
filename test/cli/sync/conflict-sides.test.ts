import { expect, it } from 'vitest';
import { withConflictSides } from '../../../src/cli/sync/conflict-sides.ts';
import { ExpectedError } from '../../../src/core/errors.ts';
import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import type { SyncInput } from '../../../src/core/sync/index.ts';

const away = new ExpectedError({
  code: 'no-answer',
  exit: 'connection',
  message: 'The server does not answer.',
  hint: 'Switch it on.',
});

/** Two databases of which these can be reached; `closed` are those whose sessions were ended. */
function reaching(...names: readonly string[]) {
  const closed: string[] = [];
  const input = {
    store: { database: 'store' },
    offline: { database: 'offline' },
    servers: {
      connect: async ({ database = '' }) => {
        if (!names.includes(database)) throw away;
        return { close: async () => void closed.push(database) } as Partial<DriverSession> as DriverSession;
      },
    },
  } as unknown as SyncInput;
  return { input, closed };
}

const { signal } = new AbortController();
const heard = (told: unknown[]) => (failure: ExpectedError) => void told.push(failure);

it('works with the one side that can be reached, says that the other is away, and ends the session', async () => {
  const { input, closed } = reaching('offline');
  const told: unknown[] = [];
  const sides = await withConflictSides(input, signal, heard(told), async (open) =>
    Object.entries(open).map(([name, session]) => [name, session !== undefined]),
  );
  expect(Object.fromEntries(sides)).toEqual({ store: false, offline: true });
  expect(told).toEqual([away]);
  expect(closed).toEqual(['offline']);
});

it('fails where neither can be reached', async () => {
  const { input } = reaching();
  const told: unknown[] = [];
  await expect(withConflictSides(input, signal, heard(told), async () => 'worked')).rejects.toBe(away);
  expect(told).toEqual([]);
});
