import type { Parked } from './conflicts.ts';
import type { Audited, Ledger } from './ledger.ts';
import type { Rows } from './rows.ts';
import type { Register } from './small-shop.ts';
import { demand } from './violation.ts';

/**
 * A register brings up what it has changed itself, and nothing else. Where something is gone that would tell a deletion
 * from a new row (`mayReturn`), it may bring back a row that the store has no more; what the store has, it never
 * overwrites with what it was only told.
 */
export function checkBroughtUp(
  register: Register,
  ledger: Ledger,
  entries: readonly Audited[],
  before: { readonly store: Rows; readonly parked: readonly Parked[] },
  { mayReturn }: { readonly mayReturn: boolean },
): void {
  for (const { table, key, version } of entries) {
    const isTriedAgain = before.parked.some(
      (each) => each.isOpen && each.register === register && each.table === table && each.key === key,
    );
    demand(
      ledger.owes(register, table, key) || isTriedAgain || (mayReturn && !before.store[table].has(key)),
      'a register brings up only what it has changed',
      () =>
        `${table} ${key} came to the store as ${version} from ${register}, which had not touched it; it was ${before.store[table].get(key) ?? 'no row'}`,
    );
  }
}
