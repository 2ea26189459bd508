import type { MssqlServers } from '../../sql/connect.ts';
import type { DriverSession } from '../../sql/mssql-session.ts';
import type { ConnectionTarget } from '../../sql/session.ts';
import type { SessionSource } from '../window/order.ts';
import { type Abilities, readAbilities } from './abilities.ts';
import { limitedSession } from './limited-session.ts';

export type SyncSide = 'store' | 'offline';

/** The one session that asks for a cycle and holds its locks. */
export type Control = { readonly session: DriverSession; readonly abilities: Abilities };

/** The sessions of one side, kept open between cycles. */
export type SideLink = {
  readonly side: SyncSide;
  readonly database: string;
  readonly server: string;
  /** Opens it again when it was lost: whoever relies on its locks asks `isLost` first. */
  control(signal: AbortSignal): Promise<Control>;
  /** Whether there is no control session that answers. */
  readonly isLost: boolean;
  /** Ends the control session, and with it its locks. */
  drop(): Promise<void>;
  /** Further sessions, for windows. */
  readonly lent: SessionSource;
  /** Ends all lent sessions but one: a hundred registers must not keep a thousand connections of a store. */
  rest(): Promise<void>;
  close(): Promise<void>;
};

/**
 * A till must not wait long for us, nor we for ever for a till: what is locked longer is tried again; and of two that
 * wait for each other, the sale goes on.
 */
const manners = 'SET LOCK_TIMEOUT 10000; SET DEADLOCK_PRIORITY LOW;';

/** What a cycle itself asks is short; tidying up a database that was neglected may take a while. */
const answerWithinMs = 300_000;

export function createSideLink(
  side: SyncSide,
  servers: MssqlServers,
  target: ConnectionTarget & { readonly database: string },
): SideLink {
  const idle: DriverSession[] = [];
  const opened = new Set<DriverSession>();
  let current: Control | undefined;

  const open = async (signal: AbortSignal): Promise<DriverSession> => {
    const session = await servers.connect(target, signal);
    opened.add(session);
    try {
      await session.batch(manners, signal);
      return session;
    } catch (error) {
      await end(session);
      throw error;
    }
  };
  const end = async (session: DriverSession): Promise<void> => {
    // A lost one is closed too: the driver's pool around it keeps a timer, and so the process.
    const over = [session, ...[...opened].filter((each) => each.isLost)];
    for (const each of over) opened.delete(each);
    await Promise.all(over.map((each) => each.close()));
  };
  const drop = async (): Promise<void> => {
    const dropped = current;
    current = undefined;
    if (dropped !== undefined) await end(dropped.session);
  };

  return {
    side,
    database: target.database,
    server: target.server,
    async control(signal) {
      if (current?.session.isLost) await drop();
      if (current !== undefined) return current;
      const session = limitedSession(await open(signal), target.server, answerWithinMs);
      try {
        current = { session, abilities: await readAbilities(session, target.database, signal) };
        return current;
      } catch (error) {
        await end(session);
        throw error;
      }
    },
    get isLost() {
      return current === undefined || current.session.isLost;
    },
    drop,
    lent: {
      async take(signal) {
        const kept = idle.pop();
        if (kept === undefined) return open(signal);
        if (!kept.isLost) return kept;
        await end(kept);
        return open(signal);
      },
      giveBack(session) {
        idle.push(session);
      },
    },
    async rest() {
      for (const session of idle.splice(1)) await end(session);
    },
    async close() {
      current = undefined;
      idle.length = 0;
      await Promise.all([...opened].map(end));
    },
  };
}
