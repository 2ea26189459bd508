import { detectSide } from './detect/index.ts';
import type { RunServers } from './servers.ts';
import type { SetupInput } from './setup.ts';
import { databaseOf, type Side, type Situation, situationOf } from './situation.ts';

/**
 * What is there on one side of a set-up, beside what its answers ask for. With a store ID, databases of the same
 * server that have this store are found too. Writes nothing; throws as `detectSide`.
 */
export async function detectSituation(
  side: Side,
  input: SetupInput,
  servers: RunServers,
  signal: AbortSignal,
  storeId?: string,
): Promise<Situation> {
  const { answers, pack } = input;
  const wanted = { database: databaseOf(side, answers).name, storeId };
  return situationOf(side, answers, await detectSide(servers.of(side), wanted, input, signal), pack);
}
