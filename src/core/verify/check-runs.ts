import { readReplicas } from '../offline/replicas/replica.ts';
import { fold } from '../plan/detect/ask.ts';
import type { SqlSession } from '../sql/session.ts';
import { listConflicts } from '../sync/conflicts/index.ts';
import { readLastRuns } from '../sync/status/recorded-runs.ts';
import { checksOf, counted, someOf } from './checks.ts';
import type { Check } from './events.ts';

/**
 * What the records of the synchronisation say of a register: how the last run of each scope ended, and which rows are
 * parked. Nothing where the records are not there; the check of the tracking tells that.
 */
export async function checkRuns(
  sessions: { readonly store: SqlSession; readonly offline: SqlSession },
  records: { readonly store: ReadonlySet<string>; readonly offline: ReadonlySet<string> },
  registerId: string,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const needed = ['replica', 'syncrun', 'conflict'];
  if (![records.store, records.offline].every((there) => needed.every((name) => there.has(name)))) return [];
  const say = checksOf('synchronisation');
  const replicas = await readReplicas(sessions.store, signal);
  const register = replicas.find(
    ({ kind, isRetired, registerId: id }) =>
      kind === 'offline' && !isRetired && fold(id) === fold(registerId),
  );
  const runs = register === undefined ? [] : await readLastRuns(sessions.store, register.localId, signal);
  const wrong = runs.filter(({ outcome }) => outcome !== 'done');
  const checks = wrong.map(({ scope, outcome, message }) =>
    say.failed(
      `scope:${scope}`,
      `The last run of ${scope} ended ${words[outcome]}: ${message ?? 'no reason is recorded.'}`,
      'Put right what it names; the next run goes on from there.',
    ),
  );
  const parked = await listConflicts(sessions, signal);
  if (parked.length > 0)
    checks.push(
      say.failed(
        'parked',
        `${counted(parked.length, 'row is', 'rows are')} parked: ${someOf([...new Set(parked.map(({ table }) => table))])}.`,
        'Work them off: storedb sync conflicts list ANSWERS.',
      ),
    );
  if (runs.length > 0 && checks.length === 0)
    checks.push(
      say.ok(
        'runs',
        `The last run of each of ${counted(runs.length, 'scope', 'scopes')} is done; no rows are parked`,
      ),
    );
  return checks;
}

const words = {
  done: 'well',
  partly: 'in part',
  failed: 'with a failure',
  unreachable: 'out of reach',
} as const;
