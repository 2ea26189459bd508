/** CREATE, ALTER and DROP ROLE, and ALTER SERVER ROLE. */

import { SqlError } from '../../engine/extension.ts';
import { type Database, foldName, type Principal, type SessionState } from '../../engine/model.ts';
import type { SecurityStatement } from '../../language/syntax.ts';
import { findLogin, rolesOf } from '../logins.ts';
import { hasPermission } from '../permissions.ts';
import type { Undo } from '../security.ts';
import { deleteEntry, mayInDatabase, missing, notAllowed, setEntry } from './security-errors.ts';
import { dropFromDatabase } from './user-statements.ts';

type RoleStatement<Kind> = Extract<SecurityStatement, { kind: Kind }>;

export function createRole(statement: RoleStatement<'create-role'>, session: SessionState, undo: Undo): void {
  const { database } = session;
  const { name } = statement;
  if (!mayInDatabase(session, 'CREATE ROLE')) throw notAllowed();
  if (database.principals.has(foldName(name))) {
    throw new SqlError(15023, `User, group, or role '${name}' already exists in the current database.`);
  }
  const owner =
    statement.owner === undefined ? session.user : database.principals.get(foldName(statement.owner));
  if (owner === undefined) throw missing('find', 'principal', statement.owner ?? '');
  const role: Principal = {
    name,
    id: database.next.principal++,
    type: 'R',
    sid: undefined,
    defaultSchema: undefined,
    isFixedRole: false,
    ownerId: owner.id,
    createdAt: new Date(),
    memberOf: new Set(),
  };
  setEntry(database.principals, foldName(name), role, undo);
}

export function alterRole(statement: RoleStatement<'alter-role'>, session: SessionState, undo: Undo): void {
  if (statement.scope === 'server') alterServerRole(statement, session, undo);
  else alterDatabaseRole(statement, session, undo);
}

function alterDatabaseRole(statement: RoleStatement<'alter-role'>, session: SessionState, undo: Undo): void {
  const { database } = session;
  const role = database.principals.get(foldName(statement.name));
  if (role === undefined || role.type !== 'R' || !mayAlterRole(session, role)) {
    throw missing('alter', 'role', statement.name);
  }
  const { change } = statement;
  if (change.kind === 'rename') {
    if (role.isFixedRole || role.id === 0) throw new SqlError(15150, `Cannot alter the role '${role.name}'.`);
    if (database.principals.has(foldName(change.name))) {
      throw new SqlError(
        15023,
        `User, group, or role '${change.name}' already exists in the current database.`,
      );
    }
    const old = role.name;
    deleteEntry(database.principals, foldName(old), undo);
    role.name = change.name;
    undo(() => {
      role.name = old;
    });
    setEntry(database.principals, foldName(change.name), role, undo);
    return;
  }
  if (role.id === 0) throw new SqlError(15081, 'Membership of the public role cannot be changed.');
  changeMembership(database, role, change.member, change.kind, undo);
}

/** Adds or removes a member of a database role. Throws 15151, 15405, 15413. */
function changeMembership(
  database: Database,
  role: Principal,
  name: string,
  kind: 'add' | 'drop',
  undo: Undo,
): void {
  const member = database.principals.get(foldName(name));
  // The server names no kind here: "Cannot add the principal 'x', because it does not exist ..."
  if (member === undefined) throw missing(kind, 'principal', name);
  if (member.id <= 1 || (member.id >= 3 && member.id <= 4) || member.isFixedRole) {
    throw new SqlError(15405, `Cannot use the special principal '${member.name}'.`);
  }
  if (kind === 'add') {
    if (member === role || rolesOf(database, role).has(member.id)) {
      throw new SqlError(15413, 'Cannot make a role a member of itself.', 11);
    }
    if (member.memberOf.has(role.id)) return;
    member.memberOf.add(role.id);
    undo(() => member.memberOf.delete(role.id));
    return;
  }
  if (member.memberOf.delete(role.id)) undo(() => member.memberOf.add(role.id));
}

/** Members of fixed roles are changed with CONTROL of the database, those of others with ALTER ANY ROLE or by the owner. */
function mayAlterRole(session: SessionState, role: Principal): boolean {
  if (mayInDatabase(session, 'CONTROL')) return true;
  if (role.isFixedRole) return false;
  return (
    mayInDatabase(session, 'ALTER ANY ROLE') || rolesOf(session.database, session.user).has(role.ownerId)
  );
}

function alterServerRole(statement: RoleStatement<'alter-role'>, session: SessionState, undo: Undo): void {
  const { server } = session;
  const role = server.logins.get(foldName(statement.name));
  if (role === undefined || role.type !== 'R') throw missing('alter', 'server role', statement.name);
  const { change } = statement;
  if (change.kind === 'rename') throw new SqlError(15150, `Cannot alter the server role '${role.name}'.`);
  // A fixed role is given on by its members.
  const may =
    session.login.roles.has('SYSADMIN') ||
    session.login.roles.has(foldName(role.name)) ||
    (foldName(role.name) !== 'SYSADMIN' &&
      hasPermission(session, session.database, 'CONTROL SERVER', { kind: 'server' }));
  if (!may) throw missing('alter', 'server role', statement.name);
  if (foldName(role.name) === 'PUBLIC')
    throw new SqlError(15081, 'Membership of the public role cannot be changed.');
  const member = findLogin(server, change.member);
  if (member === undefined) throw missing(change.kind, 'principal', change.member);
  if (member.id === 1) throw new SqlError(15405, `Cannot use the special principal '${member.name}'.`);
  const key = foldName(role.name);
  if (change.kind === 'add') {
    if (member.roles.has(key)) return;
    member.roles.add(key);
    undo(() => member.roles.delete(key));
  } else if (member.roles.delete(key)) {
    undo(() => member.roles.add(key));
  }
}

export function dropRole(name: string, ifExists: boolean, session: SessionState, undo: Undo): void {
  const { database } = session;
  const role = database.principals.get(foldName(name));
  if (role === undefined || role.type !== 'R') {
    if (ifExists) return;
    throw missing('drop', 'role', name);
  }
  if (role.isFixedRole || role.id === 0) throw new SqlError(15150, `Cannot drop the role '${role.name}'.`);
  if (!mayAlterRole(session, role)) throw missing('drop', 'role', name);
  dropFromDatabase(role, 'role', database, undo);
}
