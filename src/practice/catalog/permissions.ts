/** What a session may do: grants and denials over roles, ownership and the securables above. */

import { SqlError } from '../engine/extension.ts';
import type {
  Database,
  Login,
  Principal,
  Schema,
  SchemaObject,
  Server,
  SessionState,
} from '../engine/model.ts';
import { rolesOf, userOf } from './logins.ts';
import { databaseRolePermissions, type PermissionClass, permissionNames } from './permission-names.ts';
import { covering, hasServerPermission } from './server-permissions.ts';

/** What a permission is asked on. For `server` the database does not matter. */
export type PermissionTarget =
  | { readonly kind: 'server' }
  | { readonly kind: 'database' }
  | { readonly kind: 'schema'; readonly schema: Schema }
  | { readonly kind: 'object'; readonly object: SchemaObject }
  | { readonly kind: 'principal'; readonly principal: Principal };

/** True when the session may; upper-case permission names. DENY wins over GRANT, owners and sysadmin pass. */
export function hasPermission(
  session: SessionState,
  database: Database,
  permission: string,
  target: PermissionTarget,
): boolean {
  const { login, server } = session;
  if (login.roles.has('SYSADMIN')) return true;
  if (target.kind === 'server') return hasServerPermission(server, login, permission);
  const user = database === session.database ? session.user : userOf(server, login, database);
  return userHasPermission(server, login, user, database, permission, target);
}

/** The same for any user of a database; without a login, server-level permissions do not count. */
export function userHasPermission(
  server: Server,
  login: Login | undefined,
  user: Principal | undefined,
  database: Database,
  permission: string,
  target: PermissionTarget,
): boolean {
  if (user?.id === 1) return true;
  const ids = user === undefined ? new Set<number>() : rolesOf(database, user);
  if (ownsTarget(target, ids)) return true;
  let isGranted = false;
  for (const level of levelsOf(target)) {
    const names = covering(target.kind, permission, level.kind);
    if (names.size === 0) continue;
    if (level.kind === 'server') {
      // A denial in the database has been seen before; it wins over permissions of the server, CONTROL SERVER included.
      if (!isGranted && login !== undefined) {
        isGranted = [...names].some((name) => hasServerPermission(server, login, name));
      }
      continue;
    }
    for (const entry of database.permissions) {
      if (entry.class !== level.class || entry.majorId !== level.majorId || entry.minorId !== 0) continue;
      if (!ids.has(entry.granteeId) || !names.has(entry.permission)) continue;
      if (entry.state === 'DENY') return false;
      isGranted = true;
    }
    if (level.kind === 'database') {
      for (const id of ids) {
        const fixed = databaseRolePermissions.get(id);
        if (fixed?.deny?.some((name) => names.has(name))) return false;
        if (fixed?.grant.some((name) => names.has(name))) isGranted = true;
      }
    }
  }
  return isGranted;
}

type Level = { readonly kind: PermissionClass; readonly class: number; readonly majorId: number };

const DATABASE_LEVELS: readonly Level[] = [
  { kind: 'database', class: 0, majorId: 0 },
  { kind: 'server', class: 100, majorId: 0 },
];

/** The securable and those above it. */
function levelsOf(target: PermissionTarget): readonly Level[] {
  switch (target.kind) {
    case 'server':
      return [{ kind: 'server', class: 100, majorId: 0 }];
    case 'database':
      return DATABASE_LEVELS;
    case 'schema':
      return [{ kind: 'schema', class: 3, majorId: target.schema.id }, ...DATABASE_LEVELS];
    case 'object':
      return [
        { kind: 'object', class: 1, majorId: target.object.id },
        { kind: 'schema', class: 3, majorId: target.object.schema.id },
        ...DATABASE_LEVELS,
      ];
    case 'principal':
      return [{ kind: 'principal', class: 4, majorId: target.principal.id }, ...DATABASE_LEVELS];
  }
}

/** An owner has every right on what it owns, and so has a member of a role that owns it. */
function ownsTarget(target: PermissionTarget, ids: ReadonlySet<number>): boolean {
  if (target.kind === 'schema') return ids.has(target.schema.ownerId);
  if (target.kind === 'object') return ids.has(target.object.schema.ownerId);
  if (target.kind === 'principal') return target.principal.type === 'R' && ids.has(target.principal.ownerId);
  return false;
}

/** Throws 229 (object), 262 (database), 2760 (schema), 300 or 15247 (server), 15151 (principal) unless the session may. */
export function requirePermission(
  session: SessionState,
  database: Database,
  permission: string,
  target: PermissionTarget,
): void {
  if (!hasPermission(session, database, permission, target)) throw denied(database, permission, target);
}

function denied(database: Database, permission: string, target: PermissionTarget): SqlError {
  switch (target.kind) {
    case 'object': {
      const { name, schema } = target.object;
      return new SqlError(
        229,
        `The ${permission} permission was denied on the object '${name}', database '${database.name}', schema '${schema.name}'.`,
        14,
        5,
      );
    }
    case 'database':
      return new SqlError(262, `${permission} permission denied in database '${database.name}'.`, 14);
    case 'schema':
      return new SqlError(
        2760,
        `The specified schema name "${target.schema.name}" either does not exist or you do not have permission to use it.`,
      );
    case 'principal':
      return new SqlError(
        15151,
        `Cannot alter the ${target.principal.type === 'R' ? 'role' : 'user'} '${target.principal.name}', because it does not exist or you do not have permission.`,
      );
    case 'server':
      if (permission.startsWith('VIEW ')) {
        return new SqlError(
          300,
          `${permission} permission was denied on object 'server', database 'master'.`,
          14,
        );
      }
      return new SqlError(15247, 'User does not have permission to perform this action.');
  }
}

/**
 * Whether the object shows in the catalog: its owner, or whoever holds any permission on it or the right to see
 * definitions. https://learn.microsoft.com/sql/relational-databases/security/metadata-visibility-configuration
 */
export function isVisible(session: SessionState, database: Database, object: SchemaObject): boolean {
  if (session.login.roles.has('SYSADMIN')) return true;
  const user = database === session.database ? session.user : userOf(session.server, session.login, database);
  if (user?.id === 1) return true;
  const asked = object.parentId === 0 ? object : (database.objects.get(object.parentId) ?? object);
  for (const permission of permissionNames.object.keys()) {
    if (
      userHasPermission(session.server, session.login, user, database, permission, {
        kind: 'object',
        object: asked,
      })
    ) {
      return true;
    }
  }
  return false;
}
