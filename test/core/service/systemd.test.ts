import { execFile, execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../../src/core/service/install/wanted.ts';
import { machinePlaces } from '../../../src/core/service/machine/places.ts';
import type { Programs } from '../../../src/core/service/machine/programs.ts';
import { systemdManager } from '../../../src/core/service/systemd/systemd-manager.ts';
import { unitFile } from '../../../src/core/service/systemd/unit.ts';
import { folderOfTest } from './folders.ts';
import { sampleConfiguration } from './sample-configuration.ts';

const definition = {
  ...definitionOf(sampleConfiguration, 'linux'),
  // What is there on every computer: systemd-analyze looks whether it can be run.
  program: '/bin/true',
};

function hasSystemdAnalyze(): boolean {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the unit file', () => {
  const places = machinePlaces('linux', '', {});

  it('starts the service after the network and the local SQL Server, and hands it what it may know', () => {
    const text = unitFile(definition, places, true);
    expect(text).toContain('After=network-online.target mssql-server.service\n');
    expect(text).toContain('ExecStart=/bin/true service host storedb-houston-1\n');
    expect(text).toContain('LoadCredential=configuration:/etc/storedb/storedb-houston-1.json\n');
    expect(text).toContain(
      'LoadCredentialEncrypted=store-password:/etc/storedb/storedb-houston-1.secrets/store.cred\n',
    );
    expect(unitFile(definition, places, false)).toContain(
      'LoadCredential=store-password:/etc/storedb/storedb-houston-1.secrets/store.password\n',
    );
  });

  it('writes what systemd would read otherwise in its way', () => {
    const strange = {
      ...definition,
      description: '100% of "A"\nB',
      program: '/opt/my shop/x$y%z"',
      args: ['\\'],
    };
    const text = unitFile(strange, places, true);
    expect(text).toContain('Description=100%% of "A" B\n');
    expect(text).toContain(String.raw`ExecStart="/opt/my shop/x$$y%%z\"" "\\"`);
  });

  it.runIf(hasSystemdAnalyze())('passes systemd-analyze verify, and its exposure is below 3.0', async () => {
    const path = join(await folderOfTest(), 'storedb-houston-1.service');
    await writeFile(path, unitFile(definition, places, true));
    const run = promisify(execFile);
    const verified = await run('systemd-analyze', ['verify', path]);
    expect(verified.stderr).toBe('');
    const { stdout } = await run('systemd-analyze', ['security', '--offline=yes', '--no-pager', path]);
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/.exec(stdout)?.[1]);
    expect(exposure).toBeLessThan(3);
    expect(exposure).toBeGreaterThan(0);
  });
});

describe('systemd as the manager of services', () => {
  async function manager(
    answers: (args: readonly string[]) => { code?: number; stdout?: string; stderr?: string },
  ) {
    const places = machinePlaces('linux', await folderOfTest(), {});
    const asked: string[] = [];
    const programs: Programs = {
      async run(program, args) {
        expect(program).toBe('systemctl');
        asked.push(args.filter((arg) => arg !== '--no-pager').join(' '));
        return { code: 0, stdout: '', stderr: '', ...answers(args) };
      },
    };
    return { places, asked, manager: systemdManager(places, programs, true) };
  }
  const shown = (values: Record<string, string | number>) =>
    Object.entries({
      LoadState: 'loaded',
      ActiveState: 'active',
      Result: 'success',
      MainPID: 0,
      ExecMainStatus: 0,
      UnitFileState: 'enabled',
      NRestarts: 0,
      ...values,
    })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n');

  it.each([
    [{ MainPID: 77 }, { state: 'running', processId: 77, startsWithMachine: true, problem: undefined }],
    [
      { ActiveState: 'failed', Result: 'watchdog' },
      { state: 'failed', problem: expect.stringContaining('did not move') },
    ],
    [
      { ActiveState: 'activating', ExecMainStatus: 243 },
      { state: 'starting', problem: expect.stringContaining('passwords') },
    ],
    [
      { ActiveState: 'activating', ExecMainStatus: 4, Result: 'exit-code' },
      { problem: 'it ended with exit code 4' },
    ],
    [
      { UnitFileState: 'disabled', ActiveState: 'inactive' },
      { state: 'stopped', startsWithMachine: false },
    ],
  ])('reads %j', async (values, expected) => {
    const { manager: systemd } = await manager(() => ({ stdout: shown(values) }));
    expect(await systemd.find('storedb-x')).toMatchObject(expected);
  });

  it('knows no service that has no unit', async () => {
    const { manager: systemd } = await manager(() => ({ stdout: shown({ LoadState: 'not-found' }) }));
    expect(await systemd.find('storedb-x')).toBeUndefined();
  });

  it('says what stands in the way of a service, with the command of whoever may', async () => {
    const { manager: systemd, places } = await manager(() => ({ stdout: 'systemd 252 (252.38)' }));
    expect(await systemd.hindrance()).toMatchObject({
      code: 'no-service-manager',
      hint: expect.stringContaining('storedb sync run'),
    });
    await mkdir(places.systemd, { recursive: true });
    expect(await systemd.hindrance()).toMatchObject({
      code: 'administrator-needed',
      hint: expect.stringContaining('sudo storedb service install'),
    });
    await mkdir(places.units, { recursive: true });
    expect(await systemd.hindrance()).toBeUndefined();
    const old = await manager(() => ({ stdout: 'systemd 239' }));
    await mkdir(old.places.systemd, { recursive: true });
    expect(await old.manager.hindrance()).toMatchObject({ code: 'service-manager-old' });
  });

  it('writes the unit and has it started with the computer; the same again is installed already', async () => {
    const { manager: systemd, places, asked } = await manager(() => ({}));
    await mkdir(places.units, { recursive: true });
    expect(await systemd.isInstalled(definition)).toBe(false);
    await systemd.install(definition);
    expect(asked).toEqual(['daemon-reload', 'enable storedb-houston-1.service']);
    expect(await readFile(join(places.units, 'storedb-houston-1.service'), 'utf8')).toContain('Type=notify');
    expect(await systemd.isInstalled(definition)).toBe(true);
    expect(await systemd.isInstalled({ ...definition, args: ['other'] })).toBe(false);
    await systemd.uninstall(definition.name);
    expect(await systemd.isInstalled(definition)).toBe(false);
    // Nothing there any more: fine.
    await systemd.uninstall(definition.name);
  });

  it('passes on what systemctl refuses', async () => {
    const { manager: systemd } = await manager(() => ({ code: 1, stderr: 'Access denied\nmore' }));
    await expect(systemd.stop('storedb-x')).rejects.toMatchObject({
      code: 'administrator-needed',
      message: expect.stringContaining('Access denied'),
    });
  });
});
