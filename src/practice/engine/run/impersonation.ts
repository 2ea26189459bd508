/** EXECUTE AS, REVERT and modules that run as somebody else. */

import { findLogin, hasPermission, userOf } from '../../catalog/index.ts';
import type { Impersonation } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { type Database, foldName, type Login, type Principal } from '../model.ts';
import { convert } from '../scalar/index.ts';
import type { Connection } from './connection.ts';
import { evaluate } from './control.ts';
import type { Run } from './run.ts';

/** Who acted before an EXECUTE AS, and the database in which REVERT brings that back. */
export type ActedBefore = { readonly login: Login; readonly user: Principal; readonly database: Database };

export const executeAs = async (run: Run, { principal, name }: Impersonation): Promise<void> => {
  const typed = await evaluate(run, name);
  const text = String(
    convert(typed.value, typed.type, { kind: 'nvarchar', length: 128 }, { explicit: true }),
  );
  if (principal === 'login') actAsLogin(run.connection, text);
  else actAsUser(run.connection, text);
};

const actAsLogin = (connection: Connection, name: string): void => {
  const { state, instance } = connection;
  const login = findLogin(instance.server, name);
  const mayImpersonate =
    login === state.login || hasPermission(state, state.database, 'CONTROL SERVER', { kind: 'server' });
  if (login === undefined || login.type === 'G' || !mayImpersonate) {
    throw new SqlError(
      15406,
      `Cannot execute as the server principal because the principal "${name}" does not exist, this type of principal cannot be impersonated, or you do not have permission.`,
    );
  }
  const user = userOf(instance.server, login, state.database);
  if (user === undefined) {
    throw new SqlError(
      916,
      `The server principal "${login.name}" is not able to access the database "${state.database.name}" under the current security context.`,
      14,
    );
  }
  become(connection, login, user);
};

const actAsUser = (connection: Connection, name: string): void => {
  const { state } = connection;
  const user = impersonable(connection, state.database, name);
  if (
    user === undefined ||
    (user !== state.user &&
      !hasPermission(state, state.database, 'IMPERSONATE', { kind: 'principal', principal: user }))
  ) {
    throw new SqlError(
      15517,
      `Cannot execute as the database principal because the principal "${name}" does not exist, this type of principal cannot be impersonated, or you do not have permission.`,
    );
  }
  become(connection, loginOfUser(connection, user), user);
};

const impersonable = (_: Connection, database: Database, name: string): Principal | undefined => {
  const user = database.principals.get(foldName(name));
  return user === undefined || user.type === 'R' || user.type === 'G' || user.id === 3 || user.id === 4
    ? undefined
    : user;
};

/**
 * A user without the powers of its login: an impersonated user counts only in its own database, as long as that
 * database is not trustworthy. The security id is nobody's, so that no other database knows it.
 * https://learn.microsoft.com/sql/relational-databases/security/extend-database-impersonation-by-using-execute-as
 */
const loginOfUser = ({ instance, state }: Connection, user: Principal): Login => {
  const sid = user.id === 1 ? state.database.ownerSid : user.sid;
  const own =
    sid === undefined
      ? undefined
      : [...instance.server.logins.values()].find((login) => Buffer.compare(login.sid, sid) === 0);
  return {
    name: own?.name ?? `S-1-9-3-${user.id}`,
    id: own?.id ?? 0,
    sid: Buffer.from(`storedb impersonated ${user.id}`),
    type: 'S',
    password: undefined,
    isDisabled: false,
    defaultDatabase: state.database.name,
    defaultLanguage: state.language,
    createdAt: user.createdAt,
    roles: new Set(),
    permissions: new Map(),
  };
};

const become = (connection: Connection, login: Login, user: Principal): void => {
  const { state } = connection;
  connection.actedBefore.push({ login: state.login, user: state.user, database: state.database });
  state.originalLogin ??= state.login;
  state.login = login;
  state.user = user;
};

/** REVERT: the identity before the last EXECUTE AS. Nothing happens without one. Throws 15199 in another database. */
export const revert = (run: Run): void => {
  const { connection } = run;
  const before = connection.actedBefore.at(-1);
  // What began outside of this module does not end in it.
  if (before === undefined || connection.actedBefore.length <= connection.actedBeforeModule) return;
  if (before.database !== connection.state.database) {
    throw new SqlError(
      15199,
      "The current security context cannot be reverted. Please switch to the original database where 'Execute As' was called and try it again.",
    );
  }
  connection.actedBefore.pop();
  actAgain(connection, before);
};

const actAgain = ({ state, actedBefore }: Connection, before: ActedBefore): void => {
  state.login = before.login;
  state.user = before.user;
  if (actedBefore.length === 0) state.originalLogin = undefined;
};

/** Reverts what was begun since `count` identities were on the stack: at the end of a module, or of the session's work. */
export const revertTo = (connection: Connection, count: number): void => {
  while (connection.actedBefore.length > count) {
    const before = connection.actedBefore.pop();
    if (before !== undefined) actAgain(connection, before);
  }
};

/** A module WITH EXECUTE AS acts as its user until it ends; enterModule takes that back. */
export const actAsModule = (run: Run, runAs: string | undefined, database: Database): void => {
  if (runAs === undefined) return;
  const user = impersonable(run.connection, database, runAs);
  if (user === undefined) {
    throw new SqlError(
      15517,
      `Cannot execute as the database principal because the principal "${runAs}" does not exist, this type of principal cannot be impersonated, or you do not have permission.`,
    );
  }
  become(run.connection, loginOfUser(run.connection, user), user);
};
