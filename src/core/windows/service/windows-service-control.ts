import { ExpectedError } from '../../errors.ts';
import { WindowsError, windowsErrors } from '../windows-error.ts';
import { commandLine } from './command-line.ts';
import {
  type ManagerCalls,
  managerRights,
  type RawConfiguration,
  type ServiceHandle,
  serviceRights,
  serviceStates,
  startTypes,
} from './manager-calls.ts';
import type {
  ServiceConfiguration,
  ServiceControl,
  ServiceDefinition,
  StartType,
  UntakenSetting,
} from './service-control.ts';
import { serviceFailure } from './service-failure.ts';

const sidTypes = { unrestricted: 1, restricted: 3 } as const;

/** Windows' own service control manager, through the functions of advapi32. */
export function windowsServiceControl(calls: ManagerCalls): ServiceControl {
  const { readConfiguration: read, query, start, stop, changeConfiguration, remove } = serviceRights;

  /** Opens the manager, does something, closes it; what failed is told as a technician's problem with that service. */
  const withManager = async <Result>(
    rights: number,
    name: string,
    act: (manager: ServiceHandle) => Result | Promise<Result>,
  ): Promise<Result> => {
    try {
      return await closing(calls, calls.openManager(managerRights.connect | rights), act);
    } catch (error) {
      throw serviceFailure(error, name);
    }
  };
  const withService = <Result>(
    name: string,
    rights: number,
    act: (service: ServiceHandle) => Result | Promise<Result>,
  ): Promise<Result> =>
    withManager(0, name, (manager) => closing(calls, calls.openService(manager, name, rights), act));

  const configuration = (name: string, service: ServiceHandle): ServiceConfiguration => {
    const raw = calls.readConfiguration(service);
    return { name, ...raw, startType: startTypeOf(raw, () => calls.readDelayedStart(service)) };
  };

  return {
    find: (name) =>
      withService(name, read, (service) => configuration(name, service)).catch(absent('service-missing')),
    list: () =>
      withManager(managerRights.enumerate, '', (manager) =>
        calls.names(manager).flatMap((name) => {
          try {
            const service = calls.openService(manager, name, read);
            try {
              return [configuration(name, service)];
            } finally {
              calls.close(service);
            }
          } catch (error) {
            // Some of Windows' own let nobody read them, and one may have gone since the list was made.
            if (error instanceof WindowsError) return [];
            throw error;
          }
        }),
      ),
    install: (definition) =>
      withManager(managerRights.create, definition.name, (manager) =>
        closing(calls, makeOrOpen(calls, manager, definition), (service) =>
          setOptional(calls, service, definition),
        ),
      ),
    start: (name) =>
      withService(name, start, (service) =>
        calls.start(service).catch(allow(windowsErrors.serviceAlreadyRunning)),
      ),
    stop: (name) =>
      withService(name, stop | query, async (service) => {
        if (serviceStates[calls.query(service).state - 1] === 'stop-pending') return;
        await calls.stop(service).catch(allow(windowsErrors.serviceNotActive));
      }),
    query: (name) =>
      withService(name, query, (service) => {
        const raw = calls.query(service);
        const isSpecific = raw.exitCode === windowsErrors.serviceSpecific;
        return {
          state: serviceStates[raw.state - 1] ?? 'stopped',
          processId: raw.processId === 0 ? undefined : raw.processId,
          exitCode: raw.exitCode,
          serviceExitCode: isSpecific ? raw.serviceExitCode : undefined,
          checkPoint: raw.checkPoint,
          waitHintMs: raw.waitHintMs,
        };
      }).catch(absent('service-missing')),
    setStartType: (name, startType) =>
      withService(name, changeConfiguration, (service) => {
        calls.changeStartType(service, startTypeNumber(startType));
        if (startType === 'automatic' || startType === 'automatic-delayed')
          calls.setDelayedStart(service, startType === 'automatic-delayed');
      }),
    uninstall: (name) =>
      withService(name, remove, (service) => calls.remove(service)).catch(
        absent('service-missing', 'service-being-deleted'),
      ),
  };
}

async function closing<Result>(
  calls: ManagerCalls,
  handle: ServiceHandle,
  act: (handle: ServiceHandle) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await act(handle);
  } finally {
    calls.close(handle);
  }
}

/** A handle with the right to change all of it, on a service that has the settings that no Windows refuses. */
function makeOrOpen(
  calls: ManagerCalls,
  manager: ServiceHandle,
  definition: ServiceDefinition,
): ServiceHandle {
  const { name, displayName, account, dependencies } = definition;
  // Setting restarts asks for the right to start it.
  const rights = serviceRights.changeConfiguration | serviceRights.start;
  const settings = {
    displayName,
    account,
    dependencies,
    commandLine: commandLine(definition.program, definition.args),
    startType: startTypeNumber(definition.startType),
  };
  try {
    return calls.create(manager, name, settings, rights);
  } catch (error) {
    if (!(error instanceof WindowsError) || error.number !== windowsErrors.serviceExists) throw error;
  }
  const service = calls.openService(manager, name, rights);
  try {
    calls.change(service, settings);
    return service;
  } catch (error) {
    calls.close(service);
    throw error;
  }
}

/** What the service can do without; each refusal is reported, and the rest is still set. */
function setOptional(
  calls: ManagerCalls,
  service: ServiceHandle,
  definition: ServiceDefinition,
): readonly UntakenSetting[] {
  const settings: readonly (readonly [UntakenSetting['setting'], () => void])[] = [
    ['description', () => calls.setDescription(service, definition.description)],
    ['delayed start', () => calls.setDelayedStart(service, definition.startType === 'automatic-delayed')],
    [
      'recovery actions',
      () => calls.setRestarts(service, definition.restartDelaysMs, definition.failureResetSeconds),
    ],
    ['recovery after an exit code', () => calls.setRestartsAfterExitCode(service, true)],
    ['service SID', () => calls.setSidType(service, sidTypes[definition.sid])],
    ['time before shutdown', () => calls.setPreshutdownTimeout(service, definition.preshutdownTimeoutMs)],
  ];
  return settings.flatMap(([setting, set]) => {
    try {
      set();
      return [];
    } catch (error) {
      if (!(error instanceof WindowsError)) throw error;
      return [{ setting, error: error.number }];
    }
  });
}

function startTypeNumber(startType: StartType): number {
  return startTypes[startType === 'automatic-delayed' ? 'automatic' : startType];
}

function startTypeOf({ startType }: RawConfiguration, isDelayed: () => boolean): StartType {
  if (startType === startTypes.automatic) return isDelayed() ? 'automatic-delayed' : 'automatic';
  const names = ['boot', 'system', 'automatic', 'manual', 'disabled'] as const;
  return names[startType] ?? 'manual';
}

/** For `catch`: lets an error of Windows pass that means that there was nothing to do. */
function allow(number: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof WindowsError) || error.number !== number) throw error;
  };
}

/** For `catch`: a service that is not there is no failure but an answer. */
function absent(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ExpectedError) || !codes.includes(error.code)) throw error;
  };
}
