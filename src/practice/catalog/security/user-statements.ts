/** CREATE, ALTER and DROP USER. */

import { SqlError } from '../../engine/extension.ts';
import { type Database, foldName, type Principal, type SessionState } from '../../engine/model.ts';
import type { SecurityStatement } from '../../language/syntax.ts';
import { grantConnect } from '../create-server.ts';
import { findLogin } from '../logins.ts';
import type { Undo } from '../security.ts';
import { deleteEntry, mayInDatabase, missing, notAllowed, setEntry } from './security-errors.ts';

type UserStatement = Extract<SecurityStatement, { kind: 'create-user' }>;

export function createOrAlterUser(statement: UserStatement, session: SessionState, undo: Undo): void {
  if (statement.isAlter) alterUser(statement, session, undo);
  else createUser(statement, session, undo);
}

function createUser(statement: UserStatement, session: SessionState, undo: Undo): void {
  const { database, server } = session;
  const { name } = statement;
  if (!mayInDatabase(session, 'ALTER ANY USER')) throw notAllowed();
  if (foldName(name) === 'GUEST') {
    // Guest is always there; CREATE USER guest lets it in.
    grantConnect(database, 2);
    const granted = database.permissions.at(-1);
    undo(() => removePermissions(database, (entry) => entry === granted));
    return;
  }
  if (database.principals.has(foldName(name))) {
    throw new SqlError(15023, `User, group, or role '${name}' already exists in the current database.`);
  }
  const loginName = statement.withoutLogin ? undefined : (statement.login ?? name);
  const login = loginName === undefined ? undefined : findLogin(server, loginName);
  if (loginName !== undefined && login === undefined) {
    throw new SqlError(15007, `'${loginName}' is not a valid login or you do not have permission.`);
  }
  if (login !== undefined) checkLoginIsFree(database, login.sid);
  const defaultSchema = statement.options.default_schema;
  const principal: Principal = {
    name,
    id: database.next.principal++,
    type: login === undefined || login.type === 'R' ? 'S' : login.type,
    sid: login?.sid,
    defaultSchema: typeof defaultSchema === 'string' ? defaultSchema : 'dbo',
    isFixedRole: false,
    ownerId: 1,
    createdAt: new Date(),
    memberOf: new Set(),
  };
  setEntry(database.principals, foldName(name), principal, undo);
  grantConnect(database, principal.id);
  undo(() => removePermissions(database, (entry) => entry.granteeId === principal.id));
}

function checkLoginIsFree(database: Database, sid: Uint8Array): void {
  for (const principal of database.principals.values()) {
    if (principal.type === 'R' || principal.sid === undefined) continue;
    if (Buffer.compare(principal.sid, sid) === 0) {
      throw new SqlError(15063, 'The login already has an account under a different user name.');
    }
  }
}

function alterUser(statement: UserStatement, session: SessionState, undo: Undo): void {
  const { database, server } = session;
  const user = database.principals.get(foldName(statement.name));
  if (
    user === undefined ||
    user.type === 'R' ||
    (!mayInDatabase(session, 'ALTER ANY USER') && user !== session.user)
  ) {
    throw missing('alter', 'user', statement.name);
  }
  if (user.id <= 4) throw new SqlError(15150, `Cannot alter the user '${user.name}'.`);
  const old = { name: user.name, sid: user.sid, defaultSchema: user.defaultSchema };
  undo(() => Object.assign(user, old));
  const { default_schema: schema, name } = statement.options;
  if (typeof schema === 'string') user.defaultSchema = schema;
  if (statement.login !== undefined) {
    const login = findLogin(server, statement.login);
    if (login === undefined) {
      throw new SqlError(15007, `'${statement.login}' is not a valid login or you do not have permission.`);
    }
    if (user.sid === undefined || Buffer.compare(user.sid, login.sid) !== 0)
      checkLoginIsFree(database, login.sid);
    user.sid = login.sid;
  }
  if (typeof name === 'string') {
    if (database.principals.has(foldName(name)) && foldName(name) !== foldName(user.name)) {
      throw new SqlError(15023, `User, group, or role '${name}' already exists in the current database.`);
    }
    deleteEntry(database.principals, foldName(user.name), undo);
    user.name = name;
    setEntry(database.principals, foldName(name), user, undo);
  }
}

export function dropUser(name: string, ifExists: boolean, session: SessionState, undo: Undo): void {
  const { database } = session;
  const user = database.principals.get(foldName(name));
  if (user === undefined || user.type === 'R') {
    if (ifExists) return;
    throw missing('drop', 'user', name);
  }
  if (!mayInDatabase(session, 'ALTER ANY USER')) throw missing('drop', 'user', name);
  if (user.id === 2) {
    throw new SqlError(
      15539,
      "User 'guest' cannot be dropped, it can only be disabled. The user is already disabled in the current database.",
    );
  }
  if (user.id <= 4) throw new SqlError(15150, `Cannot drop the user '${user.name}'.`);
  dropFromDatabase(user, 'user', database, undo);
}

/** Takes a user or role out with its memberships and permissions. Throws 15138 when it owns a schema or a role. */
export function dropFromDatabase(
  principal: Principal,
  what: 'user' | 'role',
  database: Database,
  undo: Undo,
): void {
  if ([...database.schemas.values()].some((schema) => schema.ownerId === principal.id)) {
    throw new SqlError(15138, `The database principal owns a schema in the database, and cannot be dropped.`);
  }
  if (
    [...database.principals.values()].some(
      (other) => other !== principal && other.type === 'R' && other.ownerId === principal.id,
    )
  ) {
    throw new SqlError(15421, 'The database principal owns a database role and cannot be dropped.');
  }
  if (
    database.permissions.some((entry) => entry.grantorId === principal.id && entry.granteeId !== principal.id)
  ) {
    throw new SqlError(
      15284,
      'The database principal has granted or denied permissions to objects in the database and cannot be dropped.',
    );
  }
  if (
    what === 'role' &&
    [...database.principals.values()].some((other) => other.memberOf.has(principal.id))
  ) {
    throw new SqlError(15144, 'The role has members. It must be empty before it can be dropped.');
  }
  const removed = removePermissions(database, (entry) => entry.granteeId === principal.id);
  undo(() => database.permissions.push(...removed));
  deleteEntry(database.principals, foldName(principal.name), undo);
}

/** Removes matching permissions and gives them back. */
export function removePermissions(
  database: Database,
  matches: (entry: Database['permissions'][number]) => boolean,
): Database['permissions'] {
  const removed = database.permissions.filter(matches);
  for (const entry of removed) database.permissions.splice(database.permissions.indexOf(entry), 1);
  return removed;
}
