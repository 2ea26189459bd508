import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/plan/index.ts';
import { beginHealth } from '../../../src/core/service/health/health.ts';
import { healthFile, readHealth } from '../../../src/core/service/health/health-file.ts';
import { serve } from '../../../src/core/service/host/serve.ts';
import { syncInputOfService } from '../../../src/core/service/host/sync-input.ts';
import { openServiceLog } from '../../../src/core/service/log/service-log.ts';
import type { Machine } from '../../../src/core/service/machine/machine.ts';
import { runLoop } from '../../../src/core/sync/index.ts';
import { applied, outcomeOf, planOf, type ShopOptions, shippedProfiles, shopInput } from '../offline/shop.ts';
import { realServers } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';
import { fakeServices } from './fake-manager.ts';
import { testMachine } from './test-machine.ts';

const [shipped] = shippedProfiles;
const few = {
  ...shipped!,
  scopes: [
    { name: 'Down', direction: 'download', frequencySeconds: 5, tables: ['CURRENCY'] },
    { name: 'Up', direction: 'upload', frequencySeconds: 5, tables: ['RETAILTRANSACTIONTABLE'] },
  ],
} as const;

let server: Awaited<ReturnType<typeof startTestServer>>;
let root: string;
let machine: Machine;
const shop: ShopOptions = {
  name: `storedb-service-${process.pid}`,
  profiles: [few],
  serviceAccount: { user: 'storedb_sync', password: 'Sync-1234' },
};
const original = {
  name: 'OffSync',
  displayName: 'Offline Sync Service',
  startType: 'automatic',
  wasRunning: true,
};

/** What the manager starts: the service itself, in this process. */
const services = fakeServices(async (service, signal) => {
  const { places, configurations, secrets } = machine;
  const complain = (reason: string) => {
    throw new Error(reason);
  };
  const clock = systemClock;
  return await serve(
    {
      clock,
      health: healthFile(places.health(service), complain),
      begun: beginHealth({ service, storedb: '1', processId: process.pid }, clock.now(), undefined),
      log: openServiceLog({ folder: places.logs(service), service, clock, complain }),
      async prepare() {
        const configuration = await configurations.find(service);
        const servers = realServers();
        const input = await syncInputOfService(configuration!, { secrets, servers, clock, host: 'REG-1' });
        return (stop) => runLoop(input, {}, stop);
      },
    },
    { signal, ready: () => undefined, alive: () => undefined, stopping: () => undefined },
  );
});

const service = 'storedb-houston-1';
const installation = (more: Partial<ShopOptions> = {}) => ({
  ...shopInput(server, 'offline-database', { ...shop, ...more }),
  machine,
  isServiceOnly: true,
});

beforeAll(async () => {
  server = await startTestServer();
  root = await mkdtemp(join(tmpdir(), 'storedb-machine-'));
  const executable = join(root, 'stick', 'storedb');
  machine = testMachine(join(root, 'computer'), services, executable);
  await mkdir(join(root, 'stick'));
  await writeFile(executable, 'the executable, version one');
  expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
  expect(await outcomeOf({ ...shopInput(server, 'offline-database', shop), machine })).toMatchObject({
    exit: 'done',
  });
}, 240_000);

afterAll(async () => {
  await services.end();
  await server.stop();
  await rm(root, { recursive: true, force: true });
});

