import { ExpectedError } from '../../errors.ts';
import { clearOrigin, setOrigin } from '../../offline/tracking/names.ts';
import { SqlFailure } from '../../sql/failures.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { Rules } from '../rules.ts';
import { declareHeld, takeConflictsOut } from './conflicts.ts';
import { moveAnchor } from './move-anchors.ts';
import type { WindowOrder } from './order.ts';
import { declareParked, keepParked, type ParkReason, parkBadRows, resolveParked } from './park.ts';
import type { BadRow, StagedTable } from './staged-table.ts';
import { anchorMovedCode } from './transient.ts';
import { deleteRows, writeRows } from './write-rows.ts';

/** A staged table with the rows that are known not to fit. */
export type ApplyTable = { readonly table: StagedTable; readonly bad: readonly BadRow[] };

/** Rows of a table, by its place, that were not applied, and why. */
export type LeftRows = { readonly place: number; readonly why: ParkReason | 'held'; readonly rows: number };

/** What became of a window: done but for these rows; or refused in a statement of the table at `place`. */
type Applied =
  | { readonly outcome: 'done'; readonly left: readonly LeftRows[] }
  | { readonly outcome: 'refused'; readonly place: number; readonly failure: SqlFailure };

type ResultRow = {
  readonly kind: LeftRows['why'] | 'moved' | 'refused';
  readonly place: number;
  readonly rows: number;
  readonly number: number | null;
  readonly message: string | null;
};

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
 * Runs a text that sets CONTEXT_INFO and clears it; clears it too where the text was torn off. A rollback leaves
 * CONTEXT_INFO as it is, and whatever the session wrote next would count as the other side's change.
 */
export async function inOrigin(
  session: DriverSession,
  text: string,
  signal: AbortSignal,
): Promise<readonly ResultRow[]> {
  try {
    // A trigger of the application may answer with rows of its own; ours come last.
    const answers = await session.queries(text, {}, signal);
    return (answers.at(-1) ?? []) as readonly ResultRow[];
  } catch (error) {
    if (!session.isLost) await session.batch(`IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; ${clearOrigin}`);
    throw error;
  }
}

/** What the server refused, with the place of the table that was being written; undefined = nothing. */
export function refusalIn(
  rows: readonly ResultRow[],
): { readonly place: number; readonly failure: SqlFailure } | undefined {
  const refused = rows.find(({ kind }) => kind === 'refused');
  if (refused === undefined) return undefined;
  const { place, number, message } = refused;
  const failure = {
    number: number ?? 0,
    serverMessage: message ?? '',
    state: 1,
    class: 16,
    line: 0,
    procedure: '',
  };
  return { place, failure: new SqlFailure(failure) };
}

/**
 * One transaction: conflicts and bad rows out of the staging tables, gone rows of all tables in reverse order, then
 * changed and new ones in order, then the anchors.
 */
function applyStatement(tables: readonly ApplyTable[], order: WindowOrder, rules: Rules): string {
  const staged = tables.map(({ table }) => table);
  const conflicts = staged.map((table, place) => at(place, takeConflictsOut(table, place, order)));
  const bad = tables.map((each, place) => at(place, parkBadRows(each.table, place, each.bad)));
  const gone = staged.map((table, place) => at(place, deleteRows(table))).toReversed();
  const written = staged.map((table, place) => at(place, writeRows(table)));
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

/**
 * The statements of the table at `place`. The origin is set anew for each: a trigger of the application may have put
 * something of its own there.
 */
export const at = (place: number, text: string): string =>
  text === '' ? '' : `SET @at = ${place}; SET CONTEXT_INFO @storedb_context;\n${text}`;

/**
 * The statements as one transaction that waits for locks only so long and gives way in a deadlock: the tills come
 * first. Answers with what was parked and held, or with what refused it and the last `@at`.
 */
export function transaction(
  statements: readonly string[],
  { sourceId }: Pick<WindowOrder, 'sourceId'>,
  end: 'COMMIT' | 'ROLLBACK',
): string {
  return `SET NOCOUNT ON; SET XACT_ABORT ON; SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT ${lockTimeoutMs}; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
DECLARE @at int, @differing int, @moved int; SET @at = -1;
${declareParked}
${declareHeld}
BEGIN TRY
BEGIN TRANSACTION;
${setOrigin(sourceId)}
${statements.filter((text) => text !== '').join('\n')}
${clearOrigin}
${end} TRANSACTION;
END TRY
BEGIN CATCH
IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
${clearOrigin}
SELECT 'refused' AS kind, @at AS place, 0 AS rows, ERROR_NUMBER() AS number, ERROR_MESSAGE() AS message;
RETURN;
END CATCH;
SELECT Reason AS kind, TableNo AS place, COUNT(*) AS rows, NULL AS number, NULL AS message FROM @parked GROUP BY Reason, TableNo
UNION ALL SELECT N'held', TableNo, COUNT(*), NULL, NULL FROM @held GROUP BY TableNo;`;
}

/** A till that keeps a row for longer than this makes the window wait for the next cycle. */
const lockTimeoutMs = 10_000;

const anchorMoved = (scope: string): ExpectedError =>
  new ExpectedError({
    code: anchorMovedCode,
    exit: 'failedPartWay',
    message: `Another run synchronised the scope ${scope} at the same time.`,
    hint: 'Nothing is lost: the next run goes on from where the other one ended.',
  });
