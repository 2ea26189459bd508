import { fold } from '../../plan/detect/ask.ts';
import type { RowCounts, SyncEvent } from '../events.ts';
import { largeTables } from '../load/large-tables.ts';
import { loadTables } from '../load/load-tables.ts';
import type { WindowOrder, WindowProgress, WindowResult } from '../window/order.ts';
import { isTransient } from '../window/transient.ts';
import { transferWindow } from '../window/window.ts';
import { type Course, registerSide } from './course.ts';
import { orderedAnchor } from './half.ts';
import { readAnchors } from './read-side.ts';
import { whileStoreIsWritten } from './store-writing.ts';

const attempts = 3;
const firstPauseMs = 500;
/** A few a second are enough for whoever looks. */
const betweenProgressMs = 250;

/** Moves what was ordered. Trouble that passes is waited out: what was rolled back begins again as it was ordered. */
export async function* move(
  course: Course,
  order: WindowOrder,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, WindowResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (order.towards === 'store')
        return yield* whileStoreIsWritten(course, () => throughWindow(course, order, signal), signal);
      if (order.direction !== 'download') return yield* throughWindow(course, order, signal);
      return yield* withFirstLoads(
        course,
        attempt === 1 ? order : await asItStands(course, order, signal),
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      const isOver = course.register.side.isLost || course.store.side.isLost;
      if (isOver || attempt >= attempts || !isTransient(error)) throw error;
      await course.link.input.clock.sleep(firstPauseMs * 2 ** (attempt - 1), signal);
    }
  }
}

/** Tables that come to the register for the first time and are large come in ranges, which a kill does not undo. */
async function* withFirstLoads(
  course: Course,
  order: WindowOrder,
  signal: AbortSignal,
): AsyncGenerator<SyncEvent, WindowResult> {
  const large = await largeTables(course.store.control.session, order.tables, signal);
  if (large.length === 0) return yield* throughWindow(course, order, signal);
  const loads = loadTables({ ...order, tables: large }, signal);
  const loaded: RowCounts = yield* asEvents(course, order, loads);
  const rest = yield* throughWindow(course, await asItStands(course, order, signal), signal);
  return {
    ...rest,
    total: loaded.total + rest.total,
    ok: loaded.ok + rest.ok,
    parked: loaded.parked + rest.parked,
    hasMoved: true,
  };
}

/** The order with the anchors that a first load may have moved meanwhile. */
async function asItStands(course: Course, order: WindowOrder, signal: AbortSignal): Promise<WindowOrder> {
  const anchors = await readAnchors(registerSide(course), signal);
  const tables = order.tables.map((table) =>
    table.anchor === undefined || table.anchor.state === 'initial'
      ? { ...table, anchor: orderedAnchor(anchors.get(fold(table.to.name))) }
      : table,
  );
  return { ...order, tables };
}

const throughWindow = (course: Course, order: WindowOrder, signal: AbortSignal) =>
  asEvents(course, order, transferWindow(order, signal, course.rules));

async function* asEvents<Result>(
  course: Course,
  { scope, towards }: WindowOrder,
  work: AsyncGenerator<WindowProgress, Result>,
): AsyncGenerator<SyncEvent, Result> {
  const { clock } = course.link.input;
  let said = Number.NEGATIVE_INFINITY;
  let isOver = false;
  try {
    for (;;) {
      const step = await work.next();
      isOver = step.done === true;
      if (step.done) return step.value;
      if (clock.elapsed() - said < betweenProgressMs) continue;
      said = clock.elapsed();
      yield { kind: 'rows-moved', scope, towards, ...step.value };
    }
  } finally {
    // Whoever stopped listening has stopped the work as well.
    if (!isOver) await work.return(undefined as never);
  }
}
