/** CREATE, ALTER and DROP DATABASE. */

import { createDatabase, hasPermission, requirePermission, userOf } from '../../catalog/index.ts';
import type { DatabaseChange, DefinitionStatement, Options } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { type Database, foldName, type SessionState } from '../model.ts';
import type { Run } from '../run/run.ts';
import { collationOf } from '../scalar/index.ts';
import type { Change } from './change.ts';

type Of<Kind extends DefinitionStatement['kind']> = DefinitionStatement & { readonly kind: Kind };

const noTransaction = (run: Run, verb: string): void => {
  if (run.connection.state.transactionCount > 0) {
    throw new SqlError(226, `${verb} statement not allowed within multi-statement transaction.`);
  }
};

export const createDatabaseStatement = async (run: Run, statement: Of<'create-database'>): Promise<void> => {
  noTransaction(run, 'CREATE DATABASE');
  const { state, instance } = run.connection;
  const { server } = instance;
  const master = server.databases.get('MASTER') ?? state.database;
  const mayCreate =
    hasPermission(state, master, 'CREATE ANY DATABASE', { kind: 'server' }) ||
    (userOf(server, state.login, master) !== undefined &&
      hasPermission(state, master, 'CREATE DATABASE', { kind: 'database' }));
  if (!mayCreate) throw new SqlError(262, "CREATE DATABASE permission denied in database 'master'.", 14);
  if (server.databases.has(foldName(statement.name))) {
    throw new SqlError(
      1801,
      `Database '${statement.name}' already exists. Choose a different database name.`,
      16,
      3,
    );
  }
  if (statement.collation !== undefined) collationOf(statement.collation);
  const database = createDatabase(
    server,
    statement.name,
    state.login.sid,
    statement.collation === undefined ? {} : { collation: statement.collation },
  );
  for (const [option, value] of Object.entries(statement.options)) {
    database.options.recorded.set(option.toUpperCase(), String(value));
  }
  instance.catalogVersion += 1;
};

const isSystem = (database: Database): boolean => database.id <= 4;

export const dropDatabase = ({ run }: Change, name: string, ifExists: boolean): void => {
  noTransaction(run, 'DROP DATABASE');
  const { state, instance } = run.connection;
  const { server } = instance;
  const database = server.databases.get(foldName(name));
  if (database === undefined) {
    if (ifExists) return;
    throw new SqlError(
      3701,
      `Cannot drop the database '${name}', because it does not exist or you do not have permission.`,
      11,
    );
  }
  if (isSystem(database)) {
    throw new SqlError(
      3708,
      `Cannot drop the database '${database.name}' because it is a system database.`,
      16,
      4,
    );
  }
  const mayDrop =
    hasPermission(state, database, 'ALTER ANY DATABASE', { kind: 'server' }) ||
    (userOf(server, state.login, database) !== undefined &&
      hasPermission(state, database, 'CONTROL', { kind: 'database' }));
  if (!mayDrop) {
    throw new SqlError(
      3701,
      `Cannot drop the database '${name}', because it does not exist or you do not have permission.`,
      11,
    );
  }
  for (const session of server.sessions.values()) {
    if (session.database === database) {
      throw new SqlError(
        3702,
        `Cannot drop database "${database.name}" because it is currently in use.`,
        16,
        3,
      );
    }
  }
  server.databases.delete(foldName(name));
  instance.catalogVersion += 1;
};

export const alterDatabase = async (run: Run, statement: Of<'alter-database'>): Promise<void> => {
  noTransaction(run, 'ALTER DATABASE');
  const { state, instance } = run.connection;
  const { server } = instance;
  const database =
    statement.name === 'current' ? state.database : server.databases.get(foldName(statement.name));
  if (database === undefined || userOf(server, state.login, database) === undefined) {
    throw new SqlError(
      5011,
      `User does not have permission to alter database '${statement.name}', the database does not exist, or the database is not in a state that allows access checks.`,
      14,
      5,
    );
  }
  try {
    requirePermission(state, database, 'ALTER', { kind: 'database' });
  } catch (problem) {
    if (!(problem instanceof SqlError)) throw problem;
    throw new SqlError(
      5011,
      `User does not have permission to alter database '${database.name}', the database does not exist, or the database is not in a state that allows access checks.`,
      14,
      5,
    );
  }
  change(run, database, statement.change);
  instance.catalogVersion += 1;
};

