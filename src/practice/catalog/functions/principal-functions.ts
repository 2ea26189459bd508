/** Who the session is, and which roles a principal has. */

import type { BuiltinFunction, Runtime } from '../../engine/extension.ts';
import { foldName, type Login, type Principal } from '../../engine/model.ts';
import type { Value } from '../../engine/types.ts';
import { findLogin, rolesOf } from '../logins.ts';
import {
  flag,
  INT,
  metadataFunction,
  NAME,
  numberOf,
  runtimeFunction,
  SID,
  textOf,
} from './metadata-function.ts';

const userById = ({ database }: Runtime, id: number): Principal | undefined => {
  for (const principal of database.principals.values()) if (principal.id === id) return principal;
  return undefined;
};

const loginBy = ({ server }: Runtime, matches: (login: Login) => boolean): Login | undefined => {
  for (const login of server.logins.values()) if (matches(login)) return login;
  return undefined;
};

const isSameSid =
  (sid: Value | undefined) =>
  (login: Login): boolean =>
    sid instanceof Uint8Array && Buffer.compare(login.sid, sid) === 0;

const principalNamed = ({ database }: Runtime, name: string): Principal | undefined =>
  database.principals.get(foldName(name));

/** 1, 0, or NULL when there is no such role or principal. */
function isRoleMember(runtime: Runtime, roleName: string, principal: Principal | undefined): Value {
  const role = principalNamed(runtime, roleName);
  if (role === undefined || role.type !== 'R' || principal === undefined) return null;
  return flag(role !== principal && rolesOf(runtime.database, principal).has(role.id));
}

const userNameOf = ({ session }: Runtime): string => session.user.name;
const loginNameOf = ({ session }: Runtime): string => session.login.name;

export const principalFunctions: readonly BuiltinFunction[] = [
  runtimeFunction('CURRENT_USER', NAME, userNameOf),
  runtimeFunction('SESSION_USER', NAME, userNameOf),
  runtimeFunction('USER', NAME, userNameOf),
  runtimeFunction('SYSTEM_USER', NAME, loginNameOf),
  runtimeFunction('ORIGINAL_LOGIN', NAME, ({ session }) => (session.originalLogin ?? session.login).name),
  metadataFunction(
    'USER_NAME',
    [INT],
    NAME,
    ([id], runtime) =>
      id === undefined ? userNameOf(runtime) : (userById(runtime, numberOf(id))?.name ?? null),
    { optional: 1 },
  ),
  ...['USER_ID', 'DATABASE_PRINCIPAL_ID'].map((name) =>
    metadataFunction(
      name,
      [NAME],
      INT,
      ([user], runtime) =>
        user === undefined ? runtime.session.user.id : (principalNamed(runtime, textOf(user))?.id ?? null),
      { optional: 1 },
    ),
  ),
  metadataFunction(
    'SUSER_SNAME',
    [SID],
    NAME,
    ([sid], runtime) =>
      sid === undefined ? loginNameOf(runtime) : (loginBy(runtime, isSameSid(sid))?.name ?? null),
    { optional: 1 },
  ),
  metadataFunction(
    'SUSER_NAME',
    [INT],
    NAME,
    ([id], runtime) =>
      id === undefined ? loginNameOf(runtime) : (loginBy(runtime, (login) => login.id === id)?.name ?? null),
    { optional: 1 },
  ),
  metadataFunction(
    'SUSER_SID',
    [NAME, INT],
    SID,
    ([name], { server, session }) =>
      name === undefined ? session.login.sid : (server.logins.get(foldName(textOf(name)))?.sid ?? null),
    { optional: 2 },
  ),
  metadataFunction(
    'SUSER_ID',
    [NAME],
    INT,
    ([name], { server, session }) =>
      name === undefined ? session.login.id : (server.logins.get(foldName(textOf(name)))?.id ?? null),
    { optional: 1 },
  ),
  metadataFunction('IS_MEMBER', [NAME], INT, ([role], runtime) =>
    isRoleMember(runtime, textOf(role), runtime.session.user),
  ),
  metadataFunction(
    'IS_ROLEMEMBER',
    [NAME, NAME],
    INT,
    ([role, name], runtime) =>
      isRoleMember(
        runtime,
        textOf(role),
        name === undefined ? runtime.session.user : principalNamed(runtime, textOf(name)),
      ),
    { optional: 1 },
  ),
  metadataFunction(
    'IS_SRVROLEMEMBER',
    [NAME, NAME],
    INT,
    ([role, name], { server, session }) => {
      const wanted = server.logins.get(foldName(textOf(role)));
      const login = name === undefined ? session.login : findLogin(server, textOf(name));
      if (wanted?.type !== 'R' || login === undefined) return null;
      const key = foldName(wanted.name);
      return flag(key === 'PUBLIC' || login.roles.has(key));
    },
    { optional: 1 },
  ),
];
