import { clearOrigin, narrowOrigin, setOrigin } from '../../offline/tracking/names.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { rowsMissing } from '../transfer/stage-rows.ts';
import { countingRows, createStaging } from '../transfer/staging.ts';
import { baseOf, type StagedTable } from '../window/staged-table.ts';
import { deleteRows, writeRows } from '../window/write-rows.ts';
import { anchorFailure } from './load-anchor.ts';
import type { Range } from './ranges.ts';

/** A range on its way into a table, in one transaction with the anchor. */
export type RangeOrder = {
  readonly writer: DriverSession;
  readonly table: StagedTable;
  readonly range: Range;
  /** T-SQL that moves the anchor and commits; asked for when the range is loaded. */
  readonly commit: () => string;
};

/** House-keeping: rows that were loaded are not changes, so the triggers pass them by and nobody sends them back. */
const nobody = -1;

/** Through the staging table: what is different is updated, what is missing comes in, what is staged as gone goes. */
export async function writeStaged(order: RangeOrder, signal: AbortSignal): Promise<void> {
  const { writer, table, commit } = order;
  await writer.batch(createStaging(table.staging, table.columns), signal);
  await loadWhole(order, table.staging);
  await inTransaction(writer, asNobody(table, writeRows(table), commit()), table.shape.name, signal);
}

/** Straight into the table, as bcp does, with constraints. For rows that are not there yet. */
export async function writeDirectly(order: RangeOrder, signal: AbortSignal): Promise<void> {
  const { writer, table, commit } = order;
  try {
    await writer.batch(`${countingRows} ${begin}\n${startAsNobody(table)}`, signal);
    await loadWhole(order, baseOf(table));
    await writer.batch(`${clearOrigin}\n${commit()}`, signal);
  } catch (error) {
    await undo(writer);
    throw anchorFailure(error, table.shape.name);
  }
}

async function loadWhole({ writer, range }: RangeOrder, into: string): Promise<void> {
  const taken = await range.load(writer);
  if (taken !== range.rows) throw rowsMissing(into, range.rows, taken);
}

/** Deletes what is staged as gone. */
export const deleteStaged = (
  writer: DriverSession,
  table: StagedTable,
  commit: string,
  signal: AbortSignal,
): Promise<void> =>
  inTransaction(writer, asNobody(table, deleteRows(table), commit), table.shape.name, signal);

const begin = 'SET XACT_ABORT ON; SET DEADLOCK_PRIORITY LOW;\nBEGIN TRANSACTION;';

const startAsNobody = (table: StagedTable): string => `${setOrigin(nobody)} ${narrowOrigin(baseOf(table))}`;
const asNobody = (table: StagedTable, body: string, commit: string): string =>
  `${startAsNobody(table)}\n${body}\n${clearOrigin}\n${commit}`;

/** `body` ends with the commit. */
export async function inTransaction(
  writer: DriverSession,
  body: string,
  table: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writer.batch(`SET NOCOUNT ON; ${begin}\n${body}`, signal);
  } catch (error) {
    await undo(writer);
    throw anchorFailure(error, table);
  }
}

/** A rollback leaves CONTEXT_INFO as it is. */
async function undo(writer: DriverSession): Promise<void> {
  if (!writer.isLost) await writer.batch(`IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; ${clearOrigin}`);
}
