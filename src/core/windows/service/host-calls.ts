import { bindings, type Pointer } from '../koffi.ts';
import { WindowsError, windowsErrors } from '../windows-error.ts';

/** What SetServiceStatus is told. */
export type ReportedStatus = {
  readonly state: number;
  /** The controls that the service takes now, as bits. */
  readonly accepted: number;
  readonly exitCode: number;
  readonly serviceExitCode: number;
  readonly checkPoint: number;
  readonly waitHintMs: number;
};

/** What a process asks of Windows to be a service. */
export type HostCalls = {
  /**
   * Connects this process with the manager, which then calls `main` once. Resolves when the service is stopped; false
   * when the manager did not start this process. To be called once in a process, within 30 seconds of its start.
   */
  dispatch(name: string, main: () => void): Promise<boolean>;
  /** From within `main`; `control` is called with each control, and its answer is one of Windows' error numbers. */
  registerControls(name: string, control: (code: number) => number): Pointer;
  report(service: Pointer, status: ReportedStatus): void;
};

const ownProcess = 0x10;

/**
 * koffi runs the dispatcher, which blocks, on a thread of its own, and passes the calls back of Windows on to the
 * JavaScript thread, as soon as that is free.
 */
export const hostBindings = bindings((koffi, load): HostCalls => {
  koffi.struct('SERVICE_STATUS', {
    type: 'uint32',
    state: 'uint32',
    accepted: 'uint32',
    exitCode: 'uint32',
    serviceExitCode: 'uint32',
    checkPoint: 'uint32',
    waitHintMs: 'uint32',
  });
  const serviceMain = koffi.proto('void __stdcall ServiceMain(uint32 count, void* args)');
  const controlHandler = koffi.proto(
    'uint32 __stdcall ControlHandler(uint32 code, uint32 eventType, void* event, void* context)',
  );
  const entry = koffi.struct('SERVICE_TABLE_ENTRYW', { name: 'str16', main: koffi.pointer(serviceMain) });
  const advapi32 = load('advapi32.dll');
  const lastError = load('kernel32.dll').func('uint32 __stdcall GetLastError()') as () => number;
  const dispatcher = advapi32.func('int __stdcall StartServiceCtrlDispatcherW(SERVICE_TABLE_ENTRYW* table)');
  const register = advapi32.func('RegisterServiceCtrlHandlerExW', 'void*', [
    'str16',
    koffi.pointer(controlHandler),
    'void*',
  ]) as (name: string, handler: Pointer, context: null) => Pointer | null;
  const setStatus = advapi32.func(
    'int __stdcall SetServiceStatus(void* service, SERVICE_STATUS* status)',
  ) as (service: Pointer, status: object) => number;

  return {
    dispatch: (name, main) => {
      const table = koffi.alloc(entry, 2);
      koffi.encode(table, koffi.array(entry, 2), [
        { name, main: koffi.register(main, koffi.pointer(serviceMain)) },
        { name: null, main: null },
      ]);
      return new Promise((resolve, reject) => {
        dispatcher.async(table, (problem: Error | null, succeeded: number) => {
          const error = succeeded ? 0 : lastError();
          if (problem) reject(problem);
          else if (error === windowsErrors.consoleProcess) resolve(false);
          else if (error !== 0) reject(new WindowsError('StartServiceCtrlDispatcherW', error));
          else resolve(true);
        });
      });
    },
    registerControls: (name, control) => {
      const handler = koffi.register((code: number) => control(code), koffi.pointer(controlHandler));
      const service = register(name, handler, null);
      if (!service) throw new WindowsError('RegisterServiceCtrlHandlerExW', lastError());
      return service;
    },
    report: (service, status) => {
      if (!setStatus(service, { type: ownProcess, ...status }))
        throw new WindowsError('SetServiceStatus', lastError());
    },
  };
});
