import type { RegisterIds } from '../offline/identification/match.ts';
import type { Clock } from '../plan/clock.ts';
import type { MssqlServers } from '../sql/connect.ts';
import type { ConnectionTarget } from '../sql/session.ts';

/** A register and its store, as the answers or the configuration of the service name them. */
export type SyncInput = {
  readonly servers: MssqlServers;
  /** Both with their database. */
  readonly store: ConnectionTarget & { readonly database: string };
  readonly offline: ConnectionTarget & { readonly database: string };
  /** Whose offline database it has to be: another register's is refused. */
  readonly ids: RegisterIds;
  readonly clock: Clock;
  /** Of this computer, for whoever finds the lock taken. */
  readonly host: string;
};
