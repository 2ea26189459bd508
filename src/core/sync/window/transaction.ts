import { clearOrigin, narrowOrigin, setOrigin } from '../../offline/tracking/names.ts';
import { SqlFailure } from '../../sql/failures.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { declareHeld } from './conflicts.ts';
import type { WindowOrder } from './order.ts';
import { declareParked, type ParkReason } from './park.ts';
import { baseOf, type StagedTable } from './staged-table.ts';

/** Rows of a table, by its place, that were not applied, and why. */
export type LeftRows = { readonly place: number; readonly why: ParkReason | 'held'; readonly rows: number };

/** A line of the answer; see `transaction`. */
type ResultRow = {
  readonly kind: LeftRows['why'] | 'moved' | 'refused';
  readonly place: number;
  readonly rows: number;
  readonly number: number | null;
  readonly message: string | null;
};

/**
 * The statements of the table at `place`. The origin is set anew for each: a trigger of the application may have put
 * something of its own there, and what it writes elsewhere is not the source's.
 */
export const at = (place: number, table: StagedTable, text: string): string =>
  text === '' ? '' : `SET @at = ${place}; ${narrowOrigin(baseOf(table))}\n${text}`;

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
