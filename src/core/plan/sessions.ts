import type { ConnectionTarget, SqlServers, SqlSession } from '../sql/session.ts';

/** The sessions of one run on one server: one per database, opened when first asked for and kept until the end. */
export type Sessions = {
  /** undefined = master. Throws what `SqlServers.connect` throws. */
  open(database: string | undefined, signal: AbortSignal): Promise<SqlSession>;
  /** A session of its own that is never handed out again: the deployer's lock lives on one. */
  openApart(signal: AbortSignal): Promise<SqlSession>;
  close(): Promise<void>;
};

/** How long a statement waits for somebody else's lock before it is refused (1222) and tried again. */
const lockTimeoutMs = 30_000;

export function createSessions(servers: SqlServers, server: Omit<ConnectionTarget, 'database'>): Sessions {
  const opened = new Map<string, Promise<SqlSession>>();
  const apart: SqlSession[] = [];
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
    async openApart(signal) {
      const session = await connect(undefined, signal);
      apart.push(session);
      return session;
    },
    async close() {
      const sessions = await Promise.allSettled([...opened.values()]);
      const alive = sessions.flatMap((session) => (session.status === 'fulfilled' ? [session.value] : []));
      await Promise.all([...alive, ...apart].map((session) => session.close()));
    },
  };
}
