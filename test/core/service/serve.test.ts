import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import { beginHealth, type Health } from '../../../src/core/service/health/health.ts';
import { healthFile, readHealth } from '../../../src/core/service/health/health-file.ts';
import { beat, type ServiceHost, serve } from '../../../src/core/service/host/serve.ts';
import { openServiceLog } from '../../../src/core/service/log/service-log.ts';
import type { SyncEvent } from '../../../src/core/sync/events.ts';
import { folderOfTest } from './folders.ts';
import { ManualClock } from './manual-clock.ts';

const cycle = (outcome: 'done' | 'unreachable', message?: string): SyncEvent => ({
  kind: 'cycle-finished',
  runId: 'A',
  outcome,
  scopes: [],
  findings: message === undefined ? [] : [{ code: 'away', message, hint: 'Wait.' }],
  took: 12.4,
});
const waiting = (milliseconds: number): SyncEvent => ({ kind: 'waiting', milliseconds, why: 'idle' });

/** A service process without the process: its events come from the test, its log and health go to a folder. */
async function serving(options: { prepare?: () => Promise<never>; before?: Health } = {}) {
  const folder = await folderOfTest();
  const clock = new ManualClock();
  const stop = new AbortController();
  const told: string[] = [];
  const complaints: string[] = [];
  const queue: (SyncEvent | 'end')[] = [];
  let wake = () => {};
  const push = (...events: (SyncEvent | 'end')[]) => {
    queue.push(...events);
    wake();
  };
  async function* events(signal: AbortSignal): AsyncGenerator<SyncEvent> {
    signal.addEventListener('abort', () => wake());
    for (;;) {
      const next = queue.shift();
      if (next === 'end' || (next === undefined && signal.aborted)) return;
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const host: ServiceHost = {
    signal: stop.signal,
    ready: () => told.push('ready'),
    alive: () => told.push('alive'),
    stopping: () => told.push('stopping'),
  };
  const health = join(folder, 'health.json');
  const logs = join(folder, 'log');
  const complain = (reason: string) => complaints.push(reason);
  const ended = serve(
    {
      prepare: options.prepare ?? (async () => events),
      health: healthFile(health, complain),
      begun: beginHealth({ service: 'storedb-r1', storedb: '1', processId: 7 }, clock.now(), options.before),
      log: openServiceLog({ folder: logs, service: 'storedb-r1', clock, complain }),
      clock,
    },
    host,
  );
  return { clock, stop, told, complaints, push, health, logs, folder, ended };
}

const logOf = async (folder: string) => readFile(join(folder, 'service.log'), 'utf8');

describe('the service process', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is ready once it has its configuration, and ends with 0 when it is told to', async () => {
    const run = await serving();
    run.push(cycle('done'), waiting(60_000));
    await vi.waitFor(() => expect(run.told).toContain('ready'));
    run.stop.abort();
    expect(await run.ended).toBe(0);
    expect(run.told).toEqual(['ready', 'stopping']);
    const health = await readHealth(run.health);
    expect(health).toMatchObject({ state: 'ended', cycles: 1, lastEnd: { exitCode: 0 } });
    expect(await logOf(run.logs)).toContain('told to stop');
  });

  it('feeds the watchdog while the loop gives signs of life, and ends when it has been silent for too long', async () => {
    const run = await serving();
    run.push(waiting(60_000));
    await vi.waitFor(() => expect(run.told).toContain('ready'));
    run.clock.advance(100_000);
    await vi.advanceTimersByTimeAsync(beat);
    expect(run.told).toEqual(['ready', 'alive']);
    run.clock.advance(30_000);
    await vi.advanceTimersByTimeAsync(beat);
    expect(await run.ended).toBe(1);
    expect(run.told).toEqual(['ready', 'alive']);
    expect((await readHealth(run.health))?.lastEnd?.why).toContain('silent for too long');
  });

  it('ends without the loop when that does not stop in time', async () => {
    const run = await serving({
      prepare: (async () =>
        async function* () {
          yield waiting(1);
          await new Promise(() => {});
        }) as never,
    });
    await vi.waitFor(() => expect(run.told).toContain('ready'));
    run.stop.abort();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await run.ended).toBe(11);
  });

  it('ends with a reason, and not with 0, when the loop ends by itself', async () => {
    const run = await serving();
    run.push('end');
    expect(await run.ended).toBe(1);
    expect((await readHealth(run.health))?.lastEnd?.why).toContain('ended by itself');
  });

  it('keeps what went wrong where status finds it, over a restart', async () => {
    const run = await serving({
      prepare: async () => {
        throw new ExpectedError({
          code: 'service-secret-unreadable',
          exit: 'prerequisite',
          message: 'No password.',
          hint: 'Install.',
        });
      },
    });
    expect(await run.ended).toBe(4);
    const health = await readHealth(run.health);
    expect(health).toMatchObject({
      lastError: { code: 'service-secret-unreadable', hint: 'Install.' },
      lastEnd: { exitCode: 4, why: 'No password.' },
    });
    expect(run.told).toEqual([]);
    expect(await logOf(run.logs)).toContain('No password.');
    const next = await serving({ before: health! });
    next.stop.abort();
    await next.ended;
    expect(await readHealth(next.health)).toMatchObject({ lastError: { message: 'No password.' } });
  });

  it('shows a bug with its stack in the log, and ends with 1', async () => {
    const run = await serving({
      prepare: async () => {
        throw new TypeError('x is not a function');
      },
    });
    expect(await run.ended).toBe(1);
    expect(await logOf(run.logs)).toMatch(/x is not a function.*serve\.test\.ts/);
  });

  it('does not fill the log while both servers are away for an hour, and says when they are back', async () => {
    const run = await serving();
    for (let minute = 0; minute < 60; minute += 1) {
      for (let second = 0; second < 60; second += 5) {
        run.push(cycle('unreachable', 'SRV01 does not answer.'), {
          kind: 'waiting',
          milliseconds: 5000,
          why: 'back-off',
        });
        run.clock.advance(5000);
        await vi.advanceTimersByTimeAsync(0);
      }
    }
    run.push(cycle('done'));
    await vi.waitFor(() => expect(run.told).toContain('ready'));
    run.stop.abort();
    expect(await run.ended).toBe(0);
    const lines = (await logOf(run.logs)).trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('SRV01 does not answer.')).length).toBeLessThanOrEqual(7);
    expect(lines.length).toBeLessThan(40);
    expect(lines.some((line) => line.includes('cycle: done'))).toBe(true);
    expect(await readHealth(run.health)).toMatchObject({
      cycles: 721,
      failedInARow: 0,
      lastError: { message: 'SRV01 does not answer.' },
    });
  });

  it('goes on when the folder of its log and health is taken away, and writes again when it is back', async () => {
    vi.useRealTimers();
    const run = await serving();
    run.push(cycle('done'));
    await vi.waitFor(async () => expect(await logOf(run.logs)).toContain('cycle: done'));
    await rm(run.logs, { recursive: true });
    run.clock.advance(31_000);
    run.push({ kind: 'finding', finding: { code: 'x', message: 'after the folder had gone', hint: '' } });
    await vi.waitFor(async () => expect(await logOf(run.logs)).toContain('after the folder had gone'));
    run.stop.abort();
    expect(await run.ended).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'goes on when log and health cannot be written at all, and complains once',
    async () => {
      const folder = await folderOfTest();
      // A file where a folder should be: no rights and no full disk are needed to make every write fail.
      await writeFile(join(folder, 'file'), '');
      const complaints: string[] = [];
      const clock = new ManualClock();
      const log = openServiceLog({
        folder: join(folder, 'file', 'log'),
        service: 'x',
        clock,
        complain: (reason) => complaints.push(reason),
      });
      for (let line = 0; line < 100; line += 1) {
        log.info({}, 'lost');
        clock.advance(1000);
        await new Promise(setImmediate);
      }
      await vi.waitFor(() => expect(complaints.length).toBeGreaterThan(0));
      expect(complaints.length).toBe(1);
      await rm(join(folder, 'file'));
      await mkdir(join(folder, 'file'));
      await chmod(join(folder, 'file'), 0o755);
      clock.advance(31_000);
      log.info({}, 'written again');
      await vi.waitFor(async () => {
        const text = await logOf(join(folder, 'file', 'log'));
        expect(text).toContain('lines before this one could not be written');
        expect(text).toContain('written again');
      });
      await log.close();
    },
  );
});

describe('the log of a service', () => {
  it('takes turns with its files and never grows beyond its bound', async () => {
    const folder = await folderOfTest();
    const clock = new ManualClock();
    const complain = (reason: string) => {
      throw new Error(reason);
    };
    const limits = { size: 10_000, files: 3 };
    const log = openServiceLog({ folder, service: 'x', clock, complain, limits });
    for (let line = 0; line < 3000; line += 1) {
      log.info({ line }, 'x'.repeat(50));
      if (line % 50 === 0) await new Promise(setImmediate);
    }
    await log.close();
    const { readdir, stat } = await import('node:fs/promises');
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['service.log', 'service.log.1', 'service.log.2', 'service.log.3']);
    for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThan(12_000);
  });
});
