import { typeText } from '../../offline/tracking/column-type.ts';
import { clearOrigin, setOrigin } from '../../offline/tracking/names.ts';
import { quoteName } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { incoming, outgoing, wireType } from '../transfer/columns.ts';
import { passRows } from '../transfer/pass-rows.ts';
import { rawRows } from '../transfer/raw/raw-rows.ts';
import { rowsMissing, stageRows } from '../transfer/stage-rows.ts';
import { baseOf, type StagedTable } from '../window/staged-table.ts';
import { deleteRows, writeRows } from '../window/write-rows.ts';
import { anchorFailure } from './load-anchor.ts';

/** Rows of a table on their way: read with `reader`, written with `writer` in one transaction with the anchor. */
export type RangeOrder = {
  readonly reader: DriverSession;
  readonly writer: DriverSession;
  /** `FROM` and `WHERE` at the source, over the alias b. */
  readonly rows: string;
  /** What goes around the query. */
  readonly asRead: (query: string) => string;
  readonly table: StagedTable;
  /** Moves the anchor and commits. */
  readonly commit: string;
};

/** House-keeping: rows that were loaded are not changes, so the triggers pass them by and nobody sends them back. */
const nobody = -1;

/** Through the staging table: what is different is updated, what is missing comes in, what is staged as gone goes. */
export async function writeStaged(
  { reader, writer, rows, asRead, table, commit }: RangeOrder,
  signal: AbortSignal,
): Promise<number> {
  const { columns, staging, shape } = table;
  const values = columns.map((column) => outgoing(column, 'b')).join(', ');
  const query = asRead(`SELECT CAST(0 AS bit), ${values} ${rows}`);
  const count = await stageRows({ reader, writer, query, staging, columns }, signal);
  await inTransaction(
    writer,
    `${setOrigin(nobody)}\n${writeRows(table)}\n${clearOrigin}\n${commit}`,
    shape.name,
    signal,
  );
  return count;
}

/** Deletes what is staged as gone. */
export async function deleteStaged(
  writer: DriverSession,
  table: StagedTable,
  commit: string,
  signal: AbortSignal,
): Promise<void> {
  await inTransaction(writer, asNobody(deleteRows(table), commit), table.shape.name, signal);
}

const asNobody = (body: string, commit: string): string =>
  `${setOrigin(nobody)}\n${body}\n${clearOrigin}\n${commit}`;

/** `body` ends with the commit. */
export async function inTransaction(
  writer: DriverSession,
  body: string,
  table: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writer.batch(
      `SET XACT_ABORT ON; SET NOCOUNT ON; SET DEADLOCK_PRIORITY LOW;\nBEGIN TRANSACTION;\n${body}`,
      signal,
    );
  } catch (error) {
    await undo(writer);
    throw anchorFailure(error, table);
  }
}

/** Straight into the table, as bcp does: without triggers, with constraints. For rows that are not there yet. */
export async function writeDirectly(
  { reader, writer, rows, asRead, table, commit }: RangeOrder,
  signal: AbortSignal,
): Promise<number> {
  const { columns } = table;
  const query = asRead(`SELECT ${columns.map((column) => outgoing(column, 'b')).join(', ')} ${rows}`);
  const way = rawRows({
    table: baseOf(table),
    columns: columns.map((column) => ({
      name: column.name,
      declaration: typeText(column),
      wire: wireType(column),
    })),
    isLocked: false,
    isChecked: true,
  });
  try {
    await writer.batch('SET XACT_ABORT ON; SET DEADLOCK_PRIORITY LOW; BEGIN TRANSACTION;', signal);
    const { read, taken } = await passRows({ reader, writer, query }, way, signal);
    if (read !== taken) throw rowsMissing(baseOf(table), read, taken);
    await writer.batch(commit, signal);
    return read;
  } catch (error) {
    await undo(writer);
    throw anchorFailure(error, table.shape.name);
  }
}

/** A rollback leaves CONTEXT_INFO as it is. */
async function undo(writer: DriverSession): Promise<void> {
  if (!writer.isLost) await writer.batch(`IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; ${clearOrigin}`);
}

/** Whether the rows of the wire are already what the columns of the table take. */
export const isPassedOn = ({ columns }: Pick<StagedTable, 'columns'>): boolean =>
  columns.every(
    (column) => column.passage === 'native' && incoming(column, 's') === `s.${quoteName(column.name)}`,
  );
