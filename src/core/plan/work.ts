import type { LocalGroups } from '../accounts/local-groups.ts';
import type { InitialData } from '../distribute/initial-data.ts';
import type { Job } from '../distribute/job.ts';
import type { PosFiles } from '../pos/pos-files.ts';
import type { Secret } from '../secret.ts';
import type { Machine } from '../service/machine/machine.ts';
import type { SecretsOfService } from '../service/secrets/service-secrets.ts';
import type { SqlSession } from '../sql/session.ts';
import type { SyncInput } from '../sync/sync-input.ts';
import type { Clock } from './clock.ts';
import type { Batch, Plan } from './plan.ts';
import { delayBeforeRetry } from './retry.ts';
import type { RunLocks, RunServers } from './servers.ts';
import type { Operator } from './setup.ts';
import type { Side } from './situation.ts';

/** What the runner works with. */
export type RunPorts = {
  readonly servers: RunServers;
  readonly posFiles: PosFiles;
  readonly localGroups: LocalGroups | undefined;
  readonly clock: Clock;
  readonly operator: Operator;
  readonly runId: string;
  readonly locks: RunLocks;
  readonly serviceAccountPassword: Secret | undefined;
  /** Given exactly where the task has an offline database. */
  readonly syncInput: SyncInput | undefined;
  readonly initialData: InitialData | undefined;
  readonly jobs: readonly Job[];
  readonly machine: Machine | undefined;
  /** Those of the service of the register; given with `machine`. */
  readonly serviceSecrets: SecretsOfService | undefined;
};

/** A run at work. `trace` is the only thing in it that changes. */
export type Work = RunPorts & {
  readonly plan: Plan;
  readonly signal: AbortSignal;
  readonly trace: {
    /** Something may have been written; a failure is now one part-way. */
    hasChanged: boolean;
    /** Optional actions that the engine cannot do, to be written down at the end. */
    readonly refused: {
      readonly side: Side;
      readonly id: string;
      readonly sha256: string;
      readonly errorNumber: number;
    }[];
  };
};

/**
 * Sends one batch, unless the run was cancelled or the lock lost. What the server refused or undid has changed
 * nothing; a connection lost on the way is counted as a change by the runner.
 */
export async function send(
  session: SqlSession,
  { sql }: Batch,
  side: Side,
  work: Work,
  signal: AbortSignal | undefined = work.signal,
): Promise<void> {
  work.signal.throwIfAborted();
  work.locks.assertHeld(side);
  await session.batch(sql, signal);
  work.trace.hasChanged = true;
}

/** `send`, again after a wait when it fails with what passes by itself. */
export async function sendWithRetries(
  session: SqlSession,
  batch: Batch,
  side: Side,
  work: Work,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send(session, batch, side, work);
      return;
    } catch (error) {
      const delay = delayBeforeRetry(error, attempt);
      if (delay === undefined) throw error;
      await work.clock.sleep(delay, work.signal);
    }
  }
}
