import { expect, test } from 'vitest';
import type { PracticeProcess, Refused } from '../../src/cli/practice-process.ts';
import { withRefusals } from '../../src/cli/practice-refusals.ts';
import type { RunEvent } from '../../src/core/plan/index.ts';
import { Secret } from '../../src/core/secret.ts';

const finished: RunEvent = {
  at: '2026-01-01T00:00:00.000Z',
  kind: 'run-finished',
  exit: 'done',
  summary: 'Done.',
  elapsedMs: 1,
};

const told = async (refused: readonly Refused[]) => {
  const practice: PracticeProcess = {
    server: '127.0.0.1,1',
    user: 'sa',
    password: new Secret('x'),
    refusals: async () => refused,
    end: async () => undefined,
  };
  const events: RunEvent[] = [];
  for await (const event of withRefusals(
    (async function* () {
      yield finished;
    })(),
    practice,
  ))
    events.push(event);
  return events;
};

test('a run without refusals is told as it was', async () => {
  expect(await told([])).toEqual([finished]);
});

test('refusals of the practice server are named in a warning and counted in the summary', async () => {
  const events = await told([
    { text: 'Practice server: MERGE is not supported here.', count: 2 },
    { text: 'Practice server: BACKUP is not supported here.', count: 1 },
  ]);
  expect(events).toMatchObject([
    {
      kind: 'warning',
      finding: {
        code: 'practice-refused',
        message: expect.stringContaining('MERGE is not supported here. (2 times)'),
      },
    },
    {
      kind: 'run-finished',
      exit: 'done',
      summary: 'Done. 3 statements were refused by the practice server.',
    },
  ]);
});
