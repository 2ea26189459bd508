import type { LocalGroups } from '../accounts/local-groups.ts';
import type { InitialData } from '../distribute/initial-data.ts';
import type { Job } from '../distribute/job.ts';
import type { PosFiles } from '../pos/pos-files.ts';
import type { Secret } from '../secret.ts';
import type { Machine } from '../service/machine/machine.ts';
import type { SecretsOfService } from '../service/secrets/service-secrets.ts';
import type { DriverSession } from '../sql/mssql-session.ts';
import type { SqlSession } from '../sql/session.ts';
import type { SyncInput } from '../sync/sync-input.ts';
import type { Clock } from './clock.ts';
import type { Finding } from './plan.ts';
import type { Operator } from './setup.ts';

/** How far an action has come; `total` 0 = nobody knows. */
export type Progress = { readonly done: number; readonly total: number; readonly unit: string };

/** What became of an action that did not stop the run. */
export type Outcome = { readonly outcome: 'done' | 'skipped' | 'warning'; readonly finding?: Finding };

/** What an operation works with: the servers of the run and its bookkeeping. */
export type OperationContext = {
  /** The run's session in that database, shared with the other actions; `master` is the one that holds the lock. */
  open(role: 'store' | 'offline', database?: 'master'): Promise<SqlSession>;
  /** A connection of its own to that database, for streams; whoever asked closes it. */
  connect(role: 'store' | 'offline'): Promise<DriverSession>;
  /** The register and its store, for what synchronises them. Throws for a task without one: a fault of the caller. */
  syncInput(): SyncInput;
  /** The password of the account that is created for the run time; undefined when the answers name none. */
  readonly serviceAccountPassword: Secret | undefined;
  /** The pack that is loaded; given exactly when the plan loads one. */
  readonly initialData: InitialData | undefined;
  /** The scheduler jobs that this program knows. */
  readonly jobs: readonly Job[];
  /** Where services go; given exactly where the plan may install one, and with it the passwords of the service. */
  readonly machine: Machine | undefined;
  readonly serviceSecrets: SecretsOfService | undefined;
  readonly posFiles: PosFiles;
  readonly localGroups: LocalGroups | undefined;
  readonly clock: Clock;
  readonly operator: Operator;
  /** A GUID; stands in the journal. */
  readonly runId: string;
  readonly signal: AbortSignal;
  /** To be called after everything that changes something outside this process: a failure is then one part-way. */
  hasChanged(): void;
};

/**
 * Does one operation. Throws ExpectedError when it failed and the plan must stop; a `warning` outcome lets it go on.
 * Everything it does can be done again: a run that was killed in it is finished by the next one.
 */
export type Performer<Operation> = (
  operation: Operation,
  context: OperationContext,
) => AsyncGenerator<Progress, Outcome>;
