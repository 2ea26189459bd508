import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import { type Course, registerSide, sourceOf, storeSide, type Way } from './course.ts';
import { asWhole, coupled, type HalfTable, halfOf, markCompare } from './half.ts';
import type { SyncScope } from './scopes.ts';

/** What a scope has to move, in this order; nothing that its direction does not know. */
export type Halves = {
  readonly up: readonly HalfTable[];
  /** Tables of which the register brings, after its changes, what the store has not. */
  readonly back: readonly HalfTable[];
  readonly down: readonly HalfTable[];
  readonly findings: readonly Finding[];
  /** To be called before the first rows move; does its work once, because the way up makes its anchors incremental. */
  prepare(signal: AbortSignal): Promise<void>;
};

export function planned(course: Course, scope: SyncScope): Halves {
  const up = scope.direction === 'download' ? undefined : halfOf(course, scope, 'up');
  const down = scope.direction === 'upload' ? undefined : halfOf(course, scope, 'down');
  const { back, alsoDown } = coupled(up?.tables, down?.tables);
  // Where nobody says what is committed, a table is compared or left alone.
  const possible = (half: readonly HalfTable[], way: Way) =>
    half.filter(({ isWhole }) => isWhole || sourceOf(course, way).control.abilities.knowsCommitted);
  const ordered = {
    up: possible(up?.tables ?? [], 'up'),
    back,
    down: possible(
      (down?.tables ?? []).map((each) => (alsoDown.has(fold(each.name)) ? asWhole(each) : each)),
      'down',
    ),
  };
  let hasPrepared = false;
  return {
    ...ordered,
    async prepare(signal) {
      if (hasPrepared) return;
      await course.beforeMoving(signal);
      await markCompare(storeSide(course), ordered.up, signal);
      await markCompare(registerSide(course), ordered.down, signal);
      hasPrepared = true;
    },
    findings: distinct([...(up?.findings ?? []), ...(down?.findings ?? [])]),
  };
}

/** Both directions leave the same tables out; it is told once. */
export const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [finding.message, finding])).values(),
];
