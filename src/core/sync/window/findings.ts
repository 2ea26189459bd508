import type { Finding } from '../../plan/plan.ts';
import type { SqlFailure } from '../../sql/failures.ts';
import { rowsWord } from '../../words.ts';
import type { ApplyTable } from './apply.ts';
import type { LeftRows } from './transaction.ts';

/** What a window tells about the rows that it parked; held ones come again by themselves. */
export function parkedFinding(
  { why, place, rows }: LeftRows,
  tables: readonly ApplyTable[],
): Finding | undefined {
  const applied = tables[place];
  if (applied === undefined || why === 'held') return undefined;
  const what = `${rowsWord(rows)} of ${applied.table.shape.name} ${rows === 1 ? 'is' : 'are'} parked`;
  const hint = 'Look at what is parked: storedb sync conflicts list.';
  if (why === 'same-key')
    return {
      code: 'rows-of-same-key',
      message: `${what}: the store has another row under the same key.`,
      hint,
    };
  if (why === 'store-wins')
    return {
      code: 'rows-changed-twice',
      message: `${what}: the store changed them as well, and its version stays.`,
      hint,
    };
  const [first] = applied.bad;
  return {
    code: 'rows-refused',
    message: `${what}: the server refuses them${first === undefined ? '' : `, one with ${first.number}, ${first.message}`}`,
    hint,
  };
}

/** A table that could not be written at all; its anchor stays, so nothing of it is lost. */
export const tableFailed = (table: string, failure: SqlFailure): Finding => ({
  code: 'table-failed',
  message: `${table} could not be written; the server says: ${failure.message}`,
  hint: 'Put right what the message names; its rows come with the next run.',
});
