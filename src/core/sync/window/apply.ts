import { ExpectedError } from '../../errors.ts';
import type { SqlFailure } from '../../sql/failures.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { Rules } from '../rules.ts';
import { takeConflictsOut } from './conflicts.ts';
import { moveAnchor } from './move-anchors.ts';
import type { WindowOrder } from './order.ts';
import { keepParked, parkBadRows, resolveParked } from './park.ts';
import type { BadRow, StagedTable } from './staged-table.ts';
import { at, inOrigin, type LeftRows, refusalIn, transaction } from './transaction.ts';
import { anchorMovedCode } from './transient.ts';
import { deleteRows, writeRows } from './write-rows.ts';

/** A staged table with the rows that are known not to fit. */
export type ApplyTable = { readonly table: StagedTable; readonly bad: readonly BadRow[] };

/** What became of a window: done but for these rows; or refused in a statement of the table at `place`. */
type Applied =
  | { readonly outcome: 'done'; readonly left: readonly LeftRows[] }
  | { readonly outcome: 'refused'; readonly place: number; readonly failure: SqlFailure };

/**
 * Applies a window, all of it or nothing. Throws `anchor-moved` when another run was faster; what the server refuses
 * in a statement of one table is told with its place, everything else is thrown.
 */
export async function applyWindow(
  session: DriverSession,
  tables: readonly ApplyTable[],
  order: WindowOrder,
  rules: Rules,
  signal: AbortSignal,
): Promise<Applied> {
  const rows = await inOrigin(session, applyStatement(tables, order, rules), signal);
  if (rows.some(({ kind }) => kind === 'moved')) throw anchorMoved(order.scope);
  const refused = refusalIn(rows);
  if (refused !== undefined) return { outcome: 'refused', ...refused };
  const left = rows.flatMap(({ kind: why, place, rows: count }) =>
    why === 'moved' || why === 'refused' ? [] : [{ why, place, rows: count }],
  );
  return { outcome: 'done', left };
}

/**
 * One transaction: conflicts and bad rows out of the staging tables, gone rows of all tables in reverse order, then
 * changed and new ones in order, then the anchors.
 */
function applyStatement(tables: readonly ApplyTable[], order: WindowOrder, rules: Rules): string {
  const staged = tables.map(({ table }) => table);
  const conflicts = staged.map((table, place) => at(place, table, takeConflictsOut(table, place, order)));
  const bad = tables.map((each, place) => at(place, each.table, parkBadRows(each.table, place, each.bad)));
  const gone = staged.map((table, place) => at(place, table, deleteRows(table))).toReversed();
  const written = staged.map((table, place) => at(place, table, writeRows(table)));
  const resolved = staged.map((table, place) => resolveParked(table, place, order));
  const anchors = staged.map((table, place) => moveAnchor(table, place, order));
  return transaction(
    [
      ...(rules.anchorsWithRows ? [] : [...anchors, 'COMMIT TRANSACTION;\nBEGIN TRANSACTION;']),
      ...conflicts,
      ...bad,
      ...(rules.deletesFirst ? [...gone, ...written] : [...written, ...gone]),
      'SET @at = -1;',
      ...resolved,
      keepParked(staged, order),
      ...(rules.anchorsWithRows ? anchors : []),
    ],
    order,
    'COMMIT',
  );
}

const anchorMoved = (scope: string): ExpectedError =>
  new ExpectedError({
    code: anchorMovedCode,
    exit: 'failedPartWay',
    message: `Another run synchronised the scope ${scope} at the same time.`,
    hint: 'Nothing is lost: the next run goes on from where the other one ended.',
  });
