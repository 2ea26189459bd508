/** Logins, users, roles, and who was given what. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type { Database, Login, Permission, Principal } from '../../engine/model.ts';
import { permissionNames } from '../permission-names.ts';
import { hasPermission } from '../permissions.ts';
import {
  bit,
  char,
  constants,
  datetime,
  datetimeOf,
  defineView,
  description,
  int,
  nvarchar,
  orNull,
  sysname,
  tinyint,
  varbinary,
} from '../view-definition.ts';

const serverTypes = { S: 'SQL_LOGIN', U: 'WINDOWS_LOGIN', G: 'WINDOWS_GROUP', R: 'SERVER_ROLE' } as const;
const databaseTypes = { S: 'SQL_USER', U: 'WINDOWS_USER', G: 'WINDOWS_GROUP', R: 'DATABASE_ROLE' } as const;

/** Other logins show to those who manage logins; everybody sees itself, sa and the roles. */
function* loginsOf({ server, session }: Runtime): Generator<Login> {
  const seesAll = ['ALTER ANY LOGIN', 'VIEW ANY DEFINITION'].some((right) =>
    hasPermission(session, session.database, right, { kind: 'server' }),
  );
  for (const login of server.logins.values()) {
    if (seesAll || login === session.login || login.id === 1 || login.type === 'R') yield login;
  }
}

function* sqlLogins(runtime: Runtime): Generator<Login> {
  for (const login of loginsOf(runtime)) if (login.type === 'S') yield login;
}

const loginColumns = [
  sysname<Login>('name', (login) => login.name),
  int<Login>('principal_id', (login) => login.id),
  orNull(varbinary<Login>('sid', 85, (login) => login.sid)),
  char<Login>('type', 1, (login) => login.type),
  description<Login>('type_desc', (login) => serverTypes[login.type]),
  bit<Login>('is_disabled', (login) => login.isDisabled),
  datetime<Login>('create_date', (login) => datetimeOf(login.createdAt)),
  datetime<Login>('modify_date', (login) => datetimeOf(login.createdAt)),
  orNull(
    sysname<Login>('default_database_name', (login) => (login.type === 'R' ? null : login.defaultDatabase)),
  ),
  orNull(
    sysname<Login>('default_language_name', (login) => (login.type === 'R' ? null : login.defaultLanguage)),
  ),
  ...constants<Login>(int, 'credential_id=null'),
] as const;

type Membership = { readonly role: number; readonly member: number };

function* serverMembers(runtime: Runtime): Generator<Membership> {
  for (const login of loginsOf(runtime)) {
    for (const role of login.roles) {
      const id = runtime.server.logins.get(role)?.id;
      if (id !== undefined) yield { role: id, member: login.id };
    }
  }
}

type ServerPermission = { readonly login: Login; readonly name: string; readonly state: 'GRANT' | 'DENY' };

function* serverPermissions(runtime: Runtime): Generator<ServerPermission> {
  for (const login of loginsOf(runtime)) {
    for (const [name, state] of login.permissions) yield { login, name, state };
  }
}

/** Users that the session may see: all for those who see definitions, else itself, the fixed ones and its roles. */
function* principalsOf({ session }: Runtime, database: Database): Generator<Principal> {
  const seesAll = ['ALTER ANY USER', 'ALTER ANY ROLE', 'VIEW DEFINITION'].some((right) =>
    hasPermission(session, database, right, { kind: 'database' }),
  );
  for (const principal of database.principals.values()) {
    if (seesAll || principal.id <= 4 || principal.isFixedRole || principal === session.user) yield principal;
    else if (session.user.memberOf.has(principal.id)) yield principal;
  }
}

const isPerson = (principal: Principal): boolean => principal.type !== 'R';

/** 0 none, 1 instance (a login), 3 Windows. */
const authentication = (principal: Principal): number =>
  !isPerson(principal) || (principal.id > 1 && principal.id <= 4) || principal.sid === undefined
    ? 0
    : principal.type === 'S'
      ? 1
      : 3;

const permissionClasses = {
  0: ['DATABASE', 'database'],
  1: ['OBJECT_OR_COLUMN', 'object'],
  3: ['SCHEMA', 'schema'],
  4: ['DATABASE_PRINCIPAL', 'principal'],
  6: ['TYPE', 'object'],
} as const;

