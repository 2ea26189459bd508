import { ExpectedError } from '../../errors.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import { describeFailure, SqlFailure } from '../../sql/failures.ts';
import type { RowCounts, ScopeResult, SyncEvent } from '../events.ts';
import { type Course, registerSide, sourceOf, storeSide, type Way } from './course.ts';
import { asWhole, coupled, type HalfTable, halfOf, markCompare } from './half.ts';
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
  let up = nothing;
  let down = nothing;
  if (halves.up !== undefined) up = yield* runHalf(course, scope, 'up', halves, signal);
  // A change that did not get to the store must not be overwritten by the store's.
  if (halves.down !== undefined && up.error === undefined)
    down = yield* runHalf(course, scope, 'down', halves, signal);
  const error = up.error ?? down.error;
  if (error !== undefined) onError(error);
  const findings = [...halves.findings, ...up.findings, ...down.findings];
  const isPartly = findings.length > 0 || up.counts.parked + down.counts.parked > 0;
  const result: ScopeResult = {
    scope: name,
    direction,
    outcome: error !== undefined ? 'failed' : isPartly ? 'partly' : 'done',
    downloaded: down.counts,
    uploaded: up.counts,
    startedUtc,
    finishedUtc: clock.now(),
    findings,
  };
  yield { kind: 'scope-finished', ...result };
  return { result, hasMoved: up.hasMoved || down.hasMoved };
}

type Halves = {
  readonly up: readonly HalfTable[] | undefined;
  readonly down: readonly HalfTable[] | undefined;
  readonly findings: readonly Finding[];
};

function planned(course: Course, scope: SyncScope): Halves {
  const up = scope.direction === 'download' ? undefined : halfOf(course, scope, 'up');
  const down = scope.direction === 'upload' ? undefined : halfOf(course, scope, 'down');
  const both = up === undefined || down === undefined ? new Set<string>() : coupled(up.tables, down.tables);
  const ordered = (half: typeof up, way: Way) =>
    half?.tables
      .map((each) => (both.has(fold(each.name)) ? asWhole(each) : each))
      // Where nobody says what is committed, a table is compared or left alone.
      .filter(({ isWhole }) => isWhole || sourceOf(course, way).control.abilities.knowsCommitted);
  return {
    up: ordered(up, 'up'),
    down: ordered(down, 'down'),
    findings: distinct([...(up?.findings ?? []), ...(down?.findings ?? [])]),
  };
}

/** Both directions leave the same tables out; it is told once. */
const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [finding.message, finding])).values(),
];

async function* runHalf(
  course: Course,
  scope: SyncScope,
  way: Way,
  halves: Halves,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, HalfRun> {
  const half = (way === 'up' ? halves.up : halves.down) ?? [];
  const isDue = half.some(({ name, isWhole }) => isWhole || course.due[way].has(name));
  if (!isDue) return nothing;
  if (way === 'down' && course.noRoom !== undefined) return { ...nothing, findings: [course.noRoom] };
  try {
    await course.beforeMoving(signal);
    // Before the first half only: afterwards the way up has made its anchors incremental again.
    if (way === 'up' || scope.direction === 'download') {
      await markCompare(storeSide(course), halves.up ?? [], signal);
      await markCompare(registerSide(course), halves.down ?? [], signal);
    }
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
