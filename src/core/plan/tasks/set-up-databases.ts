import { detectSide } from '../detect/index.ts';
import { refuseFirst } from '../planner.ts';
import { refusal } from '../refusal.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';
import { type Side, type Situation, situationOf } from '../situation.ts';
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
  const { answers, pack } = input;
  const look = async (side: Side, database: string) => {
    const detected = await detectSide(servers.of(side), { database, storeId: undefined }, input, signal);
    return situationOf(side, answers, detected, pack);
  };
  const store = await look('store', answers.storeDatabase.name);
  refuseFirst(refuseStore, store);
  const offline = await look('offline', answers.offlineDatabase?.name ?? '');
  if (offline.contents?.identity?.kind !== 'offline')
    throw refusal(
      'offline-database-missing',
      `There is no offline database ${offline.databaseName} on ${offline.database.server} that storedb has set up.`,
      hint,
    );
  return { store, offline };
}
