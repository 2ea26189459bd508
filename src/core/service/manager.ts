import type { Finding } from '../plan/plan.ts';
import type { FormerService } from './machine/configuration.ts';

/** A service as the manager of this computer is to run it. */
export type ServiceDefinition = {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** The executable and its arguments; never a secret among them. */
  readonly program: string;
  readonly args: readonly string[];
  /** The database service of this computer that it starts after, where its name is known. */
  readonly dependencies: readonly string[];
  /** The names of the passwords that it is handed. */
  readonly secrets: readonly ('store' | 'offline')[];
};

/** What the manager says about a service. */
export type ManagedService = {
  readonly state: 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
  readonly startsWithMachine: boolean;
  readonly processId: number | undefined;
  /** Why it is not running, in the manager's words; undefined when there is nothing to say. */
  readonly problem: string | undefined;
  /** Times that the manager has started it again by itself; undefined where it does not count. */
  readonly restarts: number | undefined;
};

/** The manager of services of this computer: systemd, or Windows' service control manager. */
export type ServiceManager = {
  /** Why no service can be installed here and now, with what to do; undefined when it can. */
  hindrance(): Promise<Finding | undefined>;
  /** Undefined where there is none of that name. */
  find(name: string): Promise<ManagedService | undefined>;
  /** Whether the service is exactly so. */
  isInstalled(definition: ServiceDefinition): Promise<boolean>;
  /** Makes it, or brings it to this definition; one that runs goes on as it was. Gives what the manager did not take. */
  install(definition: ServiceDefinition): Promise<readonly Finding[]>;
  /** Returns when the manager has accepted it. */
  start(name: string): Promise<void>;
  /** Returns when it has ended. */
  stop(name: string): Promise<void>;
  /** Takes it away; it is stopped already. None of that name is fine. */
  uninstall(name: string): Promise<void>;
  /** Services of the product that storedb takes the place of, which would fight with ours. */
  former(): Promise<readonly FormerService[]>;
  /** Stops one of those and keeps it from starting. */
  retire(service: FormerService): Promise<void>;
  /** Puts it back as it was. */
  restore(service: FormerService): Promise<void>;
};
