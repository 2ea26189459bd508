import { fold } from '../../plan/detect/ask.ts';
import type { WindowOrder, WindowTable } from '../window/order.ts';
import { type Course, destinationOf, sourceOf, storeSide, type Way } from './course.ts';
import type { HalfTable } from './half.ts';
import { readAnchors } from './read-side.ts';
import type { SyncScope } from './scopes.ts';

/** What is to be moved of a scope in one direction. */
export async function orderOf(
  course: Course,
  scope: SyncScope,
  way: Way,
  half: readonly HalfTable[],
  signal: AbortSignal,
): Promise<WindowOrder> {
  const [source, destination] = [sourceOf(course, way), destinationOf(course, way)];
  const { storeId, registerId } = course.identity;
  const tables =
    scope.direction === 'bidirectional'
      ? await withOpposite(course, way, half, signal)
      : half.map(({ table }) => table);
  return {
    runId: course.runId,
    scope: scope.name,
    direction: scope.direction,
    towards: way === 'up' ? 'store' : 'offline',
    tables,
    upper: source.found.upper,
    sourceCan: source.control.abilities,
    sourceId: way === 'up' ? registerId : storeId,
    destinationId: way === 'up' ? storeId : registerId,
    isAfterRestore: half.some(({ isAfterRestore }) => isAfterRestore),
    source: source.side.lent,
    destination: destination.side.lent,
  };
}

/**
 * Of a bidirectional table, how far the other direction has come: for the way up what the handshake found, for the way
 * down what the way up has just made of it.
 */
async function withOpposite(
  course: Course,
  way: Way,
  half: readonly HalfTable[],
  signal: AbortSignal,
): Promise<readonly WindowTable[]> {
  const destination = destinationOf(course, way);
  const anchors = way === 'up' ? course.register.found.anchors : await readAnchors(storeSide(course), signal);
  return half.map(({ name, table }) => {
    const opposite = anchors.get(fold(name));
    if (opposite?.state !== 'incremental') return { ...table, opposite: undefined };
    const isTracked = opposite.trackingId === destination.found.tables.get(fold(name))?.trackingId;
    return { ...table, opposite: isTracked ? opposite.timestamp : 'untracked' };
  });
}
