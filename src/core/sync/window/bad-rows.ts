import type { SqlFailure } from '../../sql/failures.ts';
import type { BadRow } from './staged-table.ts';

/**
 * Tries a table with only these of its staged rows, and takes it back; gives what refuses them. `isCleared`: without
 * the rows that the destination has under the staged keys, so that a value which one row hands to another is free.
 */
export type Probe = (rows: readonly number[], isCleared: boolean) => Promise<SqlFailure | undefined>;

/** So many bad rows are no longer the fault of rows. */
const mostBadRows = 100;
const mostProbes = 500;

/**
 * The rows that cannot be applied, by halving. `doubtful` are those that were refused before: they are tried last and
 * one by one. Undefined where no rows are to blame: the statements fail without any, or too many are refused.
 *
 * A row on its own may be refused only because another that goes with it is left out (two rows that swap a unique
 * value), so it is first tried against a destination cleared of all staged keys; and where that is not possible, or the
 * rest does not go through after all, on top of the rows that have gone through.
 */
export async function findBadRows(
  rows: { readonly sound: readonly number[]; readonly doubtful: readonly number[] },
  probe: Probe,
): Promise<readonly BadRow[] | undefined> {
  if ((await probe([], false)) !== undefined) return undefined;
  const search = searching(probe);
  const sets = [rows.sound, ...rows.doubtful.map((row) => [row])];
  const canClear = (await probe([], true)) === undefined;
  const bad = await search(sets, canClear);
  if (bad === undefined || !canClear) return bad;
  const isBad = new Set(bad.map(({ row }) => row));
  const rest = [...rows.sound, ...rows.doubtful].filter((row) => !isBad.has(row));
  if ((await probe(rest, false)) === undefined) return bad;
  const more = await search([rest], false);
  return more === undefined || bad.length + more.length > mostBadRows ? undefined : [...bad, ...more];
}

/** Lets a growing set of rows go through together; what is refused on top of it is halved down to single rows. */
function searching(probe: Probe) {
  let probes = 0;
  return async (
    sets: readonly (readonly number[])[],
    isCleared: boolean,
  ): Promise<readonly BadRow[] | undefined> => {
    let accepted: readonly number[] = [];
    const bad: BadRow[] = [];
    const open = sets.filter(({ length }) => length > 0).toReversed();
    for (let set = open.pop(); set !== undefined; set = open.pop()) {
      probes += 1;
      if (probes > mostProbes || bad.length > mostBadRows) return undefined;
      const failure = await probe([...accepted, ...set], isCleared);
      const [row] = set;
      if (failure === undefined) accepted = [...accepted, ...set];
      else if (set.length > 1) open.push(set.slice(set.length / 2), set.slice(0, set.length / 2));
      else if (row !== undefined) bad.push(refusedRow(row, failure));
    }
    return bad;
  };
}

/** The message may quote a value of the row, and a NUL in it would end the statement that keeps it. */
const refusedRow = (row: number, { number, serverMessage }: SqlFailure): BadRow => ({
  row,
  number,
  message: serverMessage.replaceAll('\0', ' '),
});
