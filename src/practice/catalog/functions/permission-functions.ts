/** HAS_PERMS_BY_NAME. https://learn.microsoft.com/sql/t-sql/functions/has-perms-by-name-transact-sql */

import type { BuiltinFunction, Runtime } from '../../engine/extension.ts';
import { type Database, foldName } from '../../engine/model.ts';
import type { Value } from '../../engine/types.ts';
import { findLogin } from '../logins.ts';
import { locate, splitName } from '../objects.ts';
import { type PermissionClass, permissionNames } from '../permission-names.ts';
import { hasPermission, type PermissionTarget } from '../permissions.ts';
import { flag, INT, metadataFunction, NAME, TEXT, textOf } from './metadata-function.ts';
import { locateSystemObject } from './object-functions.ts';

type Asked = { readonly database: Database; readonly target: PermissionTarget };

/** The securable of that class and name; undefined when it is not there or may not be seen. */
function securable(name: string | undefined, kind: string, runtime: Runtime): Asked | undefined {
  const { server, database } = runtime;
  switch (kind) {
    case 'SERVER':
      return name === undefined || name === '' ? { database, target: { kind: 'server' } } : undefined;
    case 'DATABASE': {
      const found =
        name === undefined ? database : server.databases.get(foldName(splitName(name)?.[0] ?? ''));
      return found === undefined ? undefined : { database: found, target: { kind: 'database' } };
    }
    case 'SCHEMA': {
      const parts = splitName(name ?? '') ?? [];
      const place = parts.length > 1 ? server.databases.get(foldName(parts[0] ?? '')) : database;
      const schema = place?.schemas.get(foldName(parts.at(-1) ?? ''));
      return place === undefined || schema === undefined
        ? undefined
        : { database: place, target: { kind: 'schema', schema } };
    }
    case 'OBJECT': {
      const found = locate(name ?? '', runtime);
      return found === undefined
        ? undefined
        : { database: found.database, target: { kind: 'object', object: found.object } };
    }
    case 'USER':
    case 'ROLE': {
      const principal = database.principals.get(foldName(splitName(name ?? '')?.[0] ?? ''));
      const fits = principal !== undefined && (principal.type === 'R') === (kind === 'ROLE');
      return fits ? { database, target: { kind: 'principal', principal } } : undefined;
    }
    default:
      return undefined;
  }
}

/** Permissions on a login: all for those who may alter logins; everybody sees itself. */
function onLogin(name: string, permission: string, { server, session, database }: Runtime): Value {
  const login = findLogin(server, splitName(name)?.[0] ?? '');
  if (
    login === undefined ||
    !['ALTER', 'CONTROL', 'IMPERSONATE', 'VIEW DEFINITION', 'ANY'].includes(permission)
  )
    return null;
  const isSelf =
    login === session.login &&
    (permission === 'VIEW DEFINITION' || permission === 'ANY' || permission === 'IMPERSONATE');
  const server_ =
    permission === 'ALTER' || permission === 'VIEW DEFINITION' || permission === 'ANY'
      ? 'ALTER ANY LOGIN'
      : 'CONTROL SERVER';
  return flag(isSelf || hasPermission(session, database, server_, { kind: 'server' }));
}

function answer(asked: Asked, permission: string, runtime: Runtime): Value {
  const kind: PermissionClass = asked.target.kind;
  const names = permissionNames[kind];
  const { session } = runtime;
  const may = (name: string): boolean => hasPermission(session, asked.database, name, asked.target);
  if (permission === 'ANY') return flag([...names.keys()].some(may));
  return names.has(permission) ? flag(may(permission)) : null;
}

export const permissionFunctions: readonly BuiltinFunction[] = [
  metadataFunction(
    'HAS_PERMS_BY_NAME',
    [TEXT, NAME, NAME, NAME, NAME],
    INT,
    ([name, className, permission, sub, subClass], runtime) => {
      if (permission === null || permission === undefined) return null;
      const kind = className === null ? 'SERVER' : textOf(className).trim().toUpperCase();
      const wanted = textOf(permission).trim().toUpperCase();
      const securableName = name === null || name === undefined ? undefined : textOf(name);
      if (kind === 'LOGIN') return onLogin(securableName ?? '', wanted, runtime);
      const asked = securable(securableName, kind, runtime);
      if (asked === undefined) {
        // Everybody may read the catalog; what shows there is another question.
        const isSystem = kind === 'OBJECT' && locateSystemObject(securableName ?? '') !== undefined;
        return isSystem ? flag(wanted === 'SELECT' || wanted === 'EXECUTE' || wanted === 'ANY') : null;
      }
      if (subClass !== undefined && subClass !== null) {
        if (textOf(subClass).toUpperCase() !== 'COLUMN' || asked.target.kind !== 'object') return null;
        const { object } = asked.target;
        const isThere =
          object.kind === 'table' &&
          object.columns.some((column) => foldName(column.name) === foldName(textOf(sub)));
        if (!isThere) return null;
      }
      return answer(asked, wanted, runtime);
    },
    { optional: 2, takesNull: true },
  ),
];
