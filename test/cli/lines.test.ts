import { describe, expect, it } from 'vitest';
import { lineWriter } from '../../src/cli/lines.ts';
import type { RunEvent } from '../../src/core/plan/index.ts';
import { elapsed } from '../../src/core/words.ts';

const target = { role: 'store', server: 'SRV01', database: 'POS' } as const;
const actions = [{ id: 'tables', title: 'Create 171 tables', risk: 'creates' }] as const;
const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 14, 0, 0, second * 1000)).toISOString();
const started: RunEvent = {
  at: at(0),
  kind: 'run-started',
  runId: 'r',
  target,
  isPracticeServer: true,
  actions,
};

function told(...events: readonly RunEvent[]): readonly string[] {
  const lines = lineWriter();
  return events.flatMap((event) => lines(event));
}

describe('the lines of a run', () => {
  it('begin with the place and end with the summary and, on a practice server, with what it was', () => {
    expect(
      told(
        started,
        { at: at(0), kind: 'action-started', id: 'tables', title: 'Create 171 tables', index: 1, of: 1 },
        { at: at(4), kind: 'action-finished', id: 'tables', outcome: 'done', elapsedMs: 4000 },
        {
          at: at(5),
          kind: 'run-finished',
          exit: 'done',
          summary: 'Store database creation was successful. This was a practice server, not SQL Server.',
          elapsedMs: 5000,
        },
      ),
    ).toMatchInlineSnapshot(`
      [
        "SRV01 / POS (practice): 1 action",
        "  ok       Create 171 tables  (4 s)",
        "Store database creation was successful. This was a practice server, not SQL Server.",
      ]
    `);
  });

  it('tell the progress of one action at most once a second', () => {
    const progress = (second: number, done: number): RunEvent => ({
      at: at(second),
      kind: 'action-progress',
      id: 'tables',
      done,
      total: 171,
      unit: 'batches',
    });
    const lines = told(
      started,
      { at: at(0), kind: 'action-started', id: 'tables', title: 'Create 171 tables', index: 1, of: 1 },
      progress(0.4, 10),
      progress(1.1, 30),
      progress(1.5, 40),
      progress(2.2, 60),
    );
    expect(lines.slice(1)).toEqual([
      '  working  Create 171 tables: 30 of 171 batches',
      '  working  Create 171 tables: 60 of 171 batches',
    ]);
  });

  it('say what a failure is and the one next thing to do', () => {
    const lines = told({
      at: at(1),
      kind: 'run-finished',
      exit: 'locked',
      summary: '',
      elapsedMs: 10,
      failure: { code: 'locked', message: 'Another run holds the lock.', hint: 'Wait for it.', details: {} },
    });
    expect(lines.join('\n')).toContain('Another run holds the lock.');
    expect(lines.join('\n')).toContain('Next: Wait for it.');
  });
});

describe('elapsed', () => {
  it.each([
    [0, 'under 1 s'],
    [499, 'under 1 s'],
    [4000, '4 s'],
    [72_000, '1 min 12 s'],
    [3_600_000, '60 min'],
  ])('of %i ms is %s', (milliseconds, text) => {
    expect(elapsed(milliseconds)).toBe(text);
  });
});
