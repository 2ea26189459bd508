import type { Provisioning } from '../offline/provision/detect-provisioning.ts';
import type { ProfileTable } from '../offline/provision/provision-actions.ts';
import { stateOf, type TableState } from '../offline/provision/table-state.ts';
import { metadataTables } from '../offline/tracking/metadata.ts';
import { trackingStatements } from '../offline/tracking/statements.ts';
import { fold } from '../plan/detect/ask.ts';
import { checksOf, counted, someOf } from './checks.ts';
import type { Check } from './events.ts';

type Fault = {
  readonly name: string;
  readonly status: 'warning' | 'failed';
  readonly has: (state: TableState) => boolean;
  /** After the names of the tables: "AAA, BBB: no tracking table". */
  readonly words: string;
  readonly hint: string;
};

const again = 'Run storedb apply again: it puts this back.';

/** In the order in which they matter; a table is told once, with the first that fits. */
const faults: readonly Fault[] = [
  {
    name: 'foreign-tracking',
    status: 'warning',
    has: ({ table }) => table === 'foreign',
    words: 'tracked by Microsoft Sync Framework, left alone and not synchronised',
    hint: 'Have its provisioning removed when the original sync service is not used any more.',
  },
  {
    name: 'tracking-table',
    status: 'failed',
    has: ({ table }) => table === 'missing',
    words: 'no tracking table',
    hint: again,
  },
  {
    name: 'tracking-key',
    status: 'failed',
    has: ({ table }) => table === 'other-key',
    words: 'the tracking table is made for another primary key',
    hint: again,
  },
  {
    name: 'trigger-missing',
    status: 'failed',
    has: ({ trigger }) => trigger === 'missing',
    words: 'no tracking trigger, changes go by unseen',
    hint: again,
  },
  {
    name: 'trigger-off',
    status: 'failed',
    has: ({ trigger }) => trigger === 'disabled',
    words: 'the tracking trigger is switched off, changes go by unseen',
    hint: again,
  },
  {
    name: 'trigger-changed',
    status: 'failed',
    has: ({ trigger }) => trigger === 'changed' || trigger === 'outdated',
    words: 'the tracking trigger is not the one of this storedb',
    hint: again,
  },
  {
    name: 'tracking-index',
    status: 'failed',
    has: ({ hasIndex }) => !hasIndex,
    words: 'the index of the tracking table is missing, which makes the synchronisation slow',
    hint: again,
  },
  {
    name: 'trigger-unread',
    status: 'warning',
    has: ({ trigger }) => trigger === 'unreadable',
    words: 'the server does not show the text of the tracking trigger',
    hint: 'Sign in with the right VIEW DEFINITION to have it compared.',
  },
];

/** Tracking tables, their indexes and triggers, and the records of the synchronisation. Pure. */
export function checkTracking(
  group: 'store' | 'offline',
  tables: readonly ProfileTable[],
  found: Provisioning,
): readonly Check[] {
  const say = checksOf(group);
  const where = group === 'store' ? 'the store database' : 'the offline database';
  const states = tables.map(({ shape }) => ({
    name: shape.name,
    state: stateOf(shape, trackingStatements(shape), found),
  }));
  const told = new Set<string>();
  const lines = faults.flatMap((fault): Check[] => {
    const names = states
      .filter(({ name, state }) => !told.has(name) && fault.has(state))
      .map(({ name }) => name);
    for (const name of names) told.add(name);
    if (names.length === 0) return [];
    return [say[fault.status](fault.name, `${someOf(names)} in ${where}: ${fault.words}.`, fault.hint)];
  });
  const missing = metadataTables.filter(({ name }) => !found.metadata.has(fold(name)));
  if (missing.length > 0)
    lines.push(
      say.failed(
        'records',
        `The records of the synchronisation are incomplete in ${where}: ${someOf(missing.map(({ name }) => name))} missing.`,
        again,
      ),
    );
  const good = tables.length - told.size;
  if (good > 0)
    lines.unshift(
      say.ok(
        'tracking',
        `${counted(good, 'tracking table', 'tracking tables')} in ${where}, ${good === tables.length ? 'all ' : ''}triggers in place`,
      ),
    );
  return lines;
}
