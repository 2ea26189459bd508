import type { MssqlServers } from '../sql/connect.ts';
import { quoteName } from '../sql/identifiers.ts';
import type { DriverSession } from '../sql/mssql-session.ts';
import type { ConnectionTarget, SqlSession } from '../sql/session.ts';

/** The sessions of one run on one server: one per database, opened when first asked for and kept until the end. */
export type Sessions = {
  /**
   * undefined = master: the session that holds the deployer's lock, asks about the server and creates the database.
   * Scripts never run on it, so nothing in them can give the lock away. Throws what `SqlServers.connect` throws.
   */
  open(database: string | undefined, signal: AbortSignal): Promise<SqlSession>;
  /**
   * Begins a sign-in that the first database to be opened then takes over, also one that is only created meanwhile: a
   * sign-in is half a dozen trips over the line. Where it fails, `open` signs in as usual and tells why.
   */
  prepare(signal: AbortSignal): void;
  /** A further connection to that database, which is not kept: whoever asked closes it. */
  connect(database: string, signal: AbortSignal): Promise<DriverSession>;
  close(): Promise<void>;
};

/** How long a statement waits for somebody else's lock before it is refused (1222) and tried again. */
const setLockTimeout = 'SET LOCK_TIMEOUT 30000;';

export function createSessions(servers: MssqlServers, server: Omit<ConnectionTarget, 'database'>): Sessions {
  const opened = new Map<string, Promise<SqlSession>>();
  let spare: Promise<SqlSession | undefined> | undefined;
  const signIn = async (database: string | undefined, signal: AbortSignal): Promise<SqlSession> => {
    if (database === undefined) return servers.connect(server, signal);
    const taken = spare;
    spare = undefined;
    const moved = await moveTo(database, await taken, signal);
    if (moved !== undefined) return moved;
    const session = await servers.connect({ ...server, database }, signal);
    try {
      await session.batch(setLockTimeout, signal);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  };
  return {
    open(database, signal) {
      const key = database ?? '';
      const session = opened.get(key) ?? signIn(database, signal);
      opened.set(key, session);
      // A connection that failed is not kept: the next asker tries again.
      session.catch(() => opened.delete(key));
      return session;
    },
    connect: (database, signal) => servers.connect({ ...server, database }, signal),
    prepare(signal) {
      spare ??= servers.connect(server, signal).catch(() => undefined);
    },
    async close() {
      const sessions = await Promise.allSettled([
        ...opened.values(),
        ...(spare === undefined ? [] : [spare]),
      ]);
      const alive = sessions.flatMap((session) =>
        session.status === 'fulfilled' && session.value !== undefined ? [session.value] : [],
      );
      await Promise.all(alive.map((session) => session.close()));
    },
  };
}

/** The session in that database; undefined and closed when it cannot go there: then a sign-in of its own says why. */
async function moveTo(
  database: string,
  session: SqlSession | undefined,
  signal: AbortSignal,
): Promise<SqlSession | undefined> {
  if (session === undefined) return undefined;
  try {
    // Azure SQL Database knows no USE, and a database that was just created may not be open yet.
    await session.batch(`USE ${quoteName(database)};\n${setLockTimeout}`, signal);
    return session;
  } catch {
    await session.close();
    signal.throwIfAborted();
    return undefined;
  }
}
