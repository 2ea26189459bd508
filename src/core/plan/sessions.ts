import type { ConnectionTarget, SqlServers, SqlSession } from '../sql/session.ts';

/** The sessions of one run on one server: one per database, opened when first asked for and kept until the end. */
export type Sessions = {
  /**
   * undefined = master: the session that holds the deployer's lock, asks about the server and creates the database.
   * Scripts never run on it, so nothing in them can give the lock away. Throws what `SqlServers.connect` throws.
   */
  open(database: string | undefined, signal: AbortSignal): Promise<SqlSession>;
  close(): Promise<void>;
};

/** How long a statement waits for somebody else's lock before it is refused (1222) and tried again. */
const lockTimeoutMs = 30_000;

export function createSessions(servers: SqlServers, server: Omit<ConnectionTarget, 'database'>): Sessions {
  const opened = new Map<string, Promise<SqlSession>>();
  const connect = async (database: string | undefined, signal: AbortSignal): Promise<SqlSession> => {
    const session = await servers.connect(database === undefined ? server : { ...server, database }, signal);
    if (database !== undefined) await session.batch(`SET LOCK_TIMEOUT ${lockTimeoutMs};`, signal);
    return session;
  };
  return {
    open(database, signal) {
      const key = database ?? '';
      const session = opened.get(key) ?? connect(database, signal);
      opened.set(key, session);
      // A connection that failed is not kept: the next asker tries again.
      session.catch(() => opened.delete(key));
      return session;
    },
    async close() {
      const sessions = await Promise.allSettled([...opened.values()]);
      const alive = sessions.flatMap((session) => (session.status === 'fulfilled' ? [session.value] : []));
      await Promise.all(alive.map((session) => session.close()));
    },
  };
}
