import type { RowCounts } from '../events.ts';
import { dropStaging } from '../transfer/staging.ts';
import type { WindowOrder, WindowProgress, WindowTable } from '../window/order.ts';
import { loadTable, type TableLoad } from './load-table.ts';

/** Tables at once, each with a session of both sides: one reads while another waits for its server. */
const atOnce = 3;

/** A range is one transaction: what a kill costs at most, and how long the table is locked at a time. */
const rowsOfRange = 50_000;

export type LoadResult = RowCounts & {
  /** Tables that the window of the scope has to take whole, because rows of them are refused. */
  readonly left: readonly string[];
};

/**
 * The first load of the tables of an order (`largeTables`), in a scope whose rows come from the store alone. Throws
 * what is transient, lost connections and the reason of an aborted signal; the next call goes on from there.
 */
export async function* loadTables(
  order: WindowOrder,
  signal: AbortSignal,
  options: { readonly rowsOfRange: number } = { rowsOfRange },
): AsyncGenerator<WindowProgress, LoadResult> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const waiting = [...order.tables];
  const loads = new Map<WindowTable, TableLoad>();
  const told: WindowProgress[] = [];
  let wake = Promise.withResolvers<void>();
  const lane = async (): Promise<void> => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift())
      loads.set(
        table,
        await loadOne(order, table, options.rowsOfRange, ended, (step) => {
          told.push(step);
          wake.resolve();
        }),
      );
  };
  let isDone = false;
  const lanes = Array.from({ length: Math.min(atOnce, waiting.length) }, () => lane().catch(stopAll));
  function stopAll(error: unknown): void {
    stop.abort(error);
  }
  const all = Promise.all(lanes).then(() => {
    isDone = true;
    wake.resolve();
  });
  try {
    while (!isDone || told.length > 0) {
      if (told.length === 0) await wake.promise;
      wake = Promise.withResolvers<void>();
      yield* told.splice(0);
    }
    if (stop.signal.aborted) throw stop.signal.reason;
    await tidy(order, signal);
    return resultOf(loads);
  } finally {
    // Whoever no longer listens does not want the rest either; nothing goes on behind his back.
    stop.abort(new Error('The load was left.'));
    await all;
  }
}

async function loadOne(
  order: WindowOrder,
  table: WindowTable,
  rowsOfRange: number,
  signal: AbortSignal,
  onProgress: (step: WindowProgress) => void,
): Promise<TableLoad> {
  const reader = await order.source.take(signal);
  try {
    const writer = await order.destination.take(signal);
    try {
      const steps = loadTable(order, table, { reader, writer, rowsOfRange }, signal);
      for (;;) {
        const step = await steps.next();
        if (step.done === true) return step.value;
        onProgress(step.value);
      }
    } finally {
      order.destination.giveBack(writer);
    }
  } finally {
    order.source.giveBack(reader);
  }
}

async function tidy({ destination, sourceId }: WindowOrder, signal: AbortSignal): Promise<void> {
  const session = await destination.take(signal);
  try {
    await dropStaging(session, sourceId, signal);
  } finally {
    destination.giveBack(session);
  }
}

function resultOf(loads: ReadonlyMap<WindowTable, TableLoad>): LoadResult {
  const rows = [...loads.values()].reduce((sum, load) => sum + load.rows, 0);
  const left = [...loads].flatMap(([{ to }, { isLoaded }]) => (isLoaded ? [] : [to.name]));
  return { total: rows, ok: rows, parked: 0, left };
}
