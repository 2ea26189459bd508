import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostCalls, ReportedStatus } from '../../../src/core/windows/service/host-calls.ts';
import { type HostedService, hostService } from '../../../src/core/windows/service/host-service.ts';

const states = ['', 'stopped', 'start-pending', 'stop-pending', 'running'];

/** Windows' side: starts the service's main when the process asks, and keeps what it reports. */
function fakeHost({ isService = true } = {}) {
  const reported: ReportedStatus[] = [];
  let control: (code: number) => number = () => 0;
  const calls: HostCalls = {
    dispatch: (_name, main) => {
      if (!isService) return Promise.resolve(false);
      main();
      return new Promise((resolve) => {
        const timer = setInterval(() => {
          if (reported.at(-1)?.state !== 1) return;
          clearInterval(timer);
          resolve(true);
        }, 10);
      });
    },
    registerControls: (_name, handler) => {
      control = handler;
      return 1n;
    },
    report: (_service, status) => void reported.push(status),
  };
  return { calls, reported, control: (code: number) => control(code) };
}

const shown = ({ state, checkPoint }: ReportedStatus) => `${states[state]} ${checkPoint}`;

describe('a process that is a service of Windows', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shows that it is alive while it starts and stops, and ends with its number', async () => {
    const host = fakeHost();
    let service: HostedService | undefined;
    let end: (exitCode: number) => void = () => undefined;
    const hosting = hostService(host.calls, 'storedb-houston-1', (given) => {
      service = given;
      return new Promise((resolve) => {
        end = resolve;
      });
    });
    await vi.advanceTimersByTimeAsync(2000);
    service?.ready();
    await vi.advanceTimersByTimeAsync(5000);
    expect(host.control(1)).toBe(0);
    expect(service?.signal.reason).toEqual({ control: 'stop' });
    await vi.advanceTimersByTimeAsync(1000);
    end(7);
    await vi.advanceTimersByTimeAsync(100);
    expect(await hosting).toBe('ended');
    expect(host.reported.map(shown)).toEqual([
      'start-pending 1',
      'start-pending 2',
      'start-pending 3',
      'running 0',
      'stop-pending 1',
      'stop-pending 2',
      'stopped 0',
    ]);
    expect(host.reported.at(-1)).toMatchObject({ exitCode: 1066, serviceExitCode: 7 });
  });

  it.each([
    [1, 'stop'],
    [5, 'shutdown'],
    [15, 'preshutdown'],
  ] as const)('stops at the control %d (%s), and only once', async (code, control) => {
    const host = fakeHost();
    const reasons: unknown[] = [];
    const hosting = hostService(host.calls, 'storedb-houston-1', async ({ signal, ready }) => {
      ready();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          resolve();
        });
      });
      return 0;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(host.reported.at(-1)).toMatchObject({ state: 4, accepted: 0x105 });
    host.control(code);
    host.control(code);
    await vi.advanceTimersByTimeAsync(100);
    expect(await hosting).toBe('ended');
    expect(reasons).toEqual([{ control }]);
    expect(host.reported.at(-1)).toMatchObject({ state: 1, exitCode: 0 });
  });

  it('answers a control that it does not know with the error that Windows asks for', async () => {
    const host = fakeHost();
    const hosting = hostService(host.calls, 'storedb-houston-1', async () => {
      expect(host.control(4)).toBe(0);
      expect(host.control(129)).toBe(120);
      return 0;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(await hosting).toBe('ended');
  });

  it('is reported as failed when it throws', async () => {
    const host = fakeHost();
    const hosting = hostService(host.calls, 'storedb-houston-1', async () => {
      throw new Error('no configuration');
    });
    const refused = expect(hosting).rejects.toThrow('no configuration');
    await vi.advanceTimersByTimeAsync(100);
    await refused;
    expect(host.reported.at(-1)).toMatchObject({ state: 1, exitCode: 1066, serviceExitCode: 1 });
  });

  it('runs nothing when it was started from a console', async () => {
    const host = fakeHost({ isService: false });
    const run = vi.fn(async () => 0);
    expect(await hostService(host.calls, 'storedb-houston-1', run)).toBe('not-a-service');
    expect(run).not.toHaveBeenCalled();
  });
});
