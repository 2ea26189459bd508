/** GRANT, DENY and REVOKE. */

import { Refusal, SqlError } from '../../engine/extension.ts';
import { foldName, type Permission, type Principal, type SessionState } from '../../engine/model.ts';
import type { SecurityStatement } from '../../language/syntax.ts';
import { permissionNames } from '../permission-names.ts';
import { hasPermission, type PermissionTarget } from '../permissions.ts';
import type { Undo } from '../security.ts';
import { resolveSecurable } from './securables.ts';
import { deleteEntry, missing, setEntry } from './security-errors.ts';
import { removePermissions } from './user-statements.ts';

type PermissionStatement = Extract<SecurityStatement, { kind: 'grant' | 'deny' | 'revoke' }>;

export function changePermissions(statement: PermissionStatement, session: SessionState, undo: Undo): void {
  const permissions = statement.permissions.map((permission) => permission.toUpperCase());
  if (isServerScoped(statement, permissions)) {
    changeServerPermissions(statement, permissions, session, undo);
    return;
  }
  const target = resolveSecurable(statement.on, session);
  const names = permissions.flatMap((permission) => expand(permission, target));
  for (const name of names) checkCompatible(name, target, session);
  for (const to of statement.to) {
    const grantee = granteeOf(to, target, session);
    for (const name of names) {
      checkMayGrant(statement, name, target, session);
      changeOne(statement, name, target, grantee, session, undo);
    }
  }
}

/** Server permissions stand alone or ON SERVER; names that exist at both scopes belong to the database. */
function isServerScoped(statement: PermissionStatement, permissions: readonly string[]): boolean {
  if (statement.on !== undefined) return statement.on.class === 'server';
  return permissions.some((name) => permissionNames.server.has(name) && !permissionNames.database.has(name));
}

function changeServerPermissions(
  statement: PermissionStatement,
  permissions: readonly string[],
  session: SessionState,
  undo: Undo,
): void {
  const { server } = session;
  if (foldName(session.database.name) !== 'MASTER') {
    throw new SqlError(
      4621,
      'Permissions at the server scope can only be granted when the current database is master.',
    );
  }
  if (permissions.some((name) => !permissionNames.server.has(name))) {
    throw new SqlError(
      4620,
      'All permissions in a grant/deny/revoke statement should be at the same scope (e.g., server or database).',
    );
  }
  if (statement.withGrantOption) throw new Refusal('WITH GRANT OPTION for server permissions');
  for (const to of statement.to) {
    const login = server.logins.get(foldName(to));
    if (login === undefined) throw missing('find', 'login', to);
    if (login.type === 'R' && foldName(login.name) !== 'PUBLIC') {
      throw new SqlError(4617, 'Cannot grant, deny or revoke permissions to or from special roles.');
    }
    if (login.id === 1 || login === session.login) throw special();
    if (!hasPermission(session, session.database, 'CONTROL SERVER', { kind: 'server' })) throw noRight();
    for (const name of permissions) {
      if (statement.kind === 'revoke') deleteEntry(login.permissions, name, undo);
      else setEntry(login.permissions, name, statement.kind === 'grant' ? 'GRANT' : 'DENY', undo);
    }
  }
}

const noRight = (): SqlError => new SqlError(4613, 'Grantor does not have GRANT permission.');
const special = (): SqlError =>
  new SqlError(
    4624,
    'Cannot grant, deny, or revoke permissions to sa, dbo, entity owner, information_schema, sys, or yourself.',
  );

const tablePermissions = ['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'];

/** ALL is the ANSI set for the kind of object. */
function expand(permission: string, target: PermissionTarget): readonly string[] {
  if (permission !== 'ALL') return [permission];
  if (target.kind === 'database') {
    return [
      'BACKUP DATABASE',
      'BACKUP LOG',
      'CREATE DEFAULT',
      'CREATE FUNCTION',
      'CREATE PROCEDURE',
      'CREATE RULE',
      'CREATE TABLE',
      'CREATE VIEW',
    ];
  }
  if (target.kind !== 'object') {
    throw new SqlError(
      4623,
      'The all permission has been deprecated and is not available for this class of entity.',
    );
  }
  switch (target.object.kind) {
    case 'procedure':
      return ['EXECUTE'];
    case 'scalar-function':
      return ['EXECUTE', 'REFERENCES'];
    default:
      return tablePermissions;
  }
}

/** Throws 4606 when a permission does not fit what it is granted on, 4619. */
function checkCompatible(permission: string, target: PermissionTarget, session: SessionState): void {
  if (
    target.kind === 'database' &&
    permission === 'CREATE DATABASE' &&
    foldName(session.database.name) !== 'MASTER'
  ) {
    throw new SqlError(4619, 'CREATE DATABASE permission can only be granted in the master database.');
  }
  const isKnown = permissionNames[target.kind].has(permission);
  if (!isKnown || (target.kind === 'object' && !fitsObject(permission, target.object.kind))) {
    throw new SqlError(4606, `Granted or revoked privilege ${permission} is not compatible with object.`);
  }
}

