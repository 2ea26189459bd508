import { afterEach, describe, expect, it } from 'vitest';
import { listenForStop, type StopSignals } from '../../src/cli/stop-signals.ts';

describe('the request to end', () => {
  let stop: StopSignals | undefined;
  const others: NodeJS.SignalsListener[] = [];
  afterEach(() => {
    stop?.release();
    for (const listener of others.splice(0)) process.off('SIGINT', listener);
  });

  it('aborts the work and is said once', () => {
    let said = 0;
    stop = listenForStop(() => {
      said += 1;
    });
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGTERM', 'SIGTERM');
    expect(stop.signal.aborted).toBe(true);
    expect(said).toBe(1);
  });

  it('is heard by nobody else until it is released: a package that raises it again would make it the second', () => {
    let heard = 0;
    const other = () => {
      heard += 1;
    };
    others.push(other);
    process.once('SIGINT', other);
    stop = listenForStop(() => undefined);
    process.emit('SIGINT', 'SIGINT');
    expect({ heard, isAborted: stop.signal.aborted }).toEqual({ heard: 0, isAborted: true });
    stop.release();
    stop = undefined;
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    expect(heard).toBe(1);
  });
});
