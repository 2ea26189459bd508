import { accountActions } from '../../accounts/account-actions.ts';
import { noAccount, readAccount } from '../../accounts/account-state.ts';
import { readKnownIds } from '../../offline/identification/known-ids.ts';
import { initialDataActions } from '../actions/initial-data.ts';
import { detectSituation } from '../detect-situation.ts';
import type { Plan } from '../plan.ts';
import { planStoreDatabase } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';

/** The store database on the store's server: the schema, its roles, whose it is; and its initial data where the answers name a pack. */
export async function storeDatabase(
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const { answers, pack, initialData } = input;
  const storeId = answers.identification?.storeId;
  const situation = await detectSituation('store', input, servers, signal, storeId);
  let isFilled = false;
  let account = noAccount;
  if (situation.contents !== undefined) {
    const session = await servers.of('store').open(situation.databaseName, signal);
    const user = answers.serviceAccount?.user;
    if (user !== undefined) account = await readAccount(session, user, signal);
    if (initialData?.pack.sample !== undefined) {
      const { stores, companies } = await readKnownIds(session, signal);
      isFilled = stores.length > 0 || companies.length > 0;
    }
  }
  return planStoreDatabase(answers, situation.detected, pack, [
    ...accountActions(situation, account),
    ...(await initialDataActions(situation, initialData, isFilled, signal)),
  ]);
}
