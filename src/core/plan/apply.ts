import { randomUUID } from 'node:crypto';
import { secretsOf } from '../service/install/wanted.ts';
import { syncInputOf } from '../sync/setup-input.ts';
import type { RunEvent } from './events.ts';
import { type DeployerLock, registerPatienceMs, takeDeployerLock } from './lock.ts';
import { beforehand, detectAndPlan } from './make-plan.ts';
import type { Plan } from './plan.ts';
import { refusal } from './refusal.ts';
import { applyPlan, stamped } from './runner.ts';
import { locksOf, type RunServers, serversFor } from './servers.ts';
import type { SetupInput } from './setup.ts';
import { databaseOf, type Side } from './situation.ts';

export type ApplyInput = SetupInput & {
  /** The fingerprint of the plan that was reviewed; the run is refused (code `plan-drifted`) when the server now needs another. */
  readonly expectedFingerprint?: string | undefined;
  /** A GUID; stands in the journal and in the first event. Made when not given. */
  readonly runId?: string | undefined;
  /** Called with the plan made under the lock, before anything is written: for the log folder. */
  readonly onPlan?: ((plan: Plan) => void | Promise<void>) | undefined;
};

/**
 * The whole run: connect, take the deployer's lock, detect, plan, apply. Always ends with exactly one `run-finished`
 * event, whose `exit` is the exit code; expected failures are in it and are not thrown. Only a bug is thrown.
 * `run-started` comes first unless the run fails before there is a plan.
 *
 * Aborting the signal stops between batches, or cancels the batch at work on the server; the open transaction is
 * rolled back and the next run continues.
 */
export async function* runApply(input: ApplyInput, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const { clock, operator } = input;
  const started = clock.elapsed();
  const servers = serversFor(input);
  const held = new Map<Side, DeployerLock>();
  const locks = locksOf(held);
  try {
    let plan: Plan;
    try {
      await takeLocks(input, servers, held, signal);
      // Under the lock: what another run has just finished must not be planned again.
      plan = await detectAndPlan(input, servers, signal);
      refuseDrift(plan, input.expectedFingerprint);
      await input.onPlan?.(plan);
    } catch (error) {
      const failure = beforehand(error, signal);
      if (failure === undefined) throw error;
      const { code, exit, message, hint, details } = failure;
      const elapsedMs = Math.round(clock.elapsed() - started);
      yield stamped(clock, {
        kind: 'run-finished',
        exit,
        summary: message,
        elapsedMs,
        failure: { code, message, hint, details },
      });
      return;
    }
    const runId = input.runId ?? randomUUID();
    const { posFiles, localGroups, serviceAccountPassword, initialData, jobs, machine } = input;
    const syncInput = input.offlineSignIn === undefined ? undefined : syncInputOf(input);
    const serviceSecrets = machine === undefined ? undefined : secretsOf(input);
    const ports = {
      ...{ servers, posFiles, clock, operator, runId, locks, serviceAccountPassword, syncInput },
      ...{ initialData, jobs, machine, serviceSecrets, localGroups },
    };
    yield* applyPlan(plan, ports, signal);
  } finally {
    try {
      await locks.releaseAll();
    } finally {
      await servers.close();
    }
  }
}

/** The store's lock first, so that two runs never wait for each other. */
async function takeLocks(
  { answers }: SetupInput,
  servers: RunServers,
  held: Map<Side, DeployerLock>,
  signal: AbortSignal,
): Promise<void> {
  const isRegister = answers.task !== 'store-database';
  for (const side of servers.sides) {
    const sessions = servers.of(side);
    const master = await sessions.open(undefined, signal);
    // At the store the other registers, at the register the cycle of its own service.
    const patience = isRegister ? registerPatienceMs : undefined;
    held.set(side, await takeDeployerLock(master, databaseOf(side, answers).name, signal, patience));
    sessions.prepare(signal);
  }
}

function refuseDrift(plan: Plan, expected: string | undefined): void {
  if (expected === undefined || expected === plan.fingerprint) return;
  throw refusal(
    'plan-drifted',
    'The server is no longer as it was when the plan was made.',
    'Make a new plan and look at it; after an interruption it holds what is left to do.',
    { expected, now: plan.fingerprint },
  );
}