const change = (run: Run, database: Database, what: DatabaseChange): void => {
  const { server } = run.connection.instance;
  switch (what.kind) {
    case 'set':
      setOptions(run, database, what.options, what.termination);
      return;
    case 'collate':
      collationOf(what.collation);
      database.collation = what.collation;
      return;
    case 'modify-name': {
      if (server.databases.has(foldName(what.name))) {
        throw new SqlError(
          1801,
          `Database '${what.name}' already exists. Choose a different database name.`,
          16,
          3,
        );
      }
      if (isSystem(database))
        throw new SqlError(
          3708,
          `Cannot rename the database '${database.name}' because it is a system database.`,
          16,
          4,
        );
      server.databases.delete(foldName(database.name));
      database.name = what.name;
      server.databases.set(foldName(what.name), database);
      run.sink.message({
        number: 5021,
        state: 1,
        class: 0,
        text: `The database name '${what.name}' has been set.`,
        line: 1,
      });
      return;
    }
    case 'modify-file':
      for (const [option, value] of Object.entries(what.options)) {
        database.options.recorded.set(`FILE.${option.toUpperCase()}`, String(value));
      }
  }
};

const othersIn = (run: Run, database: Database): SessionState[] =>
  [...run.connection.instance.server.sessions.values()].filter(
    (session) => session.database === database && session !== run.connection.state,
  );

const setOptions = (
  run: Run,
  database: Database,
  options: Options,
  termination: string | undefined,
): void => {
  const { options: target } = database;
  const needsQuiet = ['single_user', 'offline', 'read_only', 'read_committed_snapshot', 'restricted_user'];
  for (const [option, value] of Object.entries(options)) {
    if (needsQuiet.includes(option) && option !== 'restricted_user' && othersIn(run, database).length > 0) {
      if (termination === 'rollback-immediate')
        throw new Refusal('ending the sessions of others (WITH ROLLBACK IMMEDIATE)');
      throw new SqlError(
        5070,
        `Database state cannot be changed while other users are using the database '${database.name}'`,
        16,
        2,
      );
    }
    switch (option) {
      case 'recovery':
        target.recovery = String(value).toUpperCase() as typeof target.recovery;
        break;
      case 'allow_snapshot_isolation':
        target.snapshotIsolation = value === true;
        break;
      case 'read_committed_snapshot':
        target.readCommittedSnapshot = value === true;
        break;
      case 'page_verify':
        target.pageVerify = String(value).toUpperCase() as typeof target.pageVerify;
        break;
      case 'auto_close':
        target.autoClose = value === true;
        break;
      case 'auto_shrink':
        target.autoShrink = value === true;
        break;
      case 'compatibility_level': {
        const level = Number(value);
        if (![90, 100, 110].includes(level)) {
          throw new SqlError(
            15048,
            'Valid values of the database compatibility level are 90, 100, or 110.',
            16,
            1,
          );
        }
        database.compatibilityLevel = level;
        break;
      }
      case 'single_user':
        target.userAccess = 'SINGLE_USER';
        break;
      case 'restricted_user':
        target.userAccess = 'RESTRICTED_USER';
        break;
      case 'multi_user':
        target.userAccess = 'MULTI_USER';
        break;
      case 'offline':
        target.state = 'OFFLINE';
        break;
      case 'online':
        target.state = 'ONLINE';
        break;
      case 'read_only':
        throw new Refusal('a read-only database');
      case 'read_write':
        target.isReadOnly = false;
        break;
      case 'recursive_triggers':
        if (value === true) throw new Refusal('RECURSIVE_TRIGGERS ON');
        break;
      case 'emergency':
        throw new Refusal('ALTER DATABASE SET EMERGENCY');
      default:
        target.recorded.set(
          option.toUpperCase(),
          typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value),
        );
    }
  }
};
