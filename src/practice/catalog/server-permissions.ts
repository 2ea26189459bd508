/** Permissions of logins on the server, and which permissions include which. */

import type { Login, Server } from '../engine/model.ts';
import {
  classAbove,
  type PermissionClass,
  permissionNames,
  serverRolePermissions,
} from './permission-names.ts';

/** True when the login may, by itself, by its server roles or by what public has. DENY wins; sysadmin passes. */
export function hasServerPermission(server: Server, login: Login, permission: string): boolean {
  if (login.roles.has('SYSADMIN')) return true;
  const wanted = covering('server', permission, 'server');
  const fromRoles = new Set([...login.roles].flatMap((role) => serverRolePermissions.get(role) ?? []));
  const states = [login, ...[...login.roles, 'PUBLIC'].map((role) => server.logins.get(role))].map(
    (holder) => holder?.permissions,
  );
  if (states.some((held) => [...wanted].some((name) => held?.get(name) === 'DENY'))) return false;
  return [...wanted].some(
    (name) => fromRoles.has(name) || states.some((held) => held?.get(name) === 'GRANT'),
  );
}

const coveringCache = new Map<string, ReadonlySet<string>>();

/** The permissions at `level` that include `permission` on a securable of class `kind`. */
export function covering(
  kind: PermissionClass,
  permission: string,
  level: PermissionClass,
): ReadonlySet<string> {
  const key = `${kind}/${permission}/${level}`;
  const known = coveringCache.get(key);
  if (known) return known;
  let names = new Set<string>([permission]);
  let at: PermissionClass | undefined = kind;
  while (at !== undefined) {
    const entries = permissionNames[at];
    for (const name of names) {
      const above = entries.get(name)?.coveredBy;
      if (above !== undefined) names.add(above);
    }
    if (at === level) break;
    names = new Set([...names].flatMap((name) => entries.get(name)?.coveredAbove ?? []));
    at = classAbove[at];
  }
  coveringCache.set(key, names);
  return names;
}