describe('the service of a register', { timeout: 240_000 }, () => {
  it('is not installed by a set-up on a practice server', async () => {
    const { facts, actions } = await planOf({ ...shopInput(server, 'offline-database', shop), machine });
    expect(actions).toEqual([]);
    if (facts.some(({ value }) => value.includes('practice server, not SQL Server')))
      expect(facts).toContainEqual({ label: 'Service', value: 'none is installed for a practice server' });
    expect(services.told).toEqual([]);
  });

  it('is copied, installed and started; planned, journaled, proven, and the second time there is nothing to do', async () => {
    const plan = await planOf(installation());
    expect(plan.actions.map(({ id }) => id)).toEqual(['service', 'start-service']);
    expect(JSON.stringify(plan)).not.toContain('Sync-1234');
    const events = await applied(installation());
    expect(events.at(-1)).toMatchObject({ kind: 'run-finished', exit: 'done' });
    expect(services.told).toEqual([`install ${service}`, `start ${service}`]);
    expect(await readFile(machine.places.program, 'utf8')).toBe('the executable, version one');
    expect(await machine.configurations.find(service)).toMatchObject({
      former: [],
      store: { account: { kind: 'sql', user: 'storedb_sync' } },
    });
    expect(await readHealth(machine.places.health(service))).toMatchObject({
      lastCycle: { outcome: 'done' },
    });
    expect((await planOf(installation())).actions).toEqual([]);
  });

  it('is repaired when its configuration was damaged', async () => {
    await writeFile(machine.places.configuration(service), '{');
    expect((await planOf(installation())).actions.map(({ id }) => id)).toEqual(['service', 'start-service']);
    expect(await outcomeOf(installation())).toMatchObject({ exit: 'done' });
  });

  it('takes the place of the service of the original, which is stopped and disabled before', async () => {
    services.told.length = 0;
    services.originals = [original];
    const { actions, warnings } = await planOf(installation());
    expect(actions.map(({ id }) => id)).toEqual(['service', 'former-service:OffSync', 'start-service']);
    expect(warnings.map(({ code }) => code)).toContain('former-service');
    expect(await outcomeOf(installation())).toMatchObject({ exit: 'done' });
    expect(services.told).toEqual([
      `install ${service}`,
      'retire OffSync',
      `stop ${service}`,
      `start ${service}`,
    ]);
    expect((await machine.configurations.find(service))?.former).toEqual([original]);
    expect((await planOf(installation())).actions).toEqual([]);
  });

  it('is upgraded in place while it runs, and remembers what it took the place of', async () => {
    services.told.length = 0;
    await writeFile(machine.program.file, 'the executable, version two');
    expect(await outcomeOf(installation())).toMatchObject({ exit: 'done' });
    expect(services.told).toEqual([`install ${service}`, `stop ${service}`, `start ${service}`]);
    expect(await readFile(machine.places.program, 'utf8')).toBe('the executable, version two');
    expect((await machine.configurations.find(service))?.former).toEqual([original]);
  });

  it('does not pass for installed when its own sign-in is refused: the reason is told', async () => {
    const wrong = { user: 'storedb_sync', password: 'not the one' };
    const outcome = await outcomeOf(installation({ serviceAccount: wrong }));
    expect(outcome).toMatchObject({ exit: 'failedPartWay', code: 'service-not-proven' });
    expect(outcome.message).toContain('storedb_sync');
    expect(outcome.message).not.toContain('not the one');
    expect(await outcomeOf(installation())).toMatchObject({ exit: 'done' });
  });

  it('goes with the register, and puts back what it took the place of', async () => {
    services.told.length = 0;
    const removal = { ...installation(), isServiceOnly: false, isRemoval: true };
    expect(await outcomeOf(removal)).toMatchObject({ exit: 'done' });
    expect(services.told).toEqual([`stop ${service}`, `uninstall ${service}`, 'restore OffSync']);
    expect(await machine.configurations.names()).toEqual([]);
    await expect(machine.secrets.read(service, 'store')).rejects.toMatchObject({
      code: 'service-secret-unreadable',
    });
  });

  it('cannot be installed where something stands in the way: asked for by name it is refused, else a warning', async () => {
    const hindrance = { code: 'administrator-needed', message: 'Only root may.', hint: 'sudo storedb' };
    const manager = { ...services, hindrance: async () => hindrance };
    const input = { ...installation(), machine: { ...machine, manager } };
    expect(await outcomeOf({ ...input, isServiceOnly: false })).toMatchObject({ exit: 'done' });
    expect(await outcomeOf(input)).toMatchObject({ exit: 'prerequisite', code: 'administrator-needed' });
  });
});
