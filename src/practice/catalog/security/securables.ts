/** What GRANT and ALTER AUTHORIZATION name after ON. */

import { Refusal } from '../../engine/extension.ts';
import { type Database, foldName, type SchemaObject, type SessionState } from '../../engine/model.ts';
import type { ObjectName, Securable } from '../../language/syntax.ts';
import { isVisible, type PermissionTarget } from '../permissions.ts';
import { missing } from './security-errors.ts';

/** The object that a one- or two-part name means to the session, or undefined. Databases before it must be the current one. */
export function findNamedObject(name: ObjectName, session: SessionState): SchemaObject | undefined {
  const { database } = session;
  if (
    name.database !== undefined &&
    name.database !== '' &&
    foldName(name.database) !== foldName(database.name)
  ) {
    return undefined;
  }
  const schemas =
    name.schema !== undefined && name.schema !== ''
      ? [name.schema]
      : [session.user.defaultSchema ?? 'dbo', 'dbo'];
  for (const schema of schemas) {
    const found = database.schemas.get(foldName(schema))?.objects.get(foldName(name.name));
    if (found !== undefined) return isVisible(session, database, found) ? found : undefined;
  }
  return undefined;
}

/** The securable of a statement; without ON it is the database. Throws 15151, refuses columns and types. */
export function resolveSecurable(
  securable: Securable | undefined,
  session: SessionState,
): Exclude<PermissionTarget, { kind: 'server' }> {
  const { database } = session;
  if (securable === undefined) return { kind: 'database' };
  // A grant on columns would show in the catalog and not be enforced.
  if (securable.columns !== undefined) throw new Refusal('column permissions');
  const { name } = securable;
  switch (securable.class) {
    case 'database':
      if (name !== undefined && foldName(name.name) !== foldName(database.name)) {
        throw missing('find', 'database', name.name);
      }
      return { kind: 'database' };
    case 'schema': {
      const schema = name === undefined ? undefined : database.schemas.get(foldName(name.name));
      if (schema === undefined) throw missing('find', 'schema', name?.name ?? '');
      return { kind: 'schema', schema };
    }
    case 'object': {
      const object = name === undefined ? undefined : findNamedObject(name, session);
      if (object === undefined) throw missing('find', 'object', name?.name ?? '');
      return { kind: 'object', object };
    }
    case 'user':
    case 'role': {
      const principal = findPrincipal(database, name?.name ?? '', securable.class);
      if (principal === undefined) throw missing('find', securable.class, name?.name ?? '');
      return { kind: 'principal', principal };
    }
    default:
      throw new Refusal(`permissions on ${securable.class.toUpperCase()}::`);
  }
}

const findPrincipal = (database: Database, name: string, kind: 'user' | 'role') => {
  const found = database.principals.get(foldName(name));
  return found !== undefined && (found.type === 'R') === (kind === 'role') ? found : undefined;
};
