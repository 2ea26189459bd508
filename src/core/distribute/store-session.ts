import { readKnownIds } from '../offline/identification/known-ids.ts';
import { detectSituation } from '../plan/detect-situation.ts';
import { beforehand } from '../plan/make-plan.ts';
import { refuseFirst } from '../plan/planner.ts';
import { refusal } from '../plan/refusal.ts';
import { serversFor } from '../plan/servers.ts';
import type { SetupInput } from '../plan/setup.ts';
import type { Situation } from '../plan/situation.ts';
import { refuseStore } from '../plan/tasks/refuse-store.ts';
import type { DriverSession } from '../sql/mssql-session.ts';
import type { SqlSession } from '../sql/session.ts';

/**
 * Looks into a store database that is whole, with a session of its own; takes no lock and writes nothing. Throws
 * ExpectedErrors: exit `connection` when it cannot be reached, `prerequisite` when it is not one.
 */
export async function inStore<Result>(
  input: SetupInput,
  look: (session: DriverSession, store: Situation) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const servers = serversFor(input);
  try {
    const situation = await detectSituation('store', input, servers, signal);
    refuseFirst(refuseStore, situation);
    const session = await servers.of('store').connect(situation.databaseName, signal);
    try {
      return await look(session, situation);
    } finally {
      await session.close();
    }
  } catch (error) {
    throw beforehand(error, signal) ?? error;
  } finally {
    await servers.close();
  }
}

/** The company that this is about: as the answers say, as the database was recorded, or the only one it has. */
export async function companyOf(
  { answers, contents }: Situation,
  session: SqlSession,
  signal: AbortSignal,
): Promise<string> {
  const said = answers.identification?.dataAreaId ?? contents?.identity?.dataAreaId;
  if (said !== undefined) return said;
  const { companies } = await readKnownIds(session, signal);
  const [only] = companies;
  if (only !== undefined && companies.length === 1) return only;
  throw refusal(
    'company-unknown',
    companies.length === 0
      ? 'Nobody says which company this is about.'
      : `The database has the rows of several companies: ${companies.slice(0, 5).join(', ')}.`,
    'Write the company into the answers (identification.dataAreaId).',
  );
}
