import { conflictTable } from '../../offline/tracking/names.ts';
import { only } from '../../plan/detect/ask.ts';
import { type ConflictSides, openStates, placeOf, sessionOf, unknownConflict } from './conflict.ts';
import { ofRegister } from './list.ts';

/**
 * Marks parked rows to be tried again by the next cycle of their scope, in the version that the other side then has.
 * 'all' = all of the register. Gives their number. Throws `conflict-unknown`, and then nothing is marked.
 */
export async function retryConflicts(
  sides: ConflictSides,
  ids: readonly string[] | 'all',
  signal: AbortSignal,
): Promise<number> {
  if (ids !== 'all') return await change(sides, ids, "Status = N'retry'", {}, signal);
  let marked = 0;
  for (const where of ['store', 'offline'] as const) {
    const { condition, parameters } =
      where === 'store' ? await ofRegister(sides, signal) : { condition: '', parameters: {} };
    const answer = await sides[where]?.query<{ changed: number }>(
      `SET NOCOUNT ON;
UPDATE ${conflictTable} SET Status = N'retry' WHERE ${openStates} AND Reason <> N'only-copy'${condition};
SELECT @@ROWCOUNT AS changed;`,
      parameters,
      signal,
    );
    marked += answer === undefined ? 0 : only(answer).changed;
  }
  return marked;
}

/**
 * Gives parked rows up: what the database has stays, and the parked version is kept in the record with who decided it
 * and when. It is not tried or counted again unless the row changes. Gives their number. Throws `conflict-unknown`, and
 * then nothing is given up.
 */
export function acceptConflicts(
  sides: ConflictSides,
  ids: readonly string[],
  by: string,
  signal: AbortSignal,
): Promise<number> {
  const accepted = "Status = N'accepted', ResolvedUtc = GETUTCDATE(), ResolvedBy = @by";
  return change(sides, ids, accepted, { by: by.slice(0, 128) }, signal);
}

async function change(
  sides: ConflictSides,
  ids: readonly string[],
  set: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  const places = ids.map((id) => ({ id, ...placeOf(id) }));
  const bySide = Map.groupBy(places, ({ where }) => where);
  // Asked before anything is changed: a number that is wrong is noticed with nothing done.
  for (const [where, named] of bySide) {
    const open = await sessionOf(sides, where, named[0]?.id ?? '').query<{ number: number }>(
      `SELECT ConflictId AS number FROM ${conflictTable} WHERE ${openStates} AND ConflictId IN (${numbersOf(named)})`,
      {},
      signal,
    );
    const unknown = named.find(({ number }) => !open.some((each) => each.number === number));
    if (unknown !== undefined) throw unknownConflict(unknown.id);
  }
  let changed = 0;
  for (const [where, named] of bySide) {
    const answer = await sessionOf(sides, where, named[0]?.id ?? '').query<{ changed: number }>(
      `SET NOCOUNT ON;
UPDATE ${conflictTable} SET ${set} WHERE ${openStates} AND ConflictId IN (${numbersOf(named)});
SELECT @@ROWCOUNT AS changed;`,
      parameters,
      signal,
    );
    changed += only(answer).changed;
  }
  return changed;
}

const numbersOf = (named: readonly { readonly number: number }[]): string =>
  named.map(({ number }) => number).join(', ');
