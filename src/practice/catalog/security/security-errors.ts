/** Errors that several security statements share. */

import { SqlError } from '../../engine/extension.ts';
import type { Database, Server, SessionState } from '../../engine/model.ts';
import { hasPermission } from '../permissions.ts';

/** 15151: `Cannot find the login 'x', because it does not exist or you do not have permission.` */
export const missing = (verb: 'find' | 'alter' | 'drop' | 'add', what: string, name: string): SqlError =>
  new SqlError(
    15151,
    `Cannot ${verb} the ${what} '${name}', because it does not exist or you do not have permission.`,
  );

/** 15247 of CREATE statements that the session may not run. */
export const notAllowed = (): SqlError =>
  new SqlError(15247, 'User does not have permission to perform this action.');

export const requireServer = (session: SessionState, permission: string): void => {
  if (!hasPermission(session, session.database, permission, { kind: 'server' })) throw notAllowed();
};

export const mayInDatabase = (session: SessionState, permission: string): boolean =>
  hasPermission(session, session.database, permission, { kind: 'database' });

/** Registers the inverse of setting a key, and sets it. */
export function setEntry<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  undo: (change: () => void) => void,
): void {
  const [had, old] = [map.has(key), map.get(key)];
  map.set(key, value);
  undo(() => (had ? map.set(key, old as Value) : map.delete(key)));
}

/** Takes a key out; undoing puts it back as the last one. */
export function deleteEntry<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  undo: (change: () => void) => void,
): void {
  const old = map.get(key);
  if (!map.delete(key)) return;
  undo(() => map.set(key, old as Value));
}

/** The databases that the server has, for statements that look into all of them. */
export const databasesOf = (server: Server): readonly Database[] => [...server.databases.values()];
