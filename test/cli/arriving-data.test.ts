import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadFoundPack, watchInitialData } from '../../src/cli/distribute/arriving-data.ts';
import type { WizardAnswers } from '../../src/cli/wizard-answers.ts';
import { memoryPins } from '../../src/core/sql/pins.ts';
import type { ArrivingJob, Failure, FoundPack } from '../../src/screens/index.ts';
import { secretPorts } from '../core/answers/secret-ports.ts';
import { newFolder } from '../core/distribute/small-packs.ts';
import { outcomeOf, planOf, shopInput } from '../core/offline/shop.ts';
import type { TestServer } from '../core/plan/store-runs.ts';
import { startTestServer } from '../core/plan/test-server.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
const shop = { name: `storedb_arriving_${process.pid}` };
let stick: string;

beforeAll(async () => {
  server = await startTestServer();
  const { initialData: _, ...input } = shopInput(server, 'store-database', shop);
  const { initialData: __, ...options } = input.answers.options;
  expect(await outcomeOf({ ...input, answers: { ...input.answers, options } })).toMatchObject({
    exit: 'done',
  });
  stick = await newFolder();
  await cp(join(import.meta.dirname, '..', '..', 'assets', 'sample-data'), join(stick, 'pack'), {
    recursive: true,
  });
  vi.spyOn(process, 'cwd').mockReturnValue(stick);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server?.stop();
});

function wizardAnswers(): WizardAnswers {
  const { answers } = shopInput(server, 'offline-database', shop);
  const secrets = secretPorts({ environment: { P: server.password } });
  return { typed: answers, answers, secrets, pins: memoryPins() };
}

describe('a store database without its initial data', () => {
  it('is watched until a pack of the stick has filled it, and a register can follow', {
    timeout: 240_000,
  }, async () => {
    await expect(planOf(shopInput(server, 'offline-database', shop))).rejects.toMatchObject({
      code: 'store-database-unfilled',
    });
    const seen: { jobs: readonly ArrivingJob[]; isComplete: boolean }[] = [];
    let packs: readonly FoundPack[] = [];
    const failures: Failure[] = [];
    const watched = watchInitialData(
      wizardAnswers(),
      {
        packs: (found) => {
          packs = found;
        },
        jobs: (jobs, isComplete) => seen.push({ jobs, isComplete }),
        failed: (failure) => failures.push(failure),
      },
      new AbortController().signal,
    );
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), { timeout: 20_000 });
    expect(seen[0]).toMatchObject({ isComplete: false });
    expect(seen[0]?.jobs.find(({ name }) => name.startsWith('N-1000'))).toEqual({
      name: 'N-1000 Currency',
      verdict: 'empty',
      rows: 0,
      empty: ['CURRENCY'],
    });
    expect(packs).toEqual([{ path: join(stick, 'pack'), words: '3,541 rows, made 2012-08-01' }]);
    const told: string[] = [];
    const failure = await loadFoundPack(
      wizardAnswers(),
      packs[0]?.path ?? '',
      { logDir: stick, warn: () => undefined, progress: (words) => told.push(words) },
      new AbortController().signal,
    );
    expect(failure).toBeUndefined();
    expect(told.join('\n')).toMatch(/3,541 of 3,541 rows written/);
    await watched;
    expect(seen.at(-1)?.isComplete).toBe(true);
    expect(seen.at(-1)?.jobs.find(({ name }) => name.startsWith('N-1000'))?.rows).toBe(2);
    expect(failures).toEqual([]);
    expect((await planOf(shopInput(server, 'offline-database', shop))).actions.length).toBeGreaterThan(0);
  });
});