function fitsObject(permission: string, kind: string): boolean {
  const isRoutine = kind === 'procedure' || kind === 'scalar-function';
  if (kind === 'constraint' || kind === 'trigger') return false;
  if (permission === 'EXECUTE') return isRoutine || kind === 'synonym';
  if (permission === 'REFERENCES') return kind !== 'procedure';
  if (['SELECT', 'INSERT', 'UPDATE', 'DELETE'].includes(permission)) return !isRoutine;
  return true;
}

function granteeOf(name: string, target: PermissionTarget, session: SessionState): Principal {
  const { database } = session;
  const grantee = database.principals.get(foldName(name));
  if (grantee === undefined) throw missing('find', 'user', name);
  if (grantee.isFixedRole) {
    throw new SqlError(4617, 'Cannot grant, deny or revoke permissions to or from special roles.');
  }
  const ownerId =
    target.kind === 'schema'
      ? target.schema.ownerId
      : target.kind === 'object'
        ? target.object.schema.ownerId
        : -1;
  const isSpecial = grantee.id === 1 || grantee.id === 3 || grantee.id === 4;
  if (isSpecial || grantee.id === ownerId || grantee === session.user) throw special();
  return grantee;
}

/** The grantor has CONTROL of the securable, or was given the permission WITH GRANT OPTION. */
function checkMayGrant(
  statement: PermissionStatement,
  permission: string,
  target: Exclude<PermissionTarget, { kind: 'server' }>,
  session: SessionState,
): void {
  const { database } = session;
  if (hasPermission(session, database, 'CONTROL', target)) return;
  const place = placeOf(target);
  const mayPassOn = database.permissions.some(
    (entry) =>
      entry.state === 'GRANT_WITH_GRANT_OPTION' &&
      entry.granteeId === session.user.id &&
      entry.permission === permission &&
      entry.class === place.class &&
      entry.majorId === place.majorId,
  );
  if (mayPassOn && statement.kind !== 'deny') return;
  if (target.kind === 'object') throw missing('find', 'object', target.object.name);
  if (target.kind === 'schema') throw missing('find', 'schema', target.schema.name);
  throw noRight();
}

type Place = { readonly class: Permission['class']; readonly majorId: number };

const placeOf = (target: Exclude<PermissionTarget, { kind: 'server' }>): Place => {
  switch (target.kind) {
    case 'database':
      return { class: 0, majorId: 0 };
    case 'schema':
      return { class: 3, majorId: target.schema.id };
    case 'object':
      return { class: 1, majorId: target.object.id };
    case 'principal':
      return { class: 4, majorId: target.principal.id };
  }
};

/** One permission of one grantee: a new statement takes the place of what stood there. */
function changeOne(
  statement: PermissionStatement,
  permission: string,
  target: Exclude<PermissionTarget, { kind: 'server' }>,
  grantee: Principal,
  session: SessionState,
  undo: Undo,
): void {
  const { permissions } = session.database;
  const place = placeOf(target);
  const matches = (entry: Permission): boolean =>
    entry.class === place.class &&
    entry.majorId === place.majorId &&
    entry.minorId === 0 &&
    entry.granteeId === grantee.id &&
    entry.permission === permission;
  const before = permissions.find(matches);
  const passedOn = permissions.some(
    (entry) =>
      entry.grantorId === grantee.id && entry.permission === permission && entry.majorId === place.majorId,
  );
  if (statement.kind !== 'grant' && before?.state === 'GRANT_WITH_GRANT_OPTION' && !statement.cascade) {
    throw new SqlError(4611, 'To revoke or deny grantable privileges, specify the CASCADE option.');
  }
  if (statement.kind !== 'grant' && passedOn && statement.cascade) {
    throw new Refusal('REVOKE and DENY CASCADE of permissions that were passed on');
  }
  const removed = removePermissions(session.database, matches);
  undo(() => permissions.push(...removed));
  const isOptionOnly = statement.kind === 'revoke' && statement.withGrantOption;
  if (statement.kind === 'revoke' && !(isOptionOnly && before !== undefined && before.state !== 'DENY'))
    return;
  const keepsOption = statement.kind === 'grant' && before?.state === 'GRANT_WITH_GRANT_OPTION';
  const added: Permission = {
    ...place,
    minorId: 0,
    granteeId: grantee.id,
    grantorId: grantorOf(target, session),
    permission,
    state:
      statement.kind === 'deny'
        ? 'DENY'
        : !isOptionOnly && (statement.withGrantOption || keepsOption)
          ? 'GRANT_WITH_GRANT_OPTION'
          : 'GRANT',
  };
  permissions.push(added);
  undo(() => removePermissions(session.database, (entry) => entry === added));
}

/** Who holds CONTROL grants in the owner's name. */
function grantorOf(target: PermissionTarget, session: SessionState): number {
  if (!hasPermission(session, session.database, 'CONTROL', target)) return session.user.id;
  if (target.kind === 'object') return target.object.schema.ownerId;
  return target.kind === 'schema' ? target.schema.ownerId : 1;
}
