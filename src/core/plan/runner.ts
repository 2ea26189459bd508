import type { ExitName, ExpectedError } from '../errors.ts';
import { expectedFailure } from './action-failure.ts';
import { cancelled } from './cancelled.ts';
import type { Clock } from './clock.ts';
import type { RunEvent } from './events.ts';
import { recordRefusal } from './journal.ts';
import { perform } from './perform.ts';
import type { Action, Finding, Plan } from './plan.ts';
import type { Side } from './situation.ts';
import { successSummary, withServerKind } from './summary.ts';
import type { RunPorts, Work } from './work.ts';

type Unstamped<Event> = Event extends unknown ? Omit<Event, 'at'> : never;
type EventBody = Unstamped<RunEvent>;

export function stamped(clock: Clock, event: EventBody): RunEvent {
  return { at: clock.now().toISOString(), ...event } as RunEvent;
}

/**
 * Executes a plan and tells what it does. The caller holds the deployer's lock and has made the plan under it. Ends
 * with exactly one `run-finished`; expected failures are in it, only bugs are thrown. Sessions stay open.
 */
export async function* applyPlan(plan: Plan, ports: RunPorts, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const work: Work = { ...ports, plan, signal, trace: { hasChanged: false, refused: [] } };
  const { clock } = ports;
  const started = clock.elapsed();
  const elapsedMs = () => Math.round(clock.elapsed() - started);
  const failed = new Set<string>();
  let warnings = plan.warnings.length;
  let current: { readonly action: Action; readonly since: number } | undefined;

  yield stamped(clock, {
    kind: 'run-started',
    runId: ports.runId,
    target: plan.target,
    isPracticeServer: plan.isPracticeServer,
    actions: plan.actions.map(({ id, title, risk }) => ({ id, title, risk })),
  });
  for (const finding of plan.warnings) yield stamped(clock, { kind: 'warning', finding });
  try {
    const last = lastActions(plan);
    for (const side of ports.servers.sides) if (!last.has(side)) await finishSide(side, work);
    for (const [index, action] of plan.actions.entries()) {
      signal.throwIfAborted();
      current = { action, since: clock.elapsed() };
      const { id, title } = action;
      yield stamped(clock, { kind: 'action-started', id, title, index: index + 1, of: plan.actions.length });
      // What is known to have failed needs no second finding from its check.
      if (failed.has(checkedBy(action))) {
        yield stamped(clock, { kind: 'action-finished', id, outcome: 'warning', elapsedMs: 0 });
        continue;
      }
      const steps = perform(action, work);
      let step = await steps.next();
      while (!step.done) {
        yield stamped(clock, { kind: 'action-progress', id, ...step.value });
        step = await steps.next();
      }
      const { outcome, finding } = step.value;
      if (outcome === 'warning') {
        failed.add(id);
        warnings++;
      }
      const took = Math.round(clock.elapsed() - current.since);
      yield stamped(clock, {
        kind: 'action-finished',
        id,
        outcome,
        elapsedMs: took,
        ...(finding && { finding }),
      });
      // The other registers of the store wait for it.
      if (last.get(action.target.role) === action) await finishSide(action.target.role, work);
    }
    current = undefined;
  } catch (error) {
    const failure = signal.aborted
      ? cancelled(work.trace.hasChanged)
      : expectedFailure(error, current?.action);
    if (failure === undefined) throw error;
    const { finding, exit, details } = described(failure, work);
    if (current !== undefined) {
      const took = Math.round(clock.elapsed() - current.since);
      yield stamped(clock, {
        kind: 'action-finished',
        id: current.action.id,
        outcome: 'failed',
        elapsedMs: took,
        finding,
      });
    }
    yield stamped(clock, {
      kind: 'run-finished',
      exit,
      summary: withServerKind(finding.message, plan.isPracticeServer),
      elapsedMs: elapsedMs(),
      failure: { ...finding, details },
    });
    return;
  }
  yield stamped(clock, {
    kind: 'run-finished',
    exit: 'done',
    summary: successSummary(plan, warnings),
    elapsedMs: elapsedMs(),
  });
}

/** The id of the action that a check is about; its own id for everything else. */
function checkedBy({ id, kind }: Action): string {
  return kind === 'verify' ? id.replace(/^verify:/, '') : id;
}

/** The last action of each side that is done under its lock. */
function lastActions({ actions }: Plan): ReadonlyMap<Side, Action> {
  const locked = actions.filter((action) => action.kind !== 'operation' || action.isAfterwards !== true);
  return new Map(locked.map((action) => [action.target.role, action]));
}

/**
 * What a side's engine refused is written down when everything else is done there, because the journal is made after
 * the first of the actions that may be refused. Then the side's lock is given to others.
 */
async function finishSide(side: Side, work: Work): Promise<void> {
  const { trace, servers, plan, runId, operator, signal } = work;
  const refused = trace.refused.filter((each) => each.side === side);
  const target = plan.targets.find(({ role }) => role === side);
  if (refused.length > 0 && target !== undefined) {
    const session = await servers.of(side).open(target.database, signal);
    await session.batch(refused.map((each) => recordRefusal(each, runId, operator)).join('\n'), signal);
  }
  await work.locks.release(side);
}

/** The exit must not say "nothing was changed" after something was, nor the other way round. */
function described(
  failure: ExpectedError,
  { trace }: Work,
): { readonly finding: Finding; readonly exit: ExitName; readonly details: ExpectedError['details'] } {
  const { code, message, hint, details } = failure;
  // After a lost connection nobody knows whether the batch on its way took effect.
  const hasChanged = trace.hasChanged || failure.code === 'connection-lost';
  const isBefore = failure.exit === 'connection' || failure.exit === 'prerequisite';
  let exit = failure.exit;
  if (hasChanged && isBefore) exit = 'failedPartWay';
  if (!hasChanged && exit === 'failedPartWay') exit = 'prerequisite';
  return { finding: { code, message, hint }, exit, details };
}
