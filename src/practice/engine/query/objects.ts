/** Finds schemas and objects by the names that statements use. */

import type { ObjectName } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { type Database, foldName, type Schema, type SchemaObject } from '../model.ts';
import type { CompileContext } from './compile-context.ts';
import { nameText } from './compile-context.ts';

export const isTemporaryName = (name: string): boolean => name.startsWith('#');

export const invalidObject = (name: ObjectName): SqlError =>
  new SqlError(208, `Invalid object name '${nameText(name)}'.`, 16, isTemporaryName(name.name) ? 0 : 1);

/** The schema a name is looked up in when it says none: the user's default, then dbo. */
export const schemasOf = (
  name: ObjectName,
  database: Database,
  fallback: Schema | undefined,
): readonly Schema[] => {
  const named = name.schema === undefined || name.schema === '' ? undefined : name.schema;
  const dbo = database.schemas.get('DBO');
  const found =
    named !== undefined
      ? [database.schemas.get(foldName(named))]
      : name.database === undefined
        ? [fallback, dbo]
        : [dbo];
  return found.filter((schema) => schema !== undefined);
};

/** The database part of a name; undefined when there is no such database. Throws 942 for one that is offline. */
export const databaseOf = (name: ObjectName, context: CompileContext): Database | undefined => {
  if (name.database === undefined || name.database === '') return context.database;
  const database = context.instance.server.databases.get(foldName(name.database));
  if (database !== undefined && database.options.state !== 'ONLINE') {
    throw new SqlError(942, `Database '${database.name}' cannot be opened because it is offline.`, 14, 4);
  }
  return database;
};

export type FoundObject = { readonly object: SchemaObject; readonly database: Database };

/** The object of that name, undefined when there is none. Synonyms are refused. */
export const findObject = (name: ObjectName, context: CompileContext): FoundObject | undefined => {
  if (isTemporaryName(name.name)) {
    context.notes.isSessionBound = true;
    const table = context.session.temporaryTables?.get(foldName(name.name));
    const tempdb = context.instance.server.databases.get('TEMPDB');
    return table === undefined || tempdb === undefined ? undefined : { object: table, database: tempdb };
  }
  const database = databaseOf(name, context);
  if (database === undefined) return undefined;
  for (const schema of schemasOf(name, database, context.defaultSchema)) {
    const object = schema.objects.get(foldName(name.name));
    if (object?.kind === 'synonym') throw new Refusal('SYNONYM');
    if (object !== undefined) return { object, database };
  }
  return undefined;
};
