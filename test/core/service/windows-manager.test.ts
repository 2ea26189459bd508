import { describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../../../src/core/service/manager.ts';
import { windowsManager } from '../../../src/core/service/windows/windows-manager.ts';
import { windowsServiceControl } from '../../../src/core/windows/service/windows-service-control.ts';
import { fakeManager } from '../windows/fake-manager.ts';
import { ManualClock } from './manual-clock.ts';

const definition: ServiceDefinition = {
  name: 'storedb-houston-1',
  displayName: 'storedb synchronisation HOUSTON-1',
  description: 'synchronises',
  program: 'C:\\Program Files\\storedb\\storedb.exe',
  args: ['service', 'host', 'storedb-houston-1'],
  dependencies: ['MSSQL$SQLEXPRESS'],
  secrets: ['store'],
};

function onWindows() {
  const fake = fakeManager();
  const clock = new ManualClock();
  const control = windowsServiceControl(fake);
  return { fake, clock, control, manager: windowsManager(control, clock, async () => undefined) };
}

const other = (name: string, displayName: string, program: string) =>
  ({
    ...{ name, displayName, description: '', program, args: [] },
    startType: 'automatic',
    account: 'LocalSystem',
    dependencies: [],
    restartDelaysMs: [],
    failureResetSeconds: 0,
    preshutdownTimeoutMs: 0,
    sid: 'unrestricted',
  }) as const;

describe("Windows' service control manager as the manager of services", () => {
  it('installs a service with its own account, and depends only on what is there', async () => {
    const { manager, control } = onWindows();
    expect(await manager.isInstalled(definition)).toBe(false);
    await manager.install(definition);
    expect(await control.find(definition.name)).toMatchObject({
      account: 'NT SERVICE\\storedb-houston-1',
      dependencies: [],
      startType: 'automatic-delayed',
    });
    expect(await manager.isInstalled(definition)).toBe(true);
    await control.install(other('MSSQL$SQLEXPRESS', 'SQL Server', 'C:\\sqlservr.exe'));
    expect(await manager.isInstalled(definition)).toBe(false);
    await manager.install(definition);
    expect((await control.find(definition.name))?.dependencies).toEqual(['MSSQL$SQLEXPRESS']);
  });

  it('says in words how a service ended', async () => {
    const { manager, fake } = onWindows();
    await manager.install(definition);
    const service = fake.services.get(definition.name)!;
    const endedWith = async (exitCode: number, serviceExitCode = 0) => {
      service.status = { ...service.status, state: 1, exitCode, serviceExitCode };
      return await manager.find(definition.name);
    };
    expect(await endedWith(1077)).toMatchObject({ state: 'stopped', problem: undefined });
    expect(await endedWith(1053)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('1053'),
    });
    expect(await endedWith(1069)).toMatchObject({ problem: expect.stringContaining('1069') });
    expect(await endedWith(1066, 4)).toMatchObject({ problem: 'it ended with exit code 4' });
    await manager.start(definition.name);
    expect(await manager.find(definition.name)).toMatchObject({ state: 'starting', processId: 4242 });
  });

  it('finds the service of the original by its display name or its program, retires it and puts it back', async () => {
    const { manager, control, fake, clock } = onWindows();
    await control.install(other('RetailSync', 'Retail Offline Sync Service', 'C:\\x\\Service.exe'));
    await control.install(other('Odd', 'Something', 'C:\\Program Files\\AX\\OfflineSyncService.exe'));
    await control.install(other('Printer', 'Print Spooler', 'C:\\spool.exe'));
    await manager.install(definition);
    const running = fake.services.get('RetailSync')!;
    running.status = { ...running.status, state: 4, exitCode: 0 };
    const former = await manager.former();
    expect(former).toEqual([
      {
        name: 'RetailSync',
        displayName: 'Retail Offline Sync Service',
        startType: 'automatic',
        wasRunning: true,
      },
      { name: 'Odd', displayName: 'Something', startType: 'automatic', wasRunning: false },
    ]);
    const retiring = manager.retire(former[0]!);
    await expect.poll(() => running.status.state).toBe(3);
    running.status = { ...running.status, state: 1 };
    const time = setInterval(() => clock.advance(1000), 5);
    await retiring;
    clearInterval(time);
    expect(await control.find('RetailSync')).toMatchObject({ startType: 'disabled' });
    await manager.restore(former[0]!);
    expect(await control.find('RetailSync')).toMatchObject({ startType: 'automatic' });
    expect((await control.query('RetailSync'))?.state).toBe('start-pending');
    await manager.restore({ ...former[0]!, name: 'Gone' });
  });

  it('does not wait for ever for a service that does not stop', async () => {
    const { manager, fake, clock } = onWindows();
    await manager.install(definition);
    const service = fake.services.get(definition.name)!;
    service.status = { ...service.status, state: 4, exitCode: 0 };
    const stopping = manager.stop(definition.name);
    const failed = expect(stopping).rejects.toMatchObject({ code: 'service-not-stopped' });
    const time = setInterval(() => clock.advance(5000), 5);
    await failed;
    clearInterval(time);
  });
});
