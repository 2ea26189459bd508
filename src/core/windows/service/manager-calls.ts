/** What the service control manager is asked for, one function of Windows each; all throw WindowsError. */

declare const handle: unique symbol;
/** An open manager or service; `close` ends it. */
export type ServiceHandle = bigint & { readonly [handle]: true };

/** The numbers of winsvc.h that are passed on as they are. */
export const startTypes = { boot: 0, system: 1, automatic: 2, manual: 3, disabled: 4 } as const;
export const serviceStates = [
  'stopped',
  'start-pending',
  'stop-pending',
  'running',
  'continue-pending',
  'pause-pending',
  'paused',
] as const;
export const managerRights = { connect: 0x1, create: 0x2, enumerate: 0x4 } as const;
export const serviceRights = {
  readConfiguration: 0x1,
  changeConfiguration: 0x2,
  query: 0x4,
  start: 0x10,
  stop: 0x20,
  remove: 0x10000,
} as const;

/** What CreateService and ChangeServiceConfig take. */
export type BasicSettings = {
  readonly displayName: string;
  readonly commandLine: string;
  readonly startType: number;
  readonly account: string;
  readonly dependencies: readonly string[];
};

/** QUERY_SERVICE_CONFIGW. */
export type RawConfiguration = BasicSettings;

/** SERVICE_STATUS_PROCESS. */
export type RawStatus = {
  readonly state: number;
  readonly exitCode: number;
  readonly serviceExitCode: number;
  readonly checkPoint: number;
  readonly waitHintMs: number;
  readonly processId: number;
};

export type ManagerCalls = {
  openManager(rights: number): ServiceHandle;
  openService(manager: ServiceHandle, name: string, rights: number): ServiceHandle;
  close(service: ServiceHandle): void;
  create(manager: ServiceHandle, name: string, settings: BasicSettings, rights: number): ServiceHandle;
  change(service: ServiceHandle, settings: BasicSettings): void;
  changeStartType(service: ServiceHandle, startType: number): void;
  readConfiguration(service: ServiceHandle): RawConfiguration;
  readDelayedStart(service: ServiceHandle): boolean;
  setDescription(service: ServiceHandle, text: string): void;
  setDelayedStart(service: ServiceHandle, isDelayed: boolean): void;
  /** Each restart after its delay; the last one repeats. */
  setRestarts(service: ServiceHandle, delaysMs: readonly number[], resetSeconds: number): void;
  /** Whether an end with an exit code other than 0 counts as a failure too. */
  setRestartsAfterExitCode(service: ServiceHandle, doRestart: boolean): void;
  /** 1 unrestricted, 3 restricted. */
  setSidType(service: ServiceHandle, type: number): void;
  setPreshutdownTimeout(service: ServiceHandle, milliseconds: number): void;
  /** Takes as long as the process needs to come up, up to 30 seconds, in which this process goes on. */
  start(service: ServiceHandle): Promise<void>;
  /** As `start`: it waits for the service's answer. */
  stop(service: ServiceHandle): Promise<void>;
  query(service: ServiceHandle): RawStatus;
  /** Marks it for deletion: it vanishes when the last handle is closed and its process has ended. */
  remove(service: ServiceHandle): void;
  /** The names of all Win32 services, running or not. */
  names(manager: ServiceHandle): readonly string[];
};
