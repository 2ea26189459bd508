import { ExpectedError } from '../../errors.ts';
import type { Finding } from '../../plan/plan.ts';
import { describeFailure, SqlFailure } from '../../sql/failures.ts';
import type { RowCounts, ScopeResult, SyncEvent } from '../events.ts';
import type { Course } from './course.ts';
import { broughtBack, type HalfTable } from './half.ts';
import { distinct, type Halves, planned } from './halves.ts';
import { move } from './move.ts';
import { orderOf } from './order-half.ts';
import { noRows } from './run-record.ts';
import type { SyncScope } from './scopes.ts';

/** A scope's result, and whether anything was written for it. */
export type ScopeRun = { readonly result: ScopeResult; readonly hasMoved: boolean };

type HalfRun = {
  readonly counts: RowCounts;
  readonly findings: readonly Finding[];
  readonly hasMoved: boolean;
  readonly error: unknown;
};

const nothing: HalfRun = { counts: noRows, findings: [], hasMoved: false, error: undefined };

const inAll = (first: RowCounts, second: RowCounts): RowCounts => ({
  total: first.total + second.total,
  ok: first.ok + second.ok,
  parked: first.parked + second.parked,
});

/**
 * One scope: up, down, or first up and then down. A failure that can be expected is in the result; `onError` hears of
 * it as it was thrown. Throws the signal's reason and bugs.
 */
export async function* runScope(
  course: Course,
  scope: SyncScope,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, ScopeRun> {
  const { clock } = course.link.input;
  const { name, direction } = scope;
  const startedUtc = clock.now();
  yield { kind: 'scope-started', scope: name, direction };
  const halves = planned(course, scope);
  const up = yield* runHalf(course, scope, 'up', halves, signal);
  // A change that did not get to the store must not be overwritten by the store's.
  const back = up.error === undefined ? yield* runHalf(course, scope, 'back', halves, signal) : nothing;
  const isUp = up.error === undefined && back.error === undefined;
  const down = isUp ? yield* runHalf(course, scope, 'down', halves, signal) : nothing;
  const error = up.error ?? back.error ?? down.error;
  const uploaded = inAll(up.counts, back.counts);
  if (error !== undefined) onError(error);
  const findings = [...halves.findings, ...distinct([...up.findings, ...back.findings]), ...down.findings];
  const isPartly = findings.length > 0 || uploaded.parked + down.counts.parked > 0;
  const result: ScopeResult = {
    scope: name,
    direction,
    outcome: error !== undefined ? 'failed' : isPartly ? 'partly' : 'done',
    downloaded: down.counts,
    uploaded,
    startedUtc,
    finishedUtc: clock.now(),
    findings,
  };
  yield { kind: 'scope-finished', ...result };
  return { result, hasMoved: up.hasMoved || back.hasMoved || down.hasMoved };
}

async function* runHalf(
  course: Course,
  scope: SyncScope,
  what: 'up' | 'back' | 'down',
  halves: Halves,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, HalfRun> {
  const way = what === 'down' ? 'down' : 'up';
  const isDue = ({ name, isWhole }: HalfTable) => isWhole || what === 'back' || course.due[way].has(name);
  if (!halves[what].some(isDue)) return nothing;
  if (way === 'down' && course.noRoom !== undefined) return { ...nothing, findings: [course.noRoom] };
  try {
    await halves.prepare(signal);
    const half = what === 'back' ? await broughtBack(course, halves.back, signal) : halves[what];
    const order = await orderOf(course, scope, way, half, signal);
    const { findings, hasMoved, ...counts } = yield* move(course, order, signal);
    course.due[way].settled(half.map(({ name }) => name));
    const { total, ok, parked } = counts;
    return { counts: { total, ok, parked }, findings, hasMoved, error: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExpectedError) && !(error instanceof SqlFailure)) throw error;
    return { ...nothing, findings: [describeFailure(error, {})], error };
  }
}
