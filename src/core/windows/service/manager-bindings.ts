import { bindings, type Pointer } from '../koffi.ts';
import { WindowsError, windowsErrors } from '../windows-error.ts';
import type { BasicSettings, ManagerCalls, RawStatus, ServiceHandle } from './manager-calls.ts';
import { multipleStrings, splitStrings } from './multiple-strings.ts';

const ownProcess = 0x10;
const errorNormal = 1;
const noChange = 0xff_ff_ff_ff;
const stopControl = 1;
const anyState = 3;
const win32Services = 0x30;
/** ChangeServiceConfig2's levels. */
const level = { description: 1, restarts: 2, delayed: 3, afterExitCode: 4, sid: 5, preshutdown: 7 } as const;
const restartAction = 1;
/** The largest that QueryServiceConfig and EnumServicesStatusEx can need (their documentation). */
const configurationBytes = 8192;
const listBytes = 256 * 1024;

type Text = string | null;
type Call<Arguments extends readonly unknown[]> = (...args: Arguments) => number;

/** The arguments that CreateService and ChangeServiceConfig have in common, from the type to the password. */
const configured = ({ startType, commandLine, dependencies, account }: BasicSettings) =>
  [
    ownProcess,
    startType,
    errorNormal,
    commandLine,
    null,
    null,
    multipleStrings(dependencies),
    account,
    null,
  ] as const;

