import { detectSituation } from '../detect-situation.ts';
import { refuseFirst } from '../planner.ts';
import { refusal } from '../refusal.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import type { Situation } from '../situation.ts';
import { refuseStore } from './refuse-store.ts';

/**
 * The two databases of a register that has been set up. Throws ExpectedErrors: whatever is wrong with the store
 * database, and `offline-database-missing`, with the given hint.
 */
export async function setUpDatabases(
  input: SetupInput,
  servers: RunServers,
  hint: string,
  signal: AbortSignal,
): Promise<{ readonly store: Situation; readonly offline: Situation }> {
  const store = await detectSituation('store', input, servers, signal);
  refuseFirst(refuseStore, store);
  const offline = await detectSituation('offline', input, servers, signal);
  if (offline.contents?.identity?.kind !== 'offline')
    throw refusal(
      'offline-database-missing',
      `There is no offline database ${offline.databaseName} on ${offline.database.server} that storedb has set up.`,
      hint,
    );
  return { store, offline };
}
