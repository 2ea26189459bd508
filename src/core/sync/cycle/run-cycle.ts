import { randomUUID } from 'node:crypto';
import { ExpectedError } from '../../errors.ts';
import { cancelled } from '../../plan/cancelled.ts';
import type { Finding } from '../../plan/plan.ts';
import { describeFailure, SqlFailure } from '../../sql/failures.ts';
import type { CycleOutcome, CycleResult, ScopeResult, SyncEvent } from '../events.ts';
import { type Rules, soundRules } from '../rules.ts';
import { enterRegister, enterStore, leave, type Seat } from './enter.ts';
import { registerSelf } from './identity.ts';
import type { SyncLink } from './link.ts';
import { openLog, type RunLog } from './run-log.ts';
import { runScope } from './run-scope.ts';
import { type SyncScope, scopesOf } from './scopes.ts';
import { setOut } from './set-out.ts';
import { tidyUp } from './tidy.ts';

export type CycleOptions = {
  /** Names of scopes; default all that the register has. */
  readonly scopes?: readonly string[] | undefined;
  /** Whether scopes that stand as they stood get their row in the log each time, not only every ten minutes. */
  readonly logsIdle: boolean;
  /** Whether this cycle also removes what nobody needs any more. Default: as `logsIdle`. */
  readonly tidies?: boolean | undefined;
  readonly rules?: Rules | undefined;
};

/**
 * One run over the scopes of the register, in the order of its profile. The last event is `cycle-finished`, whose content
 * is returned too; failures that can be expected are in it and are not thrown. Throws ExpectedError `cancelled` when the
 * signal is aborted: the window at work is rolled back, the scopes before it stay done.
 */
