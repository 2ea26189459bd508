import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/core/plan/index.ts';
import { takeDeployerLock } from '../../../../src/core/plan/lock.ts';
import type { OperationContext, Outcome, Progress } from '../../../../src/core/plan/operation.ts';
import type { SetupInput } from '../../../../src/core/plan/setup.ts';
import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { firstLoad } from '../../../../src/core/sync/first-load/first-load.ts';
import { readLoadedTables } from '../../../../src/core/sync/first-load/loaded-tables.ts';
import { syncInputOf } from '../../../../src/core/sync/setup-input.ts';
import { appliedWithoutRows, dropDatabase, outcomeOf, sessionIn, shopInput } from '../../offline/shop.ts';
import { noPosFiles } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';

const name = `storedb-first-load-${process.pid}`;
const shop = { name, storeId: 'LOADED', registerId: 'HOUSTON-1' };
const offline = `${name}-HOUSTON-1`;
const tables = ['INVENTTABLE', 'CURRENCY'];
const { signal } = new AbortController();

let server: Awaited<ReturnType<typeof startTestServer>>;
let master: SqlSession;
let onRegister: SqlSession;
let input: SetupInput;

beforeAll(async () => {
  server = await startTestServer();
  master = await sessionIn(server, 'master');
  expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
  input = shopInput(server, 'offline-database', shop);
  await appliedWithoutRows(input);
  onRegister = await sessionIn(server, offline);
}, 300_000);

afterAll(async () => {
  await onRegister.close();
  for (const database of [offline, `${name}-store`]) await dropDatabase(master, database);
  await master.close();
  await server.stop();
});

/** The operation as the runner does it; `hear` gets its progress. */
async function load(setup: SetupInput, hear: (progress: Progress) => void = () => undefined) {
  let hasChanged = false;
  // Only what this operation asks for.
  const context = {
    open: async (role: 'store' | 'offline') =>
      role === 'offline' ? onRegister : sessionIn(server, `${name}-store`),
    connect: async () => sessionIn(server, offline),
    syncInput: () => syncInputOf(setup),
    serviceAccountPassword: undefined,
    posFiles: noPosFiles,
    clock: systemClock,
    operator: setup.operator,
    runId: '00000000-0000-0000-0000-000000000001',
    signal,
    hasChanged: () => {
      hasChanged = true;
    },
  } as unknown as OperationContext;
  const steps = firstLoad({ kind: 'first-load', tables }, context);
  let step = await steps.next();
  for (; !step.done; step = await steps.next()) hear(step.value);
  const outcome: Outcome = step.value;
  return { outcome, hasChanged };
}

describe('the first load of a register', () => {
  it('fails with the reason when the store cannot be reached, and changes nothing', async () => {
    const { storeDatabase } = input.answers;
    const away = {
      ...input,
      answers: { ...input.answers, storeDatabase: { ...storeDatabase, server: '127.0.0.1,1' } },
    };
    await expect(load(away)).rejects.toMatchObject({ name: 'ExpectedError', exit: 'connection' });
    expect(await readLoadedTables(onRegister, signal)).toEqual(new Set());
  });

  it('waits for whoever is at work on the register already, and shows that it waits', async () => {
    const other = await sessionIn(server, 'master');
    const lock = await takeDeployerLock(other, offline, signal);
    let looks = 0;
    let isFree = false;
    const { outcome } = await load(input, ({ unit }) => {
      expect(unit).toBe('rows');
      looks += 1;
      if (looks !== 2) return;
      isFree = true;
      void lock.release();
    });
    await other.close();
    expect(isFree).toBe(true);
    expect(outcome).toEqual({ outcome: 'done' });
  }, 300_000);

  it('has brought every row, and has nothing to bring the second time', async () => {
    expect(await readLoadedTables(onRegister, signal)).toContain('inventtable');
    const store = await sessionIn(server, `${name}-store`);
    const count = 'SELECT COUNT(*) AS rows FROM dbo.INVENTTABLE';
    expect(await onRegister.query(count)).toEqual(await store.query(count));
    await store.close();
    const moved: Progress[] = [];
    expect(await load(input, (progress) => moved.push(progress))).toMatchObject({
      outcome: { outcome: 'done' },
    });
    expect(moved).toEqual([]);
  }, 300_000);
});