/** advapi32's half of the service control manager, for who steers services. */
export const managerBindings = bindings((koffi, load): ManagerCalls => {
  koffi.struct('SERVICE_STATUS_PROCESS', {
    type: 'uint32',
    state: 'uint32',
    controls: 'uint32',
    exitCode: 'uint32',
    serviceExitCode: 'uint32',
    checkPoint: 'uint32',
    waitHintMs: 'uint32',
    processId: 'uint32',
    flags: 'uint32',
  });
  koffi.struct('QUERY_SERVICE_CONFIGW', {
    type: 'uint32',
    startType: 'uint32',
    errorControl: 'uint32',
    commandLine: 'str16',
    group: 'str16',
    tag: 'uint32',
    dependencies: 'void*',
    account: 'str16',
    displayName: 'str16',
  });
  koffi.struct('ENUM_SERVICE_STATUS_PROCESSW', {
    name: 'str16',
    displayName: 'str16',
    status: 'SERVICE_STATUS_PROCESS',
  });
  koffi.struct('SC_ACTION', { type: 'uint32', delayMs: 'uint32' });
  koffi.struct('SERVICE_FAILURE_ACTIONSW', {
    resetSeconds: 'uint32',
    rebootMessage: 'str16',
    command: 'str16',
    count: 'uint32',
    actions: 'SC_ACTION*',
  });
  koffi.struct('SERVICE_TEXT', { text: 'str16' });
  koffi.struct('SERVICE_NUMBER', { value: 'uint32' });

  const advapi32 = load('advapi32.dll');
  const lastError = load('kernel32.dll').func('uint32 __stdcall GetLastError()') as () => number;
  const must = (call: string, succeeded: number | Pointer | null): void => {
    if (!succeeded) throw new WindowsError(call, lastError());
  };
  const opened = (call: string, result: Pointer | null): ServiceHandle => {
    must(call, result);
    return result as ServiceHandle;
  };

  const openManager = advapi32.func(
    'void* __stdcall OpenSCManagerW(str16 computer, str16 database, uint32 rights)',
  ) as (computer: Text, database: Text, rights: number) => Pointer | null;
  const openService = advapi32.func(
    'void* __stdcall OpenServiceW(void* manager, str16 name, uint32 rights)',
  ) as (manager: ServiceHandle, name: string, rights: number) => Pointer | null;
  const close = advapi32.func('int __stdcall CloseServiceHandle(void* handle)') as Call<[ServiceHandle]>;
  const create = advapi32.func(
    'void* __stdcall CreateServiceW(void* manager, str16 name, str16 displayName, uint32 rights, uint32 type, uint32 start, uint32 errorControl, str16 path, str16 group, void* tag, void* dependencies, str16 account, str16 password)',
  ) as (...args: readonly unknown[]) => Pointer | null;
  const change = advapi32.func(
    'int __stdcall ChangeServiceConfigW(void* service, uint32 type, uint32 start, uint32 errorControl, str16 path, str16 group, void* tag, void* dependencies, str16 account, str16 password, str16 displayName)',
  ) as Call<readonly unknown[]>;
  const change2 = advapi32.func(
    'int __stdcall ChangeServiceConfig2W(void* service, uint32 level, void* settings)',
  ) as Call<[ServiceHandle, number, unknown]>;
  const query2 = advapi32.func(
    'int __stdcall QueryServiceConfig2W(void* service, uint32 level, _Out_ uint8* buffer, uint32 size, _Out_ uint32* needed)',
  ) as Call<[ServiceHandle, number, Buffer, number, [number]]>;
  const query = advapi32.func(
    'int __stdcall QueryServiceConfigW(void* service, _Out_ uint8* buffer, uint32 size, _Out_ uint32* needed)',
  ) as Call<[ServiceHandle, Buffer, number, [number]]>;
  const status = advapi32.func(
    'int __stdcall QueryServiceStatusEx(void* service, int level, _Out_ SERVICE_STATUS_PROCESS* status, uint32 size, _Out_ uint32* needed)',
  ) as Call<[ServiceHandle, number, object, number, [number]]>;
  const enumerate = advapi32.func(
    'int __stdcall EnumServicesStatusExW(void* manager, int level, uint32 type, uint32 state, _Out_ uint8* buffer, uint32 size, _Out_ uint32* needed, _Out_ uint32* count, _Inout_ uint32* resume, str16 group)',
  ) as Call<[ServiceHandle, number, number, number, Buffer, number, [number], [number], [number], Text]>;
  const remove = advapi32.func('int __stdcall DeleteService(void* service)') as Call<[ServiceHandle]>;
  const start = advapi32.func('int __stdcall StartServiceW(void* service, uint32 count, void* args)');
  const control = advapi32.func(
    'int __stdcall ControlService(void* service, uint32 control, _Out_ uint8* status)',
  );

  const set = (service: ServiceHandle, which: number, type: string, value: object) =>
    must('ChangeServiceConfig2W', change2(service, which, koffi.as(value, `${type}*`)));
  /** On a thread of its own; the error is that of that thread. */
  const waitFor = (call: string, asynchronous: typeof start.async, ...args: readonly unknown[]) =>
    new Promise<void>((resolve, reject) => {
      asynchronous(...args, (problem: Error | null, succeeded: number) => {
        if (problem) reject(problem);
        else if (!succeeded) reject(new WindowsError(call, lastError()));
        else resolve();
      });
    });

  return {
    openManager: (rights) => opened('OpenSCManagerW', openManager(null, null, rights)),
    openService: (manager, name, rights) => opened('OpenServiceW', openService(manager, name, rights)),
    close: (service) => void close(service),
    create: (manager, name, settings, rights) =>
      opened('CreateServiceW', create(manager, name, settings.displayName, rights, ...configured(settings))),
    change: (service, settings) =>
      must('ChangeServiceConfigW', change(service, ...configured(settings), settings.displayName)),
    changeStartType: (service, startType) =>
      must(
        'ChangeServiceConfigW',
        change(service, noChange, startType, noChange, null, null, null, null, null, null, null),
      ),
    readConfiguration: (service) => {
      const buffer = Buffer.alloc(configurationBytes);
      must('QueryServiceConfigW', query(service, buffer, buffer.length, [0]));
      const { displayName, commandLine, startType, account, dependencies } = koffi.decode(
        buffer,
        'QUERY_SERVICE_CONFIGW',
      );
      return {
        displayName,
        commandLine,
        startType,
        account,
        dependencies: dependencies
          ? splitStrings((index) => koffi.decode(dependencies, index * 2, 'uint16'))
          : [],
      };
    },
    readDelayedStart: (service) => {
      const buffer = Buffer.alloc(4);
      must('QueryServiceConfig2W', query2(service, level.delayed, buffer, buffer.length, [0]));
      return buffer.readUInt32LE() !== 0;
    },
    setDescription: (service, text) => set(service, level.description, 'SERVICE_TEXT', { text }),
    setDelayedStart: (service, isDelayed) =>
      set(service, level.delayed, 'SERVICE_NUMBER', { value: isDelayed ? 1 : 0 }),
    setRestarts: (service, delaysMs, resetSeconds) =>
      set(service, level.restarts, 'SERVICE_FAILURE_ACTIONSW', {
        resetSeconds,
        rebootMessage: null,
        command: null,
        count: delaysMs.length,
        actions: delaysMs.map((delayMs) => ({ type: restartAction, delayMs })),
      }),
    setRestartsAfterExitCode: (service, doRestart) =>
      set(service, level.afterExitCode, 'SERVICE_NUMBER', { value: doRestart ? 1 : 0 }),
    setSidType: (service, type) => set(service, level.sid, 'SERVICE_NUMBER', { value: type }),
    setPreshutdownTimeout: (service, milliseconds) =>
      set(service, level.preshutdown, 'SERVICE_NUMBER', { value: milliseconds }),
    start: (service) => waitFor('StartServiceW', start.async, service, 0, null),
    stop: (service) => waitFor('ControlService', control.async, service, stopControl, Buffer.alloc(28)),
    query: (service) => {
      const found = {} as RawStatus;
      must('QueryServiceStatusEx', status(service, 0, found, koffi.sizeof('SERVICE_STATUS_PROCESS'), [0]));
      return found;
    },
    remove: (service) => must('DeleteService', remove(service)),
    names: (manager) => {
      const names: string[] = [];
      const resume: [number] = [0];
      for (;;) {
        const buffer = Buffer.alloc(listBytes);
        const count: [number] = [0];
        const succeeded = enumerate(
          manager,
          0,
          win32Services,
          anyState,
          buffer,
          buffer.length,
          [0],
          count,
          resume,
          null,
        );
        const error = succeeded ? 0 : lastError();
        if (error !== 0 && error !== windowsErrors.moreData)
          throw new WindowsError('EnumServicesStatusExW', error);
        const page: readonly { name: string }[] = koffi.decode(
          buffer,
          koffi.array('ENUM_SERVICE_STATUS_PROCESSW', count[0]),
        );
        names.push(...page.map(({ name }) => name));
        if (error === 0) return names;
      }
    },
  };
});
