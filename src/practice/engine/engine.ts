/** The engine of the practice server: logins become sessions that run T-SQL. */

import {
  authenticate,
  createServer,
  metadataFunctions,
  openLoginDatabase,
  PRACTICE_NOTICE,
  type ServerOptions,
  systemTables,
} from '../catalog/index.ts';
import type { Database, LockRow, Login, Table } from './model.ts';
import type { Engine, LoginRequest, ResultSink, Session } from './results.ts';
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

const unseen = { host: '', application: '', language: '', processId: 0, isEncrypted: false };

/** Takes the answers to statements of our own; their errors are bugs. */
const quiet: ResultSink = {
  columns: () => {},
  row: () => undefined,
  message: ({ class: severity, text }) => {
    if (severity > 10) throw new Error(`a system table was not made: ${text}`);
  },
  statementDone: () => {},
  environment: () => {},
  returnStatus: () => {},
  returnValue: () => {},
};

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

  const openSession = (
    id: number,
    account: Login,
    { database, user }: ReturnType<typeof openLoginDatabase>,
    request: Omit<LoginRequest, 'user' | 'password' | 'database'>,
    among = instance,
  ): Session => {
    const state: ConnectionState = {
      id,
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
    const connection = new Connection(among, state);
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

  /** The tables of the system databases, made once by a session that nobody sees and that no failure strikes. */
  const makeSystemTables = async (): Promise<void> => {
    const administrator = [...server.logins.values()].find(
      ({ type, roles }) => type === 'S' && roles.has('SYSADMIN'),
    );
    if (administrator === undefined) return;
    for (const { database, text } of systemTables) {
      const place = openLoginDatabase(server, administrator, database);
      // A server that was restored from its file has them.
      if ([...place.database.objects.values()].some(({ kind }) => kind === 'table')) continue;
      const session = openSession(0, administrator, place, unseen, { ...instance, trouble: undefined });
      await session.batch(text, quiet, new AbortController().signal);
      await session.close();
    }
  };
  let systemTablesMade: Promise<void> | undefined;

  const login = async (request: LoginRequest): Promise<Session> => {
    const account = authenticate(server, request.user, request.password);
    systemTablesMade ??= makeSystemTables();
    await systemTablesMade;
    return openSession(
      server.next.session++,
      account,
      openLoginDatabase(server, account, request.database),
      request,
    );
  };

  return {
    programName: `Practice server (${PRACTICE_NOTICE})`,
    version: { major, minor, build },
    login,
    instance,
  };
};