const stateCodes = { GRANT: 'G', DENY: 'D', GRANT_WITH_GRANT_OPTION: 'W' } as const;

function* permissionsOf(runtime: Runtime, database: Database): Generator<Permission> {
  const visible = new Set([...principalsOf(runtime, database)].map((principal) => principal.id));
  for (const permission of database.permissions) if (visible.has(permission.granteeId)) yield permission;
}

export const principalViews: readonly SystemView[] = [
  defineView(
    'sys.server_principals',
    loginsOf,
  )([
    ...loginColumns,
    orNull(int('owning_principal_id', (login) => (login.type === 'R' ? 1 : null))),
    bit('is_fixed_role', (login) => login.type === 'R' && login.id > 2),
  ]),
  defineView(
    'sys.sql_logins',
    sqlLogins,
  )([
    ...loginColumns,
    ...constants(bit, 'is_policy_checked=1 is_expiration_checked=0'),
    // Never shown, not even as a hash.
    orNull(varbinary('password_hash', 256, () => null)),
  ]),
  defineView(
    'sys.server_role_members',
    serverMembers,
  )([int('role_principal_id', ({ role }) => role), int('member_principal_id', ({ member }) => member)]),
  defineView(
    'sys.server_permissions',
    serverPermissions,
  )([
    ...constants(tinyint, 'class=100'),
    description('class_desc', () => 'SERVER'),
    ...constants(int, 'major_id=0 minor_id=0'),
    int('grantee_principal_id', ({ login }) => login.id),
    ...constants(int, 'grantor_principal_id=1'),
    char('type', 4, ({ name }) => permissionNames.server.get(name)?.code ?? ''),
    nvarchar('permission_name', 128, ({ name }) => name),
    char('state', 1, ({ state }) => stateCodes[state]),
    description('state_desc', ({ state }) => state),
  ]),
  defineView(
    'sys.database_principals',
    principalsOf,
  )([
    sysname('name', (principal) => principal.name),
    int('principal_id', (principal) => principal.id),
    char('type', 1, (principal) => principal.type),
    description('type_desc', (principal) => databaseTypes[principal.type]),
    orNull(sysname('default_schema_name', (principal) => principal.defaultSchema ?? null)),
    datetime('create_date', (principal) => datetimeOf(principal.createdAt)),
    datetime('modify_date', (principal) => datetimeOf(principal.createdAt)),
    orNull(int('owning_principal_id', (principal) => (principal.type === 'R' ? principal.ownerId : null))),
    orNull(varbinary('sid', 85, (principal) => principal.sid ?? null)),
    bit('is_fixed_role', (principal) => principal.isFixedRole),
    tinyint('authentication_type', authentication),
    description(
      'authentication_type_desc',
      (principal) => ['NONE', 'INSTANCE', 'DATABASE', 'WINDOWS'][authentication(principal)] ?? null,
    ),
    orNull(sysname('default_language_name', () => null)),
    ...constants(int, 'default_language_lcid=null'),
  ]),
  defineView('sys.database_role_members', function* (runtime, database): Generator<Membership> {
    for (const principal of principalsOf(runtime, database)) {
      for (const role of principal.memberOf) yield { role, member: principal.id };
    }
  })([int('role_principal_id', ({ role }) => role), int('member_principal_id', ({ member }) => member)]),
  defineView(
    'sys.database_permissions',
    permissionsOf,
  )([
    tinyint('class', (permission) => permission.class),
    description('class_desc', (permission) => permissionClasses[permission.class][0]),
    int('major_id', (permission) => permission.majorId),
    int('minor_id', (permission) => permission.minorId),
    int('grantee_principal_id', (permission) => permission.granteeId),
    int('grantor_principal_id', (permission) => permission.grantorId),
    char(
      'type',
      4,
      (permission) =>
        permissionNames[permissionClasses[permission.class][1]].get(permission.permission)?.code ?? '',
    ),
    nvarchar('permission_name', 128, (permission) => permission.permission),
    char('state', 1, (permission) => stateCodes[permission.state]),
    description('state_desc', (permission) => permission.state),
  ]),
];
