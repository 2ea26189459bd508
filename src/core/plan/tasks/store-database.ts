import { detectSide } from '../detect/index.ts';
import type { Plan } from '../plan.ts';
import { planStoreDatabase } from '../planner.ts';
import type { RunServers } from '../servers.ts';
import type { SetupInput } from '../setup.ts';

/** The store database on the store's server: the schema, its roles, whose it is. */
export async function storeDatabase(
  { answers, pack, clock }: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
): Promise<Plan> {
  const wanted = { database: answers.storeDatabase.name, storeId: answers.identification?.storeId };
  return planStoreDatabase(answers, await detectSide(servers.of('store'), wanted, clock, signal), pack);
}
