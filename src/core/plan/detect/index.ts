import { groupAccount, localGroups } from '../../accounts/local-groups.ts';
import { ExpectedError } from '../../errors.ts';
import {
  type Checked,
  type DatabaseContents,
  type DetectedDatabase,
  type DetectedSide,
  known,
  type ServerIdentity,
  unknown,
} from '../detected.ts';
import type { Sessions } from '../sessions.ts';
import type { SetupInput } from '../setup.ts';
import { detectContents } from './contents.ts';
import { askDataBytes, askOptions, type DatabaseHeader, findDatabase } from './database.ts';
import { findOtherStores } from './other-stores.ts';
import { detectServer } from './server.ts';

/**
 * Reads everything that the planner wants to know about a store database and its server. Writes nothing. Throws
 * only when the server cannot be reached, the signal is aborted, or a question that must be answered is refused.
 */
export async function detectSide(
  sessions: Sessions,
  wanted: { readonly database: string; readonly storeId: string | undefined },
  ports: Pick<SetupInput, 'clock' | 'localGroups'>,
  signal: AbortSignal,
): Promise<DetectedSide> {
  const master = await sessions.open(undefined, signal);
  const header = await findDatabase(master, wanted.database, signal);
  const server = await detectServer(master, header?.name, ports, signal);
  let database: DetectedDatabase = { exists: false };
  if (header !== undefined) {
    database = {
      ...header,
      exists: true,
      options: await askOptions(master, header.name, signal),
      dataBytes: await askDataBytes(master, header.name, signal),
      contents: await askContents(sessions, header, groupAccounts(server.identity), signal),
    };
  }
  return { server, database, ...(await findOtherStores(master, wanted.storeId, wanted.database, signal)) };
}

function groupAccounts({ isWindows, machineName }: ServerIdentity): readonly string[] {
  if (!isWindows || machineName === undefined) return [];
  return localGroups.map(({ name }) => groupAccount(machineName, name));
}

/** A database that is not open to everybody is not opened: in single-user mode we would take the one place. */
async function askContents(
  sessions: Sessions,
  header: DatabaseHeader,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<Checked<DatabaseContents>> {
  if (header.state !== 'ONLINE') return unknown(`the database is ${header.state}`);
  if (header.access === 'SINGLE_USER') return unknown('the database is in single-user mode');
  try {
    const session = await sessions.open(header.name, signal);
    return known(await detectContents(session, groups, signal));
  } catch (error) {
    if (error instanceof ExpectedError && error.exit === 'connection' && error.code !== 'connection-lost')
      return unknown(error.message);
    throw error;
  }
}
