import type { RowCounts } from '../events.ts';
import { inLanes } from '../in-lanes.ts';
import { dropStaging } from '../transfer/staging.ts';
import { borrowed } from '../window/borrowed.ts';
import type { WindowOrder, WindowProgress, WindowTable } from '../window/order.ts';
import { loadTable } from './load-table.ts';

/** Tables at once, each with a session of both sides: one reads while another waits for its server. */
const tablesAtOnce = 3;

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
  const { tables, source, destination } = order;
  const loads = yield* inLanes(
    tables,
    tablesAtOnce,
    (table: WindowTable, tell: (step: WindowProgress) => void, ended) =>
      borrowed(source, ended, (reader) =>
        borrowed(destination, ended, async (writer) => {
          const load = await loadTable(order, table, { reader, writer, tell, ...options }, ended);
          return { ...load, name: table.to.name };
        }),
      ),
    signal,
  );
  await borrowed(destination, signal, (session) => dropStaging(session, order.sourceId, signal));
  const rows = loads.reduce((sum, load) => sum + load.rows, 0);
  const left = loads.flatMap(({ name, isLoaded }) => (isLoaded ? [] : [name]));
  return { total: rows, ok: rows, parked: 0, left };
}
