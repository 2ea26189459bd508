import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OfflineProfile } from '../../src/core/offline/profile/profile.ts';
import { writeProfileBatch } from '../../src/core/offline/profile/write-profile.ts';
import { type FakeComputer, fakeComputer } from '../fake-systemd/computer.ts';
import { PracticeServer, Workplace } from './storedb.ts';

const service = 'storedb-r-1';

const fewTables: OfflineProfile = {
  name: 'Few',
  description: '',
  scopes: [
    { name: 'Down', direction: 'download', frequencySeconds: 5, tables: ['CURRENCY', 'CUSTTABLE'] },
    { name: 'Up', direction: 'upload', frequencySeconds: 5, tables: ['RETAILTRANSACTIONTABLE'] },
  ],
};

describe.runIf(process.platform === 'linux')(
  'the service of a register, with an imitated systemd',
  {
    timeout: 240_000,
  },
  () => {
    let place: Workplace;
    let practice: PracticeServer;
    let computer: FakeComputer;
    let answers: string;
    let environment: Readonly<Record<string, string>>;

    const storedb = (...args: string[]) => place.run(args, environment);
    const health = async () =>
      JSON.parse(await readFile(join(computer.root, 'var/lib/storedb', service, 'health.json'), 'utf8'));
    const statusOf = async () => {
      const { stdout, code } = await storedb('service', 'status', '--json');
      return { ...JSON.parse(stdout), code };
    };

    beforeAll(async () => {
      place = await Workplace.make();
      computer = fakeComputer(place.folder);
      practice = await PracticeServer.start(place);
      environment = { ...practice.environment, ...computer.environment };
      const ids = (register: string) => `identification: { storeId: HOUSTON${register}, dataAreaId: usrt }`;
      const store = practice.answers('Store', ids('')).replace('trust }', 'trust, initialData: sample }');
      expect(await storedb('apply', await place.write('store.yaml', store))).toMatchObject({ code: 0 });
      // A few tables are enough for a service to prove itself with.
      const pool = await practice.connect('Store');
      await pool.batch(writeProfileBatch(fewTables).sql);
      await pool.close();
      const offline = [
        '',
        'offlineDatabase:',
        `  server: '${practice.server}'`,
        '  name: Offline',
        `  auth: { kind: sql, user: ${practice.user}, password: env:STORE_PASSWORD }`,
        'serviceAccount: { user: storedb_sync, password: env:SYNC_PASSWORD }',
      ].join('\n');
      answers = await place.write(
        'register.yaml',
        practice.answers('Store', ids(', registerId: R-1')).replace('store-database', 'offline-database') +
          offline,
      );
      environment = { ...environment, SYNC_PASSWORD: 'Kanarienvogel-7!' };
      expect(await storedb('apply', answers)).toMatchObject({ code: 0 });
    }, 240_000);

    afterAll(async () => {
      await storedb('service', 'uninstall', service);
      await practice.stop();
      await place.remove();
    });

    it('is not installed by apply on a practice server, which says so', async () => {
      const { stdout } = await storedb('plan', answers);
      expect(stdout).not.toContain('Install the service');
      expect(stdout).toContain('none is installed for a practice server');
      expect(await storedb('service', 'status')).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('No service of storedb is installed'),
      });
    });

    it('is installed, started and proven, and the second time there is nothing to do', async () => {
      const first = await storedb('service', 'install', answers);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(first.stdout).toContain('The service of the register is installed and synchronises.');
      const { notified, UnitFileState } = computer.unit(service);
      expect(UnitFileState).toBe('enabled');
      expect(notified[0]).toContain('READY=1');
      expect(await statusOf()).toMatchObject({ verdict: 'well', code: 0 });
      const { processId } = await health();
      const again = await storedb('service', 'install', answers);
      expect(again).toMatchObject({ code: 0 });
      expect(again.stdout).toContain('nothing to do');
      expect((await health()).processId).toBe(processId);
    });

    it('comes back by itself after a kill', async () => {
      const { processId } = await health();
      process.kill(processId, 'SIGKILL');
      await vi.waitFor(async () => {
        const now = await health();
        expect(now.processId).not.toBe(processId);
        expect(now.lastCycle?.outcome).toBe('done');
      }, 120_000);
      expect(computer.unit(service).NRestarts).toBeGreaterThan(0);
    });

    it('gets a new password without being installed anew', async () => {
      const pool = await practice.connect('master');
      await pool.query("ALTER LOGIN storedb_sync WITH PASSWORD = N'Zweitvogel-8!'");
      await pool.close();
      environment = { ...environment, SYNC_PASSWORD: 'Zweitvogel-8!' };
      const { processId } = await health();
      const rotated = await storedb('service', 'install', answers);
      expect(rotated).toMatchObject({ code: 0 });
      const now = await health();
      expect(now.processId).not.toBe(processId);
      expect(now).toMatchObject({ lastCycle: { outcome: 'done' } });
    });

    it('stops in order when it is told to, and starts with its proof', async () => {
      expect(await storedb('service', 'stop')).toMatchObject({ code: 0 });
      expect(await health()).toMatchObject({ state: 'ended', lastEnd: { exitCode: 0, why: 'told to stop' } });
      expect(computer.unit(service).notified.at(-1)).toContain('STOPPING=1');
      const stopped = await storedb('service', 'status');
      expect(stopped.code).toBe(21);
      expect(stopped.stdout).toContain('Next: storedb service start storedb-r-1');
      const started = await storedb('service', 'start');
      expect(started).toMatchObject({ code: 0, stderr: '' });
      expect(started.stdout).toContain('Its row is in RETAILOFFLINESYNCLOG');
    });

    /** Ends the process as a power cut would, and waits until the manager has tried to start it again. */
    const killed = async () => {
      const { NRestarts } = computer.unit(service);
      process.kill((await health()).processId, 'SIGKILL');
      await vi.waitFor(
        () => expect(computer.unit(service).NRestarts).toBeGreaterThan(NRestarts + 1),
        120_000,
      );
    };
    const recovered = (since: string) =>
      vi.waitFor(async () => {
        const now = await health();
        expect(now).toMatchObject({ state: 'waiting', failedInARow: 0 });
        expect(now.startedUtc > since).toBe(true);
      }, 120_000);

    it('says what is wrong with a damaged configuration, and recovers by itself when that is put right', async () => {
      const path = join(computer.root, 'etc/storedb', `${service}.json`);
      const whole = await readFile(path, 'utf8');
      await writeFile(path, whole.slice(0, 40));
      await killed();
      const failed = await storedb('service', 'start');
      expect(failed.code).toBe(4);
      expect(failed.stderr).toContain(`${path}, cannot be used: it is not JSON`);
      const { lastError, startedUtc } = await health();
      expect(lastError).toMatchObject({ code: 'service-configuration-damaged' });
      await writeFile(path, whole);
      await recovered(startedUtc);
    });

    it('says which password it cannot read, and recovers by itself when that is put right', async () => {
      const path = join(computer.root, 'etc/storedb', `${service}.secrets`, 'store.password');
      const whole = await readFile(path, 'utf8');
      await writeFile(path, '');
      await killed();
      const status = await statusOf();
      expect(status).toMatchObject({
        code: 21,
        health: { lastError: { code: 'service-secret-unreadable' } },
        hint: expect.stringContaining('storedb service'),
      });
      expect(status.message).toContain('store-password is empty');
      await writeFile(path, whole);
      await recovered(status.health.startedUtc);
    });

    it('shows the end of its log', async () => {
      const { stdout, code } = await storedb('service', 'logs', '--lines', '5');
      expect(code).toBe(0);
      expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(5);
      expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}info /m);
    });

    it('gives its passwords away nowhere', async () => {
      const { processId } = await health();
      const unit = await readFile(join(computer.root, 'etc/systemd/system', `${service}.service`), 'utf8');
      const configuration = await readFile(join(computer.root, 'etc/storedb', `${service}.json`), 'utf8');
      const log = await readFile(join(computer.root, 'var/log/storedb', service, 'service.log'), 'utf8');
      const status = await storedb('service', 'status');
      const of = async (name: string) => readFile(`/proc/${processId}/${name}`, 'utf8');
      const said = [
        ...[
          unit,
          configuration,
          log,
          JSON.stringify(await health()),
          status.stdout,
          computer.output(service),
        ],
        ...[await of('cmdline'), await of('environ')],
      ].join('\n');
      for (const password of ['Kanarienvogel-7!', 'Zweitvogel-8!', practice.password])
        expect(said).not.toContain(password);
      const secret = join(computer.root, 'etc/storedb', `${service}.secrets`, 'store.password');
      expect((await stat(secret)).mode & 0o777).toBe(0o600);
    });

    it('is taken away without a trace but its log', async () => {
      const { stdout, code } = await storedb('service', 'uninstall');
      expect(code).toBe(0);
      expect(stdout).toContain('Its log stays');
      for (const path of [
        join('etc/systemd/system', `${service}.service`),
        join('etc/storedb', `${service}.json`),
        join('etc/storedb', `${service}.secrets`),
      ])
        await expect(stat(join(computer.root, path))).rejects.toMatchObject({ code: 'ENOENT' });
      expect(computer.unit(service).ActiveState).toBe('inactive');
      expect(await storedb('service', 'uninstall', service)).toMatchObject({ code: 0 });
    });
  },
);
