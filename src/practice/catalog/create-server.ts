/** A fresh practice server: system databases, fixed roles, and one administrator. */

import { createHash, randomBytes } from 'node:crypto';
import {
  type Database,
  foldName,
  type LockRow,
  type Login,
  type Principal,
  type Server,
} from '../engine/model.ts';

import { hashPassword } from './password-hash.ts';

export type ServerOptions = {
  readonly name?: string;
  /** '.' for the default instance. */
  readonly instance?: string;
  readonly productVersion?: string;
  /** Without 'practice server, not SQL Server', which is always added. */
  readonly edition?: string;
  /** 3 = Enterprise and Developer, 4 = Express. */
  readonly engineEdition?: number;
  readonly collation?: string;
  readonly isIntegratedSecurityOnly?: boolean;
  /** The administrator; `sa` when it is not said. Other names get a login of their own beside a disabled `sa`. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly lockRows?: () => Iterable<LockRow>;
  /** What GETUTCDATE() and its like go by. Default: the machine's clock. */
  readonly now?: () => Date;
};

export type NewDatabase = { readonly collation?: string; readonly compatibilityLevel?: number };

/** What every summary, LOGINACK and @@VERSION say. */
export const PRACTICE_NOTICE = 'practice server, not SQL Server';

/** Fixed server roles in the order of their ids, from 2. */
export const serverRoles = [
  'public',
  'sysadmin',
  'securityadmin',
  'serveradmin',
  'setupadmin',
  'processadmin',
  'diskadmin',
  'dbcreator',
  'bulkadmin',
] as const;

const databaseRoles: readonly (readonly [name: string, id: number])[] = [
  ['db_owner', 16384],
  ['db_accessadmin', 16385],
  ['db_securityadmin', 16386],
  ['db_ddladmin', 16387],
  ['db_backupoperator', 16389],
  ['db_datareader', 16390],
  ['db_datawriter', 16391],
  ['db_denydatareader', 16392],
  ['db_denydatawriter', 16393],
];

export const SA_SID: Uint8Array = Buffer.from([1]);

/** The model of a server with master, tempdb, model and msdb, the fixed server roles and the administrator's login. */
export function createServer(options: ServerOptions = {}): Server {
  const edition = options.edition ?? 'Developer Edition (64-bit)';
  const server: Server = {
    name: options.name ?? 'PRACTICE',
    instance: options.instance ?? '.',
    productVersion: options.productVersion ?? '11.0.2100.60',
    edition: `${edition} (${PRACTICE_NOTICE})`,
    engineEdition: options.engineEdition ?? 3,
    collation: options.collation ?? 'SQL_Latin1_General_CP1_CI_AS',
    startedAt: new Date(),
    isIntegratedSecurityOnly: options.isIntegratedSecurityOnly ?? false,
    databases: new Map(),
    logins: new Map(),
    sessions: new Map(),
    next: { database: 1, principal: 256, session: 51 },
    lockRows: options.lockRows ?? (() => []),
    now: options.now ?? (() => new Date()),
  };
  const administrator = options.login ?? { user: 'sa', password: '' };
  const isSa = foldName(administrator.user) === 'SA';
  const sa = newLogin(server, {
    name: 'sa',
    id: 1,
    sid: SA_SID,
    type: 'S',
    password: isSa ? administrator.password : undefined,
  });
  sa.isDisabled = !isSa;
  sa.roles.add('SYSADMIN');
  serverRoles.forEach((name, index) => {
    newLogin(server, { name, id: 2 + index, sid: Buffer.from([2 + index]), type: 'R', password: undefined });
  });
  server.logins.get('PUBLIC')?.permissions.set('VIEW ANY DATABASE', 'GRANT');
  if (!isSa) {
    newLogin(server, { name: administrator.user, type: 'S', password: administrator.password }).roles.add(
      'SYSADMIN',
    );
  }
  for (const name of ['master', 'tempdb', 'model', 'msdb']) {
    const database = createDatabase(server, name, SA_SID);
    if (name !== 'model') grantConnect(database, 2);
    if (name === 'tempdb' || name === 'msdb' || name === 'master') database.options.recovery = 'SIMPLE';
    if (name === 'master' || name === 'msdb') database.options.snapshotIsolation = true;
  }
  server.next.database = 5;
  return server;
}

