/** The engine of the practice server: logins become sessions that run T-SQL. */

import {
  authenticate,
  createServer,
  metadataFunctions,
  openLoginDatabase,
  PRACTICE_NOTICE,
  type ServerOptions,
} from '../catalog/index.ts';
import type { Database, LockRow, Table } from './model.ts';
import type { Engine, LoginRequest, Session } from './results.ts';
import { Locks } from './rows/locks.ts';
import { type Transaction, Versions } from './rows/transaction.ts';
import { ApplicationLocks } from './run/application-locks.ts';
import { Connection, type ConnectionState } from './run/connection.ts';
import type { Instance } from './run/context.ts';
import { ClientSession } from './run/session.ts';
import { defaultOptions } from './run/session-defaults.ts';
import { registerFunctions } from './scalar/index.ts';
import type { Trouble } from './trouble.ts';

export type EngineOptions = Omit<ServerOptions, 'lockRows'> & { readonly trouble?: Trouble | undefined };

let areFunctionsKnown = false;

/** A fresh server in memory: the system databases and one administrator. */
export const createEngine = (options: EngineOptions = {}): Engine & { readonly instance: Instance } => {
  if (!areFunctionsKnown) registerFunctions(metadataFunctions);
  areFunctionsKnown = true;
  const connections = new Map<object, Connection>();
  const transactions = new Set<Transaction>();
  const locks = new Locks((session) => {
    const connection = connections.get(session);
    return { priority: connection?.deadlockPriority ?? 0, work: connection?.mark ?? 0 };
  });
  const applicationLocks = new ApplicationLocks();
  const databaseIds = (table: Table): number => {
    for (const database of server.databases.values())
      if (database.objects.get(table.id) === table) return database.id;
    return 0;
  };
  function* lockRows(): Generator<LockRow, void> {
    yield* locks.rows(transactions, databaseIds);
    yield* applicationLocks.rows();
  }
  const server = createServer({ ...options, lockRows });
  server.lowestActiveRowversion = (database: Database): bigint => {
    let lowest = database.rowversion;
    for (const transaction of transactions) {
      const own = transaction.lowestRowversion(database);
      if (own !== undefined && own < lowest) lowest = own;
    }
    return lowest;
  };
  const instance: Instance = {
    server,
    locks,
    versions: new Versions(),
    applicationLocks,
    transactions,
    catalogVersion: 1,
    nextDescriptor: 1n,
    trouble: options.trouble,
  };
  const [major = 11, minor = 0, build = 2100] = server.productVersion.split('.').map(Number);

  const login = async (request: LoginRequest): Promise<Session> => {
    const account = authenticate(server, request.user, request.password);
    const { database, user } = openLoginDatabase(server, account, request.database);
    const state: ConnectionState = {
      id: server.next.session++,
      server,
      login: account,
      database,
      user,
      host: request.host,
      application: request.application,
      processId: request.processId,
      isEncrypted: request.isEncrypted,
      connectedAt: new Date(),
      lastRequestAt: new Date(),
      status: 'sleeping',
      rowCount: 0n,
      lastError: 0,
      lastIdentity: undefined,
      scopeIdentity: undefined,
      transactionCount: 0,
      transactionState: 0,
      contextInfo: Buffer.alloc(0),
      language: 'us_english',
      dateFirst: 7,
      dateFormat: 'mdy',
      textSize: 2147483647,
      lockTimeout: -1,
      isolation: 'read committed',
      options: new Set(defaultOptions),
      temporaryTables: new Map(),
      nestLevel: 0,
      triggerNestLevel: 0,
      moduleId: 0,
      caught: undefined,
    };
    const connection = new Connection(instance, state);
    connections.set(state, connection);
    server.sessions.set(state.id, state);
    const session = new ClientSession(connection);
    const close = session.close.bind(session);
    session.close = async () => {
      connections.delete(state);
      await close();
    };
    return session;
  };

  return {
    programName: `Practice server (${PRACTICE_NOTICE})`,
    version: { major, minor, build },
    login,
    instance,
  };
};
