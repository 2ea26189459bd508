/** Who may come in: authentication, and which user a login is in a database. */

import { type Database, foldName, type Login, type Principal, type Server } from '../engine/model.ts';
import { LoginRefused, type Message } from '../engine/results.ts';
import { isPasswordOf } from './password-hash.ts';
import { hasServerPermission } from './server-permissions.ts';

const message = (number: number, severity: number, text: string): Message => ({
  number,
  state: 1,
  class: severity,
  text,
  line: 1,
});

const loginFailed = (user: string): Message => message(18456, 14, `Login failed for user '${user}'.`);

/** A login that can open a session, in any case of letters; server roles are none. */
export function findLogin(server: Server, name: string): Login | undefined {
  const login = server.logins.get(foldName(name));
  return login === undefined || login.type === 'R' ? undefined : login;
}

/** Checks name and password. Throws LoginRefused with 18456, or 18470 for a disabled login. */
export function authenticate(server: Server, user: string, password: string): Login {
  const login = findLogin(server, user);
  const isRight =
    login?.type === 'S' && login.password !== undefined && isPasswordOf(login.password, password);
  if (login === undefined || !isRight || server.isIntegratedSecurityOnly)
    throw new LoginRefused([loginFailed(user)]);
  if (login.isDisabled) {
    throw new LoginRefused([
      message(18470, 14, `Login failed for user '${user}'. Reason: The account is disabled.`),
    ]);
  }
  if (login.permissions.get('CONNECT SQL') === 'DENY') throw new LoginRefused([loginFailed(user)]);
  return login;
}

/**
 * The database a new session opens, and its user there. `requested` is '' for the login's default database.
 * Throws LoginRefused with 4060 (4064 for the default database) and 18456.
 */
export function openLoginDatabase(
  server: Server,
  login: Login,
  requested: string,
): { readonly database: Database; readonly user: Principal } {
  const database = server.databases.get(foldName(requested === '' ? login.defaultDatabase : requested));
  const user =
    database === undefined || database.options.state !== 'ONLINE'
      ? undefined
      : userOf(server, login, database);
  if (database === undefined || user === undefined) {
    const reason =
      requested === ''
        ? message(4064, 11, 'Cannot open user default database. Login failed.')
        : message(4060, 11, `Cannot open database "${requested}" requested by the login. The login failed.`);
    throw new LoginRefused([reason, loginFailed(login.name)]);
  }
  return { database, user };
}

const isSameSid = (left: Uint8Array | undefined, right: Uint8Array): boolean =>
  left !== undefined && Buffer.compare(left, right) === 0;

/**
 * The user of a login in a database: dbo for its owner and for members of sysadmin, the mapped user if it may
 * connect, else guest if guest may connect. undefined: the login may not enter (916 of USE, 4060 at login).
 */
export function userOf(server: Server, login: Login, database: Database): Principal | undefined {
  const dbo = database.principals.get('DBO');
  if (login.roles.has('SYSADMIN') || isSameSid(database.ownerSid, login.sid)) return dbo;
  for (const principal of database.principals.values()) {
    if (principal.type !== 'R' && principal.id > 4 && isSameSid(principal.sid, login.sid)) {
      return mayConnect(database, principal) ? principal : undefined;
    }
  }
  // CONTROL SERVER opens every database; what the login may do there comes from that permission, not from the user.
  const guest = database.principals.get('GUEST');
  const isGuest =
    guest !== undefined &&
    (mayConnect(database, guest) || hasServerPermission(server, login, 'CONTROL SERVER'));
  return isGuest ? guest : undefined;
}

function mayConnect(database: Database, principal: Principal): boolean {
  const ids = rolesOf(database, principal);
  const states = database.permissions
    .filter((entry) => entry.class === 0 && entry.permission === 'CONNECT' && ids.has(entry.granteeId))
    .map((entry) => entry.state);
  if (states.includes('DENY')) return false;
  return states.length > 0 || ids.has(16384) || ids.has(16385);
}

/** The ids of a principal, of public and of every role that it is in, directly or through another role. */
export function rolesOf(database: Database, principal: Principal): ReadonlySet<number> {
  const byId = new Map([...database.principals.values()].map((entry) => [entry.id, entry]));
  const found = new Set<number>([principal.id, 0]);
  const waiting = [...principal.memberOf];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...(byId.get(id)?.memberOf ?? []));
  }
  return found;
}
