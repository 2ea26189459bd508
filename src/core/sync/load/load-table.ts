import { SqlFailure } from '../../sql/failures.ts';
import { nativesOf } from '../transfer/natives.ts';
import { type OpenTable, openTable } from '../window/open-tables.ts';
import type { WindowOrder, WindowTable } from '../window/order.ts';
import { allowsSnapshot, inSnapshot, leaveSnapshot } from '../window/snapshot.ts';
import { keyOf } from '../window/staged-table.ts';
import { isTransient } from '../window/transient.ts';
import { Load, type LoadPorts } from './load.ts';
import { isSpelled } from './resume-key.ts';

export type TableLoad = {
  readonly rows: number;
  /** false = the atomic window has to take the whole table: it parks rows that are refused. */
  readonly isLoaded: boolean;
};

/**
 * The first load of a table: its rows are read once, in the order of the key, and written range by range. Each range
 * and the anchor with the key that it has come to are one transaction, so a load that was killed goes on behind the last
 * range. The bound was read before the first row: what changes meanwhile comes again with the next window. At the end
 * what the source has not is deleted here, and the anchor is `incremental`.
 *
 * Rows go straight into the table while that is possible and goes well, else through the staging table.
 */
export async function loadTable(
  order: WindowOrder,
  table: WindowTable,
  ports: Omit<LoadPorts, 'asRead'>,
  signal: AbortSignal,
): Promise<TableLoad> {
  const natives = await nativesOf(ports.writer, signal);
  const opened = openTable(table, natives);
  if (!('columns' in opened) || !canBeRanged(opened)) return { rows: 0, isLoaded: false };
  const isOfOneMoment = await allowsSnapshot(ports.reader, signal);
  const asRead = isOfOneMoment ? inSnapshot : (query: string) => query;
  const load = new Load(order, opened, natives, { ...ports, asRead }, signal);
  try {
    await load.run();
    return { rows: load.rows, isLoaded: true };
  } catch (error) {
    if (isOfOneMoment) await leaveSnapshot(ports.reader);
    if (!(error instanceof SqlFailure) || isTransient(error)) throw error;
    await load.leave();
    return { rows: load.rows, isLoaded: false };
  }
}

function canBeRanged({ to, columns }: OpenTable): boolean {
  const key = keyOf({ shape: to, columns });
  return key.every((column) => isSpelled(column) && !column.isIdentity);
}