export async function* runCycle(
  link: SyncLink,
  options: CycleOptions,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, CycleResult> {
  const { clock } = link.input;
  const started = clock.elapsed();
  const runId = randomUUID().toUpperCase();
  yield { kind: 'cycle-started', runId, atUtc: clock.now() };
  let last: AbortSignal | undefined;
  const cycle: Cycle = {
    ending() {
      if (!signal.aborted) return signal;
      last ??= AbortSignal.timeout(lastWordsMs);
      return last;
    },
    link,
    options,
    runId,
    log: openLog(link, runId, options.logsIdle),
    scopes: [],
    findings: [],
  };
  let outcome: CycleOutcome;
  try {
    outcome = yield* atRegister(cycle, signal);
  } catch (error) {
    if (signal.aborted) throw cancelled(cycle.scopes.length > 0);
    throw error;
  }
  const { scopes, findings } = cycle;
  const result = { runId, outcome, scopes, findings, took: Math.round(clock.elapsed() - started) };
  yield { kind: 'cycle-finished', ...result };
  return result;
}

/** What a cycle gathers while it runs. */
type Cycle = {
  readonly link: SyncLink;
  readonly options: CycleOptions;
  readonly runId: string;
  readonly log: RunLog;
  readonly scopes: ScopeResult[];
  readonly findings: Finding[];
  /** The signal under which a cycle ends: its own, or after a cancellation one that leaves a little time. */
  ending(): AbortSignal;
};

/** What a row of the log has to explain: it happens once and is looked for later. */
const lasting: ReadonlySet<string> = new Set(['restored', 'register-reimaged']);

/** Milliseconds after a cancellation, in which what is done is still written down and the locks are given back. */
const lastWordsMs = 8_000;

async function* atRegister(cycle: Cycle, signal: AbortSignal): AsyncGenerator<SyncEvent, CycleOutcome> {
  const { link, options, log } = cycle;
  const rules = options.rules ?? soundRules;
  let entered: Awaited<ReturnType<typeof enterRegister>>;
  try {
    entered = await enterRegister(link, rules, signal);
  } catch (error) {
    const outcome = yield* stopped(cycle, error, signal);
    if (outcome === 'unreachable') await tellStoreAlone(cycle, signal);
    return outcome;
  }
  if ('busy' in entered) return yield* told(cycle, entered.busy, 'busy');
  const { seat } = entered;
  let replicaId = '';
  try {
    let scopes: readonly SyncScope[] = [];
    try {
      replicaId = registerSelf(seat.found, link.input).replicaId;
      log.atRegister(seat);
      const all = scopesOf(seat.found);
      link.memory.scopes = all;
      scopes = wanted(all, options.scopes);
      return yield* atStore(cycle, seat, replicaId, scopes, rules, signal);
    } catch (error) {
      const outcome = yield* stopped(cycle, error, signal);
      log.failed(scopes, cycle.scopes, outcome === 'unreachable' ? 'unreachable' : 'failed', cycle.findings);
      return outcome;
    } finally {
      await log.write(cycle.ending());
    }
  } finally {
    await leave(seat, replicaId, cycle.ending());
  }
}

/** A register whose own database is away leaves its rows in the store's log, if the two have met over this link. */
async function tellStoreAlone({ link, log, findings, options }: Cycle, signal: AbortSignal): Promise<void> {
  const { met, scopes } = link.memory;
  if (met === undefined) return;
  try {
    const { session } = await link.sides.store.control(signal);
    log.atStoreAlone({ ...met, session });
    const due = scopes.filter(({ name }) => options.scopes?.includes(name) ?? true);
    log.failed(due, [], 'unreachable', findings);
    await log.write(signal);
  } catch (error) {
    // Then both are away, which the cycle tells already.
    if (!(error instanceof ExpectedError || error instanceof SqlFailure)) throw error;
  }
}

async function* atStore(
  cycle: Cycle,
  register: Seat,
  replicaId: string,
  scopes: readonly SyncScope[],
  rules: Rules,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, CycleOutcome> {
  const { link, options, log, runId } = cycle;
  const entered = await enterStore(link, replicaId, rules, signal);
  if ('busy' in entered) return yield* told(cycle, entered.busy, 'busy');
  const store = entered.seat;
  try {
    const { course, findings } = await setOut(link, runId, { register, store }, scopes, rules, signal);
    const { identity } = course;
    link.memory.met = { peerId: identity.registerId, registerId: identity.register.registerId };
    log.atStore(
      course,
      findings.filter(({ code }) => lasting.has(code)),
    );
    for (const finding of findings) yield* told(cycle, finding, 'partly');
    for (const scope of scopes) {
      let failure: unknown;
      const run = yield* runScope(course, scope, (error) => (failure = error), signal);
      cycle.scopes.push(run.result);
      if (run.result.outcome !== 'failed') link.memory.broughtUp.set(scope.name, register.found.upper);
      await log.add(run, signal);
      // What one scope met need not concern the next, unless a server is gone.
      if (failure !== undefined && (await isGone(register, store, signal))) throw failure;
    }
    if (options.tidies ?? options.logsIdle)
      for (const finding of await tidyUp(course, signal)) yield* told(cycle, finding, 'partly');
    return outcomeOf(cycle.scopes);
  } finally {
    await log.write(cycle.ending());
    await leave(store, replicaId, cycle.ending());
  }
}

/** A failure that stops the cycle, as what it is to a technician; anything else is thrown. */
async function* stopped(
  cycle: Cycle,
  error: unknown,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, CycleOutcome> {
  if (signal.aborted || !(error instanceof ExpectedError || error instanceof SqlFailure)) throw error;
  const isAway = error instanceof ExpectedError && error.exit === 'connection';
  return yield* told(cycle, describeFailure(error, {}), isAway ? 'unreachable' : 'failed');
}

async function* told(
  { findings }: Cycle,
  finding: Finding,
  outcome: CycleOutcome,
): AsyncGenerator<SyncEvent, CycleOutcome> {
  findings.push(finding);
  yield { kind: 'finding', finding };
  return outcome;
}

/** Those that were asked for. Throws ExpectedError `scope-unknown`. */
function wanted(scopes: readonly SyncScope[], names: readonly string[] | undefined): readonly SyncScope[] {
  if (names === undefined) return scopes;
  const unknown = names.find((name) => !scopes.some((scope) => scope.name === name));
  if (unknown === undefined) return scopes.filter(({ name }) => names.includes(name));
  throw new ExpectedError({
    code: 'scope-unknown',
    exit: 'usage',
    message: `This register has no scope "${unknown}".`,
    hint: `Its scopes are: ${scopes.map(({ name }) => name).join(', ')}.`,
  });
}

async function isGone(register: Seat, store: Seat, signal: AbortSignal): Promise<boolean> {
  const answers = await Promise.allSettled(
    [register, store].map(({ control }) => control.session.query('SELECT 1 AS here', {}, signal)),
  );
  return answers.some(({ status }) => status === 'rejected');
}

function outcomeOf(scopes: readonly ScopeResult[]): CycleOutcome {
  if (scopes.every(({ outcome }) => outcome === 'done')) return 'done';
  return scopes.every(({ outcome }) => outcome === 'failed') ? 'failed' : 'partly';
}
