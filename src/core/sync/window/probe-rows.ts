import { conflictTable } from '../../offline/tracking/names.ts';
import type { SqlFailure } from '../../sql/failures.ts';
import { quoteString } from '../../sql/identifiers.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import { incoming } from '../transfer/columns.ts';
import type { ApplyTable } from './apply.ts';
import { findBadRows } from './bad-rows.ts';
import { takeConflictsOut } from './conflicts.ts';
import type { WindowOrder } from './order.ts';
import { parkBadRows } from './park.ts';
import { rowText } from './row-text.ts';
import { type BadRow, baseOf, firstKey, keyOf, match, rowDiffers, type StagedTable } from './staged-table.ts';
import { at, inOrigin, refusalIn, transaction } from './transaction.ts';
import { isTransient } from './transient.ts';
import { deleteRows, writeRows } from './write-rows.ts';

/** Errors that a row, or another row of the same table, is the cause of: no other table needs to be tried with it. */
const ownErrors: ReadonlySet<number> = new Set([220, 515, 2601, 2627, 2628, 8115, 8152]);

/**
 * The rows of the table at `place` because of which the window was refused with this error; undefined where the table
 * itself is to blame. Tries subsets in transactions that are rolled back. Throws what is transient.
 */
export async function badRowsOf(
  session: DriverSession,
  tables: readonly ApplyTable[],
  place: number,
  { number }: SqlFailure,
  order: WindowOrder,
  signal: AbortSignal,
): Promise<readonly BadRow[] | undefined> {
  const tried = tables[place];
  if (tried === undefined) return undefined;
  const rows = await numberedRows(session, tried, order, signal);
  const search = async (together: readonly ApplyTable[]) => {
    const seen = new Set<number>();
    const bad = await findBadRows(rows, async (subset, isCleared) => {
      const text = probeStatement(together, together.indexOf(tried), subset, isCleared, order);
      const refused = refusalIn(await inOrigin(session, text, signal));
      if (refused !== undefined && (isTransient(refused.failure) || refused.place < 0)) throw refused.failure;
      if (refused !== undefined) seen.add(refused.failure.number);
      return refused?.failure;
    });
    return {
      bad: bad?.length === 0 ? undefined : bad,
      isOwn: [...seen].every((each) => ownErrors.has(each)),
    };
  };
  if (ownErrors.has(number)) {
    const { bad, isOwn } = await search([tried]);
    if (bad !== undefined && isOwn) return bad;
  }
  return (await search(tables)).bad;
}

/**
 * Numbers the staged rows, where they have no numbers yet; those already refused in earlier windows are doubtful. What
 * the destination has already is left out from now on: trying it over and over would take a large table's whole day.
 */
async function numberedRows(
  session: DriverSession,
  { table, bad }: ApplyTable,
  { sourceId }: WindowOrder,
  signal: AbortSignal,
) {
  const key = rowText(keyOf(table), (column) => incoming(column, 's'));
  const isDoubtful = `EXISTS (SELECT 1 FROM ${conflictTable} AS c WHERE c.PeerId = ${sourceId}
  AND c.TableName = ${quoteString(table.shape.name)} AND c.Status IN (N'parked', N'retry') AND c.KeyText = ${key})`;
  if (bad.length === 0)
    await session.batch(
      `DELETE s FROM ${table.staging} AS s LEFT JOIN ${baseOf(table)} AS b ON ${match(table, 'b')}
WHERE ((s.[storedb_gone] = 1 AND b.${firstKey(table)} IS NULL)
  OR (s.[storedb_gone] = 0 AND b.${firstKey(table)} IS NOT NULL AND NOT ${rowDiffers(table)})) AND NOT ${isDoubtful};
ALTER TABLE ${table.staging} ADD [storedb_row] int IDENTITY(1, 1) NOT NULL;`,
      signal,
    );
  const numbered = await session.query<{ row: number; isDoubtful: number }>(
    `SELECT s.[storedb_row] AS row, CASE WHEN ${isDoubtful} THEN 1 ELSE 0 END AS isDoubtful
FROM ${table.staging} AS s ORDER BY s.[storedb_row]`,
    {},
    signal,
  );
  const isBad = new Set(bad.map(({ row }) => row));
  const wanted = numbered.filter(({ row }) => !isBad.has(row));
  const sorted = (doubtful: number) =>
    wanted.filter((each) => each.isDoubtful === doubtful).map(({ row }) => row);
  return { sound: sorted(0), doubtful: sorted(1) };
}

/** The window up to the table in question, of which only these rows are left, rolled back. */
function probeStatement(
  tables: readonly ApplyTable[],
  place: number,
  rows: readonly number[],
  isCleared: boolean,
  order: WindowOrder,
): string {
  const staged = tables.map(({ table }) => table);
  return transaction(
    [
      ...staged.map((table, each) => at(each, table, takeConflictsOut(table, each, order))),
      ...tables.map(({ table, bad }, each) => parkBadRows(table, each, bad)),
      ...staged.flatMap((table, each) =>
        each === place ? [at(each, table, `${isCleared ? clear(table) : ''}${narrow(table, rows)}`)] : [],
      ),
      ...staged.map((table, each) => at(each, table, deleteRows(table))).toReversed(),
      ...staged.slice(0, place + 1).map((table, each) => at(each, table, writeRows(table))),
    ],
    order,
    'ROLLBACK',
  );
}

const clear = (table: StagedTable): string =>
  `DELETE b FROM ${baseOf(table)} AS b JOIN ${table.staging} AS s ON ${match(table, 'b')};\n`;

function narrow(table: StagedTable, rows: readonly number[]): string {
  const kept = ranges(rows).map(([first, last]) => `[storedb_row] BETWEEN ${first} AND ${last}`);
  return `DELETE FROM ${table.staging}${kept.length === 0 ? '' : ` WHERE NOT (${kept.join(' OR ')})`};`;
}

/** Numbers as first and last of each unbroken run. */
function ranges(rows: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const row of rows.toSorted((left, right) => left - right)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === row - 1) last[1] = row;
    else runs.push([row, row]);
  }
  return runs;
}
