/** The manager of the services of a computer, as storedb needs it. Windows' own is `windowsServiceControl`. */

export type ServiceState =
  | 'stopped'
  | 'start-pending'
  | 'running'
  | 'stop-pending'
  | 'paused'
  | 'pause-pending'
  | 'continue-pending';

export type ServiceStatus = {
  readonly state: ServiceState;
  /** Undefined while no process runs for it. */
  readonly processId: number | undefined;
  /**
   * How it ended last, as a Windows error: 0 well, 1067 the process died, 1077 not started since the computer was,
   * 1066 with a number of its own, which is `serviceExitCode` then.
   */
  readonly exitCode: number;
  readonly serviceExitCode: number | undefined;
  /** Grows while it starts or stops; one that stands still for longer than `waitHintMs` is stuck. */
  readonly checkPoint: number;
  readonly waitHintMs: number;
};

export type StartType = 'automatic' | 'automatic-delayed' | 'manual' | 'disabled' | 'boot' | 'system';

export type ServiceConfiguration = {
  readonly name: string;
  readonly displayName: string;
  /** Program and arguments as one line, quoted as whoever installed it did. */
  readonly commandLine: string;
  readonly startType: StartType;
  readonly account: string;
  /** Names of the services that start before this one; a group of services begins with `+`. */
  readonly dependencies: readonly string[];
};

export type ServiceDefinition = {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Whole path of the executable. */
  readonly program: string;
  /** Everybody can read them: never a secret. */
  readonly args: readonly string[];
  readonly startType: 'automatic' | 'automatic-delayed' | 'manual';
  /** One without a password: `NT SERVICE\NAME`, `NT AUTHORITY\LocalService` or `LocalSystem`. */
  readonly account: string;
  readonly dependencies: readonly string[];
  /** How long to wait before the first, second, ... restart after it failed; the last one repeats. */
  readonly restartDelaysMs: readonly number[];
  /** The restarts are counted from the start again after this time without a failure. */
  readonly failureResetSeconds: number;
  /** How long the shutdown of the computer waits for it. */
  readonly preshutdownTimeoutMs: number;
  /** Whether its process may write only where the service's own SID was given the right (`restricted`). */
  readonly sid: 'unrestricted' | 'restricted';
};

/** An optional setting that the manager did not take, with the number of its error. */
export type UntakenSetting = {
  readonly setting:
    | 'description'
    | 'delayed start'
    | 'recovery actions'
    | 'recovery after an exit code'
    | 'service SID'
    | 'time before shutdown';
  readonly error: number;
};

/**
 * Nothing here waits for a service to arrive anywhere: `start` and `stop` return when the manager has accepted, and
 * `query` tells how it goes. Every failure that a technician can meet is an ExpectedError: `administrator-needed`,
 * `service-missing`, `service-being-deleted`, `service-busy`, `service-not-started`, `service-refused`.
 */
export type ServiceControl = {
  /** Undefined when there is none of that name. */
  find(name: string): Promise<ServiceConfiguration | undefined>;
  /** Every service of the computer, drivers left out; one whose configuration may not be read is left out too. */
  list(): Promise<readonly ServiceConfiguration[]>;
  /** Makes the service, or brings an existing one to this definition, which takes effect at its next start. */
  install(definition: ServiceDefinition): Promise<readonly UntakenSetting[]>;
  /** One that runs already is fine. */
  start(name: string): Promise<void>;
  /** One that is stopped or stopping already is fine. */
  stop(name: string): Promise<void>;
  query(name: string): Promise<ServiceStatus | undefined>;
  setStartType(name: string, startType: StartType): Promise<void>;
  /** It is to be stopped before: a running one only vanishes when its process ends. One that is gone is fine. */
  uninstall(name: string): Promise<void>;
};
