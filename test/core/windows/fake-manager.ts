/** A service control manager in memory that refuses as Windows does, for what stands above the bindings. */

import {
  type BasicSettings,
  type ManagerCalls,
  type RawStatus,
  type ServiceHandle,
  serviceRights,
} from '../../../src/core/windows/service/manager-calls.ts';
import { WindowsError } from '../../../src/core/windows/windows-error.ts';

type Service = {
  settings: BasicSettings;
  status: RawStatus;
  optional: Record<string, unknown>;
  isDeleted: boolean;
};

export type FakeManager = ManagerCalls & {
  readonly services: Map<string, Service>;
  /** Functions that fail, with the number of their error. */
  readonly failures: Map<string, number>;
  /** Handles that were opened and not closed. */
  openHandles(): number;
};

const stopped: RawStatus = {
  state: 1,
  exitCode: 1077,
  serviceExitCode: 0,
  checkPoint: 0,
  waitHintMs: 0,
  processId: 0,
};

export function fakeManager(): FakeManager {
  const services = new Map<string, Service>();
  const failures = new Map<string, number>();
  const handles = new Map<bigint, { readonly name: string; readonly rights: number }>();
  let last = 0n;
  const fail = (call: string) => {
    const error = failures.get(call);
    if (error !== undefined) throw new WindowsError(call, error);
  };
  const open = (name: string, rights: number): ServiceHandle => {
    last += 1n;
    handles.set(last, { name, rights });
    return last as ServiceHandle;
  };
  const service = (handle: ServiceHandle, call: string, right: number): Service => {
    fail(call);
    const opened = handles.get(handle);
    if (opened === undefined) throw new WindowsError(call, 6);
    if ((opened.rights & right) === 0) throw new WindowsError(call, 5);
    const found = services.get(opened.name);
    if (found === undefined || found.isDeleted) throw new WindowsError(call, 1072);
    return found;
  };
  const option = (name: string) => (handle: ServiceHandle, value: unknown, more?: unknown) => {
    fail(name);
    service(handle, 'ChangeServiceConfig2W', serviceRights.changeConfiguration).optional[name] =
      more === undefined ? value : [value, more];
  };
  return {
    services,
    failures,
    openHandles: () => handles.size,
    openManager: (rights) => {
      fail('OpenSCManagerW');
      return open('', rights);
    },
    openService: (_manager, name, rights) => {
      fail('OpenServiceW');
      if (!services.has(name)) throw new WindowsError('OpenServiceW', 1060);
      return open(name, rights);
    },
    close: (handle) => void handles.delete(handle),
    create: (_manager, name, settings, rights) => {
      fail('CreateServiceW');
      const known = services.get(name);
      if (known?.isDeleted) throw new WindowsError('CreateServiceW', 1072);
      if (known) throw new WindowsError('CreateServiceW', 1073);
      services.set(name, { settings, status: stopped, optional: {}, isDeleted: false });
      return open(name, rights);
    },
    change: (handle, settings) => {
      service(handle, 'ChangeServiceConfigW', serviceRights.changeConfiguration).settings = settings;
    },
    changeStartType: (handle, startType) => {
      const found = service(handle, 'ChangeServiceConfigW', serviceRights.changeConfiguration);
      found.settings = { ...found.settings, startType };
    },
    readConfiguration: (handle) =>
      service(handle, 'QueryServiceConfigW', serviceRights.readConfiguration).settings,
    readDelayedStart: (handle) =>
      service(handle, 'QueryServiceConfig2W', serviceRights.readConfiguration).optional.delayed === true,
    setDescription: option('description'),
    setDelayedStart: option('delayed'),
    setRestarts: option('restarts'),
    setRestartsAfterExitCode: option('after exit code'),
    setSidType: option('sid'),
    setPreshutdownTimeout: option('preshutdown'),
    start: async (handle) => {
      const found = service(handle, 'StartServiceW', serviceRights.start);
      if (found.status.state !== 1) throw new WindowsError('StartServiceW', 1056);
      found.status = { ...stopped, state: 2, exitCode: 0, processId: 4242, waitHintMs: 10_000 };
    },
    stop: async (handle) => {
      const found = service(handle, 'ControlService', serviceRights.stop);
      if (found.status.state === 1) throw new WindowsError('ControlService', 1062);
      found.status = { ...found.status, state: 3 };
    },
    query: (handle) => service(handle, 'QueryServiceStatusEx', serviceRights.query).status,
    remove: (handle) => {
      service(handle, 'DeleteService', serviceRights.remove).isDeleted = true;
    },
    names: () => {
      fail('EnumServicesStatusExW');
      return [...services.keys()];
    },
  };
}