type NewLogin = {
  readonly name: string;
  readonly type: Login['type'];
  readonly password: string | undefined;
  readonly id?: number;
  readonly sid?: Uint8Array;
  readonly defaultDatabase?: string;
  readonly defaultLanguage?: string;
};

/** Adds a login. A Windows account gets a stable invented SID, a SQL login a random one. */
export function newLogin(server: Server, login: NewLogin): Login {
  const made: Login = {
    name: login.name,
    id: login.id ?? server.next.principal++,
    sid: login.sid ?? (login.type === 'S' ? randomBytes(16) : windowsSid(login.name)),
    type: login.type,
    password: login.password === undefined ? undefined : hashPassword(login.password),
    isDisabled: false,
    defaultDatabase: login.defaultDatabase ?? 'master',
    defaultLanguage: login.defaultLanguage ?? 'us_english',
    createdAt: new Date(),
    roles: new Set(),
    permissions: new Map(login.type === 'R' ? [] : [['CONNECT SQL', 'GRANT']]),
  };
  server.logins.set(foldName(login.name), made);
  return made;
}

/** S-1-5-21-x-y-z-n in its binary form, the numbers taken from the name's hash. */
const windowsSid = (name: string): Uint8Array =>
  Buffer.concat([
    Buffer.from('010500000000000515000000', 'hex'),
    createHash('sha256').update(foldName(name)).digest().subarray(0, 16),
  ]);

/**
 * Makes a database with its fixed principals and schemas and adds it to the server. Nothing is checked: that the
 * name is free (1801) and who may do it (262) is asked before.
 */
export function createDatabase(
  server: Server,
  name: string,
  ownerSid: Uint8Array,
  options: NewDatabase = {},
): Database {
  const database: Database = {
    name,
    id: server.next.database++,
    ownerSid,
    createdAt: new Date(),
    collation: options.collation ?? server.collation,
    compatibilityLevel: options.compatibilityLevel ?? 110,
    options: {
      recovery: 'FULL',
      snapshotIsolation: false,
      readCommittedSnapshot: false,
      pageVerify: 'CHECKSUM',
      autoClose: false,
      autoShrink: false,
      isReadOnly: false,
      userAccess: 'MULTI_USER',
      state: 'ONLINE',
      recorded: new Map(),
    },
    schemas: new Map(),
    objects: new Map(),
    principals: new Map(),
    permissions: [],
    extendedProperties: [],
    types: new Map(),
    next: { object: 245_575_913, principal: 5, schema: 5 },
    // A new database of SQL Server has @@DBTS = 2000.
    rowversion: 2001n,
  };
  addFixedPrincipals(database);
  server.databases.set(foldName(name), database);
  return database;
}

function addFixedPrincipals(database: Database): void {
  const add = (
    name: string,
    id: number,
    type: Principal['type'],
    rest: Partial<Pick<Principal, 'sid' | 'defaultSchema' | 'isFixedRole'>> = {},
  ): Principal => {
    const principal: Principal = {
      name,
      id,
      type,
      sid: rest.sid,
      defaultSchema: rest.defaultSchema,
      isFixedRole: rest.isFixedRole ?? false,
      ownerId: 1,
      createdAt: database.createdAt,
      memberOf: new Set(),
    };
    database.principals.set(foldName(name), principal);
    return principal;
  };
  const addSchema = (name: string, id: number): void => {
    database.schemas.set(foldName(name), { name, id, ownerId: id, objects: new Map() });
  };
  add('public', 0, 'R');
  add('dbo', 1, 'S', { sid: database.ownerSid, defaultSchema: 'dbo' }).memberOf.add(16384);
  add('guest', 2, 'S', { sid: Buffer.from([0]), defaultSchema: 'guest' });
  add('INFORMATION_SCHEMA', 3, 'S');
  add('sys', 4, 'S');
  for (const [name, id] of databaseRoles) add(name, id, 'R', { isFixedRole: true });
  for (const [name, id] of [
    ['dbo', 1],
    ['guest', 2],
    ['INFORMATION_SCHEMA', 3],
    ['sys', 4],
  ] as const)
    addSchema(name, id);
  for (const [name, id] of databaseRoles) addSchema(name, id);
  grantConnect(database, 1);
}

/** Lets a principal into the database. */
export function grantConnect(database: Database, granteeId: number): void {
  database.permissions.push({
    class: 0,
    majorId: 0,
    minorId: 0,
    granteeId,
    grantorId: 1,
    permission: 'CONNECT',
    state: 'GRANT',
  });
}
