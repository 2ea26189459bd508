import { ExpectedError } from '../../errors.ts';
import type { Clock } from '../../plan/clock.ts';
import type { Finding } from '../../plan/plan.ts';
import type {
  ServiceDefinition as Definition,
  ServiceConfiguration,
  ServiceControl,
  ServiceStatus,
  StartType,
  UntakenSetting,
} from '../../windows/service/service-control.ts';
import type { FormerService } from '../machine/configuration.ts';
import type { ManagedService, ServiceDefinition, ServiceManager } from '../manager.ts';

/** Milliseconds that a service gets to stop, ours or the original's. */
const stopPatience = 60_000;
const pause = 250;

/**
 * Windows' service control manager. `mayInstall` says why this account may not install services, undefined when it
 * may: what an administrator has to do is said before anything is begun.
 */
export function windowsManager(
  control: ServiceControl,
  clock: Clock,
  mayInstall: () => Promise<Finding | undefined>,
): ServiceManager {
  const stop = async (name: string) => {
    await control.stop(name);
    const begun = clock.elapsed();
    for (;;) {
      const status = await control.query(name);
      if (status === undefined || status.state === 'stopped') return;
      if (clock.elapsed() - begun > stopPatience) throw notStopped(name);
      await clock.sleep(pause);
    }
  };
  return {
    hindrance: mayInstall,
    async find(name) {
      const [status, configuration] = [await control.query(name), await control.find(name)];
      return status === undefined ? undefined : managedOf(status, configuration);
    },
    async isInstalled(definition) {
      const there = await control.find(definition.name);
      const wanted = await wantedBy(control, definition);
      return (
        there !== undefined &&
        there.displayName === wanted.displayName &&
        there.startType === wanted.startType &&
        namesProgram(there.commandLine, definition) &&
        there.account.toLowerCase() === wanted.account.toLowerCase() &&
        there.dependencies.join().toLowerCase() === wanted.dependencies.join().toLowerCase()
      );
    },
    async install(definition) {
      const untaken = await control.install(await wantedBy(control, definition));
      return untaken.map((each) => untakenFinding(definition.name, each));
    },
    start: (name) => control.start(name),
    stop,
    uninstall: (name) => control.uninstall(name),
    async former() {
      const found = (await control.list()).filter(isOriginal);
      const described = found.map(async ({ name, displayName, startType }): Promise<FormerService> => {
        const status = await control.query(name);
        return { name, displayName, startType, wasRunning: status?.state === 'running' };
      });
      return await Promise.all(described);
    },
    async retire({ name }) {
      await control.setStartType(name, 'disabled');
      await stop(name);
    },
    async restore({ name, startType, wasRunning }) {
      if ((await control.find(name)) === undefined) return;
      await control.setStartType(name, startType as StartType);
      if (wasRunning) await control.start(name);
    },
  };
}

/**
 * The Offline Sync Service of Dynamics AX 2012 for Retail. Its name differs between versions and installations; the
 * display name and the program that it runs tell it (`RetailOfflineSyncService.exe` and the like).
 */
function isOriginal({ name, displayName, commandLine }: ServiceConfiguration): boolean {
  if (name.startsWith('storedb-')) return false;
  return (
    /retail.*offline\s*sync|offline\s*sync\s*service/i.test(displayName) ||
    /[\\/]?[^\\/"]*offline\.?sync[^\\/"]*\.exe/i.test(commandLine)
  );
}

/** A dependency that is not there would keep the service from starting for ever (error 1075). */
async function wantedBy(control: ServiceControl, definition: ServiceDefinition): Promise<Definition> {
  const { name, displayName, description, program, args, dependencies } = definition;
  const there: string[] = [];
  for (const each of dependencies) if ((await control.find(each)) !== undefined) there.push(each);
  return {
    name,
    displayName,
    description,
    program,
    args,
    startType: 'automatic-delayed',
    account: `NT SERVICE\\${name}`,
    dependencies: there,
    restartDelaysMs: [5000, 30_000, 60_000],
    failureResetSeconds: 86_400,
    preshutdownTimeoutMs: 30_000,
    sid: 'unrestricted',
  };
}

function namesProgram(commandLine: string, { program, args }: ServiceDefinition): boolean {
  const plain = commandLine.replaceAll('"', '').toLowerCase();
  return plain === [program, ...args].join(' ').toLowerCase();
}

function managedOf(status: ServiceStatus, configuration: ServiceConfiguration | undefined): ManagedService {
  const state = (
    {
      stopped: 'stopped',
      'start-pending': 'starting',
      running: 'running',
      'stop-pending': 'stopping',
      paused: 'stopped',
      'pause-pending': 'stopping',
      'continue-pending': 'starting',
    } as const
  )[status.state];
  const problem = problemOf(status);
  return {
    state: state === 'stopped' && problem !== undefined ? 'failed' : state,
    startsWithMachine: configuration?.startType.startsWith('automatic') === true,
    processId: status.processId,
    problem,
    restarts: undefined,
  };
}

/** Windows' system error codes: https://learn.microsoft.com/windows/win32/debug/system-error-codes--1000-1299- */
function problemOf({ state, exitCode, serviceExitCode }: ServiceStatus): string | undefined {
  if (state === 'running' || exitCode === 0 || exitCode === 1077) return undefined;
  switch (exitCode) {
    case 1053:
      return 'it did not answer within 30 seconds of its start (1053)';
    case 1066:
      return `it ended with exit code ${serviceExitCode ?? 'unknown'}`;
    case 1067:
      return 'its process died (1067)';
    case 1068:
    case 1075:
      return `the SQL Server of this computer, which it waits for, does not start (${exitCode})`;
    case 1069:
      return 'its account may not log on as a service (1069)';
    default:
      return `Windows error ${exitCode}`;
  }
}

function notStopped(name: string): ExpectedError {
  return new ExpectedError({
    code: 'service-not-stopped',
    exit: 'failedPartWay',
    message: `The service ${name} did not stop within ${stopPatience / 1000} seconds.`,
    hint: 'End its process in the Task Manager, then run the same command again.',
    details: { service: name },
  });
}

function untakenFinding(service: string, { setting, error }: UntakenSetting): Finding {
  return {
    code: 'service-setting-refused',
    message: `Windows did not take a setting of ${service}: ${setting} (error ${error}).`,
    hint: 'The service works without it; an administrator can set it in services.msc.',
  };
}
