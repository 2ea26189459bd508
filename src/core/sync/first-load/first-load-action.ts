import type { ProfileTable } from '../../offline/provision/provision-actions.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Action, DatabaseTarget, Plan } from '../../plan/plan.ts';
import { rowsWord } from '../../words.ts';

/** The tables that come to a register and whose rows it has not got yet. */
export function unloadedTables(
  tables: readonly ProfileTable[],
  loaded: ReadonlySet<string>,
): readonly string[] {
  return tables
    .filter(({ shape, direction }) => direction !== 'upload' && !loaded.has(fold(shape.name)))
    .map(({ shape }) => shape.name);
}

/** Brings them; nothing where every table has come once. The last action of a plan. */
export function firstLoadActions(
  tables: readonly string[],
  store: DatabaseTarget,
  offline: DatabaseTarget,
): readonly Action[] {
  if (tables.length === 0) return [];
  return [
    {
      id: 'first-load',
      kind: 'operation',
      title: 'Load the rows for the first time',
      risk: 'changes',
      need: 'necessary',
      target: offline,
      operation: { kind: 'first-load', tables },
      describes: [
        `Brings the rows of ${tables.length} tables from ${store.database} to ${offline.database}, scope by scope.`,
        'Interrupted, it goes on from where it was; a service that synchronises already is waited for.',
      ],
      isAfterwards: true,
    },
  ];
}

/** For the review: how much there is to bring. */
export function firstLoadFacts(tables: readonly string[], rows: number | undefined): Plan['facts'] {
  if (tables.length === 0) return [];
  const what =
    rows === undefined ? `${tables.length} tables` : `${rowsWord(rows)} in ${tables.length} tables`;
  return [{ label: 'Rows', value: `${what} to load for the first time` }];
}
