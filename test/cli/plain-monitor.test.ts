import { describe, expect, it } from 'vitest';
import { monitorInLines } from '../../src/cli/plain-monitor.ts';
import type { Look } from '../../src/cli/sync/looks.ts';
import { lookedAt, sampleStatus, storeAway } from '../screens/sample-monitors.ts';
import { pipedDialog, whenAborted } from './piped-dialog.ts';

/** A monitor that sees these looks and then waits to be left. */
function monitor(...found: readonly Look[]) {
  const piped = pipedDialog();
  async function* looks(signal: AbortSignal): AsyncGenerator<Look> {
    yield* found;
    await whenAborted(signal);
  }
  return { ...piped, ended: monitorInLines(piped.dialog, looks, new AbortController().signal) };
}

const read = (status = sampleStatus()): Look => ({ kind: 'read', status });
const tables = (shown: string) => shown.split('Synchronisation of HOUSTON-1').length - 1;

describe('the monitor, line by line', () => {
  it('shows the scopes once, and again when something has changed', async () => {
    const later = sampleStatus({ atUtc: new Date(lookedAt.getTime() + 2000) });
    const { shown, shows, type, ended } = monitor(read(), read(later), read(storeAway()), read(storeAway()));
    await shows('cannot be reached');
    expect(tables(shown())).toBe(2);
    expect(shown()).toContain('  Suspended transactions         both       14:25:58         1       1');
    expect(shown().endsWith('  Enter = leave: ')).toBe(true);
    type('\n');
    await ended;
  });

  it.each(['\n', 'q\n', '<\n'])('is left with %j, and with nothing else', async (keys) => {
    const { shows, type, ended } = monitor(read());
    await shows('Enter = leave');
    type('x\n');
    type(keys);
    await ended;
  });

  it('tells a look that failed once, and goes on looking', async () => {
    const failed: Look = { kind: 'failed', error: new Error('the link is gone') };
    const { shown, shows, type, ended } = monitor(failed, failed, read());
    await shows('Synchronisation of HOUSTON-1');
    expect(shown().split('the link is gone')).toHaveLength(2);
    type('q\n');
    await ended;
  });

  it('says why it sees nothing at all, and waits to be left', async () => {
    const { dialog, shows, type } = pipedDialog();
    // biome-ignore lint/correctness/useYield: it ends before the first look
    async function* looks(): AsyncGenerator<Look> {
      throw new Error('no password');
    }
    const ended = monitorInLines(dialog, looks, new AbortController().signal);
    await shows('no password');
    type('\n');
    await ended;
  });

  it('ends when the technician is gone', async () => {
    const { dialog, ended } = monitor(read());
    dialog.close();
    await ended;
  });
});
