import { typeText } from '../../offline/tracking/column-type.ts';
import { trackingTriggerName } from '../../offline/tracking/names.ts';
import { fold, only } from '../../plan/detect/ask.ts';
import { quoteName, quoteString } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { incoming, wireType } from '../transfer/columns.ts';
import type { Natives } from '../transfer/natives.ts';
import type { LoadTarget } from '../transfer/raw/raw-rows.ts';
import { baseOf, type StagedTable } from '../window/staged-table.ts';

/** What stands in the way of loading straight into a table. */
export type TableFound = {
  readonly isEmpty: boolean;
  /** Others than ours have work to do. */
  readonly hasTriggers: boolean;
  /** Whether the account may load past triggers, which is to alter the table; the one of every day may not. */
  readonly mayPassTriggers: boolean;
};

export async function findTable(
  writer: DriverSession,
  table: StagedTable,
  signal: AbortSignal,
): Promise<TableFound> {
  const base = baseOf(table);
  const trigger = quoteString(fold(trackingTriggerName(table.shape.name)));
  const { may, triggers, filled } = only(
    await writer.query<{ may: number; triggers: number; filled: number }>(
      `SELECT HAS_PERMS_BY_NAME(${quoteString(base)}, 'OBJECT', 'ALTER') AS may,
  (SELECT COUNT(*) FROM sys.triggers WHERE parent_id = OBJECT_ID(${quoteString(base)}) AND is_disabled = 0 AND LOWER(name) <> ${trigger}) AS triggers,
  CASE WHEN EXISTS (SELECT 1 FROM ${base}) THEN 1 ELSE 0 END AS filled`,
      {},
      signal,
    ),
  );
  return { isEmpty: filled === 0, hasTriggers: triggers > 0, mayPassTriggers: may === 1 };
}

/**
 * The table as a bulk load fills it. Without the right to pass triggers by, ours fires and sees that it has nothing to
 * do: INSERT BULK then asks for no more than the right to insert (error 5304 says so).
 */
export const directTarget = (table: StagedTable, { mayPassTriggers }: TableFound): LoadTarget => ({
  table: baseOf(table),
  columns: table.columns.map((column) => ({
    name: column.name,
    declaration: typeText(column),
    wire: wireType(column),
  })),
  isLocked: false,
  isChecked: true,
  firesTriggers: !mayPassTriggers,
});

/** Whether the rows of the wire are already what the columns of the table take. */
export const isPassedOn = ({ columns }: Pick<StagedTable, 'columns'>, { way }: Natives): boolean =>
  way === 'raw' &&
  columns.every(
    (column) => column.passage === 'native' && incoming(column, 's') === `s.${quoteName(column.name)}`,
  );
