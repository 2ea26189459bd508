import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PracticeServer, Workplace } from '../e2e/storedb.ts';
import { bootComputer, type Computer } from './computer.ts';

const service = 'storedb-r-1';
const program = '/project/dist/storedb-linux-x64';
const password = 'Kanarienvogel-7!';

describe('the executable as a service of the real systemd', {
  timeout: 300_000,
}, () => {
  let place: Workplace;
  let practice: PracticeServer;
  let computer: Computer;
  let environment: Readonly<Record<string, string>>;

  const storedb = (...args: string[]) =>
    computer.run([program, '--log-dir', '/tmp/logs', ...args], environment);
  const property = async (name: string) =>
    (await computer.run(['systemctl', 'show', service, '-p', name, '--value'])).stdout.trim();
  const isWell = () =>
    vi.waitFor(async () => expect((await storedb('service', 'status')).code).toBe(0), {
      timeout: 120_000,
      interval: 1000,
    });

  beforeAll(async () => {
    const booted = await bootComputer();
    if (booted === undefined) throw new Error('systemd could not be booted here');
    computer = booted;
    place = await Workplace.make();
    practice = await PracticeServer.start(place);
    environment = { ...practice.environment, SYNC_PASSWORD: password };
    const ids = (more: string) => `identification: { storeId: HOUSTON${more}, dataAreaId: usrt }`;
    const store = practice.answers('Store', ids('')).replace('trust }', 'trust, initialData: sample }');
    const register = [
      practice.answers('Store', ids(', registerId: R-1')).replace('store-database', 'offline-database'),
      'offlineDatabase:',
      `  server: '${practice.server}'`,
      '  name: Offline',
      `  auth: { kind: sql, user: ${practice.user}, password: env:STORE_PASSWORD }`,
      'serviceAccount: { user: storedb_sync, password: env:SYNC_PASSWORD }',
    ].join('\n');
    for (const [name, text] of [
      ['store.yaml', store],
      ['register.yaml', register],
    ] as const)
      expect(await place.run(['apply', await place.write(name, text)], environment)).toMatchObject({
        code: 0,
      });
    const copy = ['sh', '-c', `cat > /tmp/register.yaml <<'END'\n${register}\nEND`];
    expect(await computer.run(copy)).toMatchObject({ code: 0 });
  }, 300_000);

  afterAll(async () => {
    await practice?.stop();
    await computer?.stop();
    await place?.remove();
  });

  it('installs itself, runs as a user of its own without rights, and synchronises', async () => {
    expect(await storedb('service', 'install', '/tmp/register.yaml')).toMatchObject({
      code: 0,
      stderr: '',
    });
    await isWell();
    expect(await property('StatusText')).not.toBe('');
    const id = await property('MainPID');
    const user = (await computer.run(['ps', '-o', 'user=', '-p', id])).stdout.trim();
    expect(user).not.toBe('root');
    const { stdout } = await computer.run(['readlink', `/proc/${id}/exe`]);
    expect(stdout.trim()).toBe('/opt/storedb/storedb');
  });

  it('gives its passwords away nowhere', async () => {
    const files = [
      ...[`/etc/systemd/system/${service}.service`, '/etc/storedb'],
      ...[`/var/lib/private/storedb/${service}`, `/var/log/private/storedb/${service}`],
      ...['cmdline', 'environ'].map(
        (name) => `/proc/$(systemctl show ${service} -p MainPID --value)/${name}`,
      ),
    ];
    const found = await computer.run(['sh', '-c', `grep -rlF '${password}' ${files.join(' ')}`]);
    expect(found).toMatchObject({ code: 1, stdout: '', stderr: '' });
  });

  it('comes back after a kill, and after it has hung, by the watchdog', async () => {
    for (const signal of ['KILL', 'STOP']) {
      const before = await property('MainPID');
      await computer.run(['kill', `-${signal}`, before]);
      await vi.waitFor(
        async () => {
          expect(await property('MainPID')).not.toBe(before);
          expect(await property('ActiveState')).toBe('active');
        },
        { timeout: 150_000, interval: 1000 },
      );
      await isWell();
    }
  });

  it('stops in order, starts with its proof, and is taken away', async () => {
    expect(await storedb('service', 'stop')).toMatchObject({ code: 0 });
    expect(await property('Result')).toBe('success');
    const started = await storedb('service', 'start');
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(started.stdout).toContain('RETAILOFFLINESYNCLOG');
    expect(await storedb('service', 'uninstall')).toMatchObject({ code: 0 });
    expect(await property('LoadState')).toBe('not-found');
    const left = await computer.run(['ls', '-A', join('/etc', 'storedb')]);
    expect(left.stdout).toBe('');
  });
});
