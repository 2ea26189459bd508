import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showAsLines } from '../../src/cli/run-report.ts';

describe('the lines of a run', () => {
  let written = '';
  beforeEach(() => {
    written = '';
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += text;
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const at = '2026-11-22T14:19:00.000Z';

  it('name an action that takes long while it is at work, and no longer', () => {
    const show = showAsLines();
    show({ at, kind: 'action-started', id: 'a', title: 'Create the journal', index: 1, of: 1 });
    vi.advanceTimersByTime(9_000);
    expect(written).toBe('');
    vi.advanceTimersByTime(12_000);
    expect(written).toBe(
      '  working  Create the journal  (10 s so far)\n  working  Create the journal  (20 s so far)\n',
    );
    show({ at, kind: 'action-finished', id: 'a', outcome: 'done', elapsedMs: 21_000 });
    written = '';
    vi.advanceTimersByTime(60_000);
    expect(written).toBe('');
  });
});
