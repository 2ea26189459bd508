import { ask } from '../../plan/detect/ask.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';

const known = new WeakMap<DriverSession, Promise<boolean>>();

/**
 * Whether the database lets itself be read as of one moment: reading then neither waits for a till nor keeps one
 * waiting. Asked once a session. Where it does not, rows are read as they are committed, and nothing is lost either:
 * the bound was read before, so what changes meanwhile lies above it and comes again.
 */
export function allowsSnapshot(session: DriverSession, signal: AbortSignal): Promise<boolean> {
  const found = known.get(session) ?? probe(session, signal);
  known.set(session, found);
  found.catch(() => known.delete(session));
  return found;
}

async function probe(session: DriverSession, signal: AbortSignal): Promise<boolean> {
  const answer = await ask(() =>
    session.query<{ state: number }>(
      'SELECT snapshot_isolation_state AS state FROM sys.databases WHERE database_id = DB_ID()',
      {},
      signal,
    ),
  );
  return answer.known && answer.value[0]?.state === 1;
}

const level = (name: string): string => `SET TRANSACTION ISOLATION LEVEL ${name};`;

/** The query as of one moment. The session is as before afterwards, unless it fails: see `leaveSnapshot`. */
export const inSnapshot = (query: string): string =>
  `${level('SNAPSHOT')}\n${query};\n${level('READ COMMITTED')}`;

/**
 * For a session whose query in a snapshot failed: what it writes later must not be a snapshot's. It is asked again
 * whether it may, too.
 */
export async function leaveSnapshot(session: DriverSession): Promise<void> {
  known.delete(session);
  if (!session.isLost) await session.batch(level('READ COMMITTED'));
}
