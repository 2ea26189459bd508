/** Finding objects by name and id, with their types as the catalog names them. */

import type { Runtime } from '../engine/extension.ts';
import { type Database, foldName, type SchemaObject } from '../engine/model.ts';
import { isVisible } from './permissions.ts';

/** The two letters of sys.objects.type and their description. */
export function objectType(object: SchemaObject): readonly [code: string, description: string] {
  switch (object.kind) {
    case 'table':
      return ['U', 'USER_TABLE'];
    case 'view':
      return ['V', 'VIEW'];
    case 'procedure':
      return ['P', 'SQL_STORED_PROCEDURE'];
    case 'scalar-function':
      return ['FN', 'SQL_SCALAR_FUNCTION'];
    case 'table-function':
      return ['IF', 'SQL_INLINE_TABLE_VALUED_FUNCTION'];
    case 'trigger':
      return ['TR', 'SQL_TRIGGER'];
    case 'synonym':
      return ['SN', 'SYNONYM'];
    case 'constraint':
      return [object.type, constraintDescriptions[object.type]];
  }
}

const constraintDescriptions = {
  PK: 'PRIMARY_KEY_CONSTRAINT',
  UQ: 'UNIQUE_CONSTRAINT',
  C: 'CHECK_CONSTRAINT',
  D: 'DEFAULT_CONSTRAINT',
  F: 'FOREIGN_KEY_CONSTRAINT',
} as const;

/** The objects of a database that the session may know of. */
export function* visibleObjects(runtime: Runtime, database: Database): Generator<SchemaObject> {
  for (const object of database.objects.values()) {
    if (isVisible(runtime.session, database, object)) yield object;
  }
}

/** The visible objects of one kind. */
export const ofKind = <Kind extends SchemaObject['kind']>(kind: Kind) =>
  function* (runtime: Runtime, database: Database): Generator<Extract<SchemaObject, { kind: Kind }>> {
    for (const object of visibleObjects(runtime, database)) {
      if (object.kind === kind) yield object as Extract<SchemaObject, { kind: Kind }>;
    }
  };

/**
 * The parts of a name as a string holds it, from left to right, brackets and quotes taken off: `db..[a.b]` gives
 * ['db', '', 'a.b']. undefined when it is no name (more than four parts, open brackets).
 */
export function splitName(text: string): readonly string[] | undefined {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === ' ') at += 1;
    const close = text[at] === '[' ? ']' : text[at] === '"' ? '"' : undefined;
    let part = '';
    if (close === undefined) {
      const end = text.indexOf('.', at);
      part = text.slice(at, end < 0 ? undefined : end).trimEnd();
      at = end < 0 ? text.length : end;
    } else {
      at += 1;
      for (;;) {
        const end = text.indexOf(close, at);
        if (end < 0) return undefined;
        part += text.slice(at, end);
        at = end + 1;
        if (text[at] !== close) break;
        part += close;
        at += 1;
      }
      while (text[at] === ' ') at += 1;
    }
    parts.push(part);
    if (at >= text.length) break;
    if (text[at] !== '.' || parts.length === 4) return undefined;
    at += 1;
    if (at >= text.length) {
      parts.push('');
      break;
    }
  }
  return parts;
}

/** An object found by a name in a string, with its database. */
export type Located = { readonly object: SchemaObject; readonly database: Database };

/** The object that a name of up to three parts means to the session; undefined when there is none that it may see. */
export function locate(text: string, runtime: Runtime): Located | undefined {
  const parts = splitName(text);
  if (parts === undefined || parts.length > 3) return undefined;
  const [name = '', schemaName = '', databaseName = ''] = parts.toReversed();
  const { session, server } = runtime;
  const database = databaseName === '' ? runtime.database : server.databases.get(foldName(databaseName));
  if (database === undefined) return undefined;
  if (name.startsWith('#')) {
    const tempdb = server.databases.get('TEMPDB');
    const table = session.temporaryTables?.get(foldName(name));
    return tempdb === undefined || table === undefined || database !== tempdb
      ? undefined
      : { object: table, database: tempdb };
  }
  const schemas =
    schemaName !== ''
      ? [schemaName]
      : [database === session.database ? (session.user.defaultSchema ?? 'dbo') : 'dbo', 'dbo'];
  for (const schema of schemas) {
    const object = database.schemas.get(foldName(schema))?.objects.get(foldName(name));
    if (object !== undefined) return isVisible(session, database, object) ? { object, database } : undefined;
  }
  return undefined;
}

/** The object of an id in the current database, or in the one given by id; undefined when it may not be seen. */
export function objectById(runtime: Runtime, id: number, databaseId?: number): SchemaObject | undefined {
  const database = databaseId === undefined ? runtime.database : databaseById(runtime, databaseId);
  const object = database?.objects.get(id);
  return database !== undefined && object !== undefined && isVisible(runtime.session, database, object)
    ? object
    : undefined;
}

export function databaseById(runtime: Runtime, id: number): Database | undefined {
  for (const database of runtime.server.databases.values()) if (database.id === id) return database;
  return undefined;
}
