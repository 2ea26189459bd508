import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import type { ServiceDefinition } from '../../../src/core/windows/service/service-control.ts';
import { windowsServiceControl } from '../../../src/core/windows/service/windows-service-control.ts';
import { fakeManager } from './fake-manager.ts';

const definition: ServiceDefinition = {
  name: 'storedb-houston-1',
  displayName: 'storedb HOUSTON-1',
  description: 'Synchronises the register HOUSTON-1.',
  program: 'C:\\Program Files\\storedb\\storedb.exe',
  args: ['service', 'run', 'HOUSTON 1'],
  startType: 'automatic-delayed',
  account: 'NT SERVICE\\storedb-houston-1',
  dependencies: ['MSSQL$SQLEXPRESS'],
  restartDelaysMs: [5000, 60_000],
  failureResetSeconds: 86_400,
  preshutdownTimeoutMs: 60_000,
  sid: 'unrestricted',
};

function opened() {
  const manager = fakeManager();
  return { manager, control: windowsServiceControl(manager) };
}

async function problemOf(promise: Promise<unknown>): Promise<ExpectedError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof ExpectedError)) throw new Error(`Not an expected problem: ${error}`);
  return error;
}

describe('the services of a computer', () => {
  it('are installed with everything that the definition says', async () => {
    const { manager, control } = opened();
    expect(await control.install(definition)).toEqual([]);
    expect(await control.find(definition.name)).toEqual({
      name: 'storedb-houston-1',
      displayName: 'storedb HOUSTON-1',
      commandLine: '"C:\\Program Files\\storedb\\storedb.exe" service run "HOUSTON 1"',
      startType: 'automatic-delayed',
      account: 'NT SERVICE\\storedb-houston-1',
      dependencies: ['MSSQL$SQLEXPRESS'],
    });
    expect(manager.services.get(definition.name)?.optional).toEqual({
      description: 'Synchronises the register HOUSTON-1.',
      delayed: true,
      restarts: [[5000, 60_000], 86_400],
      'after exit code': true,
      sid: 1,
      preshutdown: 60_000,
    });
  });

  it('are brought to a new definition when they are installed again', async () => {
    const { control } = opened();
    await control.install(definition);
    await control.install({ ...definition, startType: 'automatic', dependencies: [] });
    expect(await control.find(definition.name)).toMatchObject({ startType: 'automatic', dependencies: [] });
  });

  it('name the settings that this Windows does not take, and have the others', async () => {
    const { manager, control } = opened();
    manager.failures.set('sid', 124);
    manager.failures.set('description', 87);
    expect(await control.install(definition)).toEqual([
      { setting: 'description', error: 87 },
      { setting: 'service SID', error: 124 },
    ]);
    expect(manager.services.get(definition.name)?.optional).toMatchObject({ preshutdown: 60_000 });
  });

  it('start, run, stop, each a second time without harm', async () => {
    const { manager, control } = opened();
    await control.install(definition);
    expect(await control.query(definition.name)).toMatchObject({ state: 'stopped', exitCode: 1077 });
    await control.start(definition.name);
    await control.start(definition.name);
    expect(await control.query(definition.name)).toMatchObject({ state: 'start-pending', processId: 4242 });
    await control.stop(definition.name);
    await control.stop(definition.name);
    expect(await control.query(definition.name)).toMatchObject({ state: 'stop-pending' });
    const service = manager.services.get(definition.name);
    if (service) service.status = { ...service.status, state: 1, processId: 0 };
    await control.stop(definition.name);
  });

  it('tell the number of their own with which they ended', async () => {
    const { manager, control } = opened();
    await control.install(definition);
    const service = manager.services.get(definition.name);
    if (service) service.status = { ...service.status, exitCode: 1066, serviceExitCode: 5 };
    expect(await control.query(definition.name)).toMatchObject({ exitCode: 1066, serviceExitCode: 5 });
  });

  it('change how they start', async () => {
    const { control } = opened();
    await control.install(definition);
    for (const startType of ['disabled', 'automatic-delayed', 'automatic', 'manual'] as const) {
      await control.setStartType(definition.name, startType);
      expect(await control.find(definition.name)).toMatchObject({ startType });
    }
  });

  it('are not there before they are installed and after they are removed', async () => {
    const { manager, control } = opened();
    expect(await control.find(definition.name)).toBeUndefined();
    expect(await control.query(definition.name)).toBeUndefined();
    await control.uninstall(definition.name);
    await control.install(definition);
    await control.uninstall(definition.name);
    await control.uninstall(definition.name);
    manager.services.delete(definition.name);
    expect(await control.find(definition.name)).toBeUndefined();
  });

  it('are listed without those that nobody may read', async () => {
    const { manager, control } = opened();
    await control.install(definition);
    expect((await control.list()).map(({ name }) => name)).toEqual([definition.name]);
    manager.failures.set('QueryServiceConfigW', 5);
    expect(await control.list()).toEqual([]);
  });

  it('leave no handle open, whatever fails', async () => {
    const { manager, control } = opened();
    await control.install(definition);
    manager.failures.set('ChangeServiceConfigW', 87).set('QueryServiceConfigW', 5).set('StartServiceW', 1069);
    await problemOf(control.install(definition));
    await problemOf(control.find(definition.name));
    await problemOf(control.start(definition.name));
    await control.list();
    expect(manager.openHandles()).toBe(0);
  });
});

describe('a failure of the service control manager', () => {
  it.each([
    ['OpenSCManagerW', 5, 'administrator-needed', 'prerequisite'],
    ['OpenServiceW', 5, 'administrator-needed', 'prerequisite'],
    ['OpenServiceW', 1060, 'service-missing', 'prerequisite'],
    ['StartServiceW', 1053, 'service-not-started', 'failedPartWay'],
    ['StartServiceW', 1069, 'service-not-started', 'failedPartWay'],
    ['StartServiceW', 31, 'service-not-started', 'failedPartWay'],
    ['StartServiceW', 1061, 'service-busy', 'failedPartWay'],
    ['StartServiceW', 1072, 'service-being-deleted', 'failedPartWay'],
  ] as const)('%s with %d is %s', async (call, number, code, exit) => {
    const { manager, control } = opened();
    await control.install(definition);
    manager.failures.set(call, number);
    const problem = await problemOf(control.start(definition.name));
    expect(problem).toMatchObject({ code, exit, details: { call, number } });
    expect(problem.hint).not.toBe('');
  });

  it('that is none of Windows is thrown as it is', async () => {
    const { manager, control } = opened();
    manager.openManager = () => {
      throw new TypeError('a bug');
    };
    await expect(control.list()).rejects.toThrow(TypeError);
  });
});
