import { fold } from '../../plan/detect/ask.ts';
import { readChanged } from './due-tables.ts';
import type { SyncLink } from './link.ts';

/** A rowversion that no database gets to. */
const highest = 2n ** 63n - 1n;

/**
 * The scopes of which the register has written something since they were last brought up: one trip to the register, a
 * seek a table. Rows from the store count as well in a bidirectional scope; a cycle too many does no harm.
 */
export async function readLocalChanges(
  { memory, sides }: SyncLink,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tables = memory.scopes.flatMap(({ name: scope, direction, tables: each }) => {
    const after = memory.broughtUp.get(scope);
    if (direction === 'download' || after === undefined) return [];
    return each.filter(({ hasTracking }) => hasTracking).map(({ name }) => ({ scope, name, after }));
  });
  if (tables.length === 0) return [];
  const { session, abilities } = await sides.offline.control(signal);
  const changed = await readChanged(session, tables, highest, abilities.readsPast, signal);
  return [...new Set(tables.filter(({ name }) => changed.has(fold(name))).map(({ scope }) => scope))];
}
