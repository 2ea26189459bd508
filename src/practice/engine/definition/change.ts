/** What a statement that changes definitions works with, and the places that objects have in a database. */

import { requirePermission } from '../../catalog/index.ts';
import type { ObjectName } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { type Database, foldName, type Schema, type SchemaObject, type Table } from '../model.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { databaseOf, findObject, isTemporaryName } from '../query/objects.ts';
import type { Execution } from '../run/context.ts';
import type { Run } from '../run/run.ts';
import type { Undo } from './build-table.ts';

export type Change = {
  readonly run: Run;
  readonly undo: Undo;
  readonly execution: Execution;
  readonly context: CompileContext;
};

/** Where a new object of that name goes. Throws 2760 without the schema, 911 without the database. */
export const placeOf = (
  name: ObjectName,
  { context }: Change,
): { readonly database: Database; readonly schema: Schema } => {
  const tempdb = context.instance.server.databases.get('TEMPDB');
  const database = isTemporaryName(name.name) && tempdb !== undefined ? tempdb : databaseOf(name, context);
  if (database === undefined) {
    throw new SqlError(
      911,
      `Database '${name.database}' does not exist. Make sure that the name is entered correctly.`,
    );
  }
  const schemaName =
    name.schema === undefined || name.schema === '' || isTemporaryName(name.name)
      ? isTemporaryName(name.name) || database !== context.database
        ? 'dbo'
        : (context.defaultSchema?.name ?? 'dbo')
      : name.schema;
  const schema = database.schemas.get(foldName(schemaName));
  if (schema === undefined) {
    throw new SqlError(
      2760,
      `The specified schema name "${schemaName}" either does not exist or you do not have permission to use it.`,
    );
  }
  return { database, schema };
};

/** Makes the object known. Throws 2714 when the name is taken. */
export const addObject = (object: SchemaObject, database: Database, undo: Undo): void => {
  const { schema } = object;
  const folded = foldName(object.name);
  if (schema.objects.has(folded)) {
    throw new SqlError(2714, `There is already an object named '${object.name}' in the database.`, 16, 6);
  }
  schema.objects.set(folded, object);
  database.objects.set(object.id, object);
  undo(() => {
    schema.objects.delete(folded);
    database.objects.delete(object.id);
  });
};

export const removeObject = (object: SchemaObject, database: Database, undo: Undo): void => {
  const { schema } = object;
  const folded = foldName(object.name);
  schema.objects.delete(folded);
  database.objects.delete(object.id);
  const permissions = database.permissions.filter(
    (entry) => entry.class === 1 && entry.majorId === object.id,
  );
  const properties = database.extendedProperties.filter(
    (entry) => entry.class === 1 && entry.majorId === object.id,
  );
  for (const entry of permissions) database.permissions.splice(database.permissions.indexOf(entry), 1);
  for (const entry of properties)
    database.extendedProperties.splice(database.extendedProperties.indexOf(entry), 1);
  undo(() => {
    schema.objects.set(folded, object);
    database.objects.set(object.id, object);
    database.permissions.push(...permissions);
    database.extendedProperties.push(...properties);
  });
};

/** A table for ALTER, CREATE INDEX and the like, locked against everybody else. Throws `missing` without it. */
export const tableForChange = (
  name: ObjectName,
  change: Change,
  missing: SqlError,
): { readonly table: Table; readonly database: Database } => {
  const found = findObject(name, change.context);
  if (found?.object.kind !== 'table') throw missing;
  const { object: table, database } = found;
  requireAlter(change, table, database, missing);
  lockForChange(change, table, database);
  return { table, database };
};

export const requireAlter = (
  change: Change,
  object: SchemaObject,
  database: Database,
  denied: SqlError,
): void => {
  if (isTemporaryName(object.name)) return;
  try {
    requirePermission(change.context.session, database, 'ALTER', { kind: 'object', object });
  } catch (problem) {
    if (problem instanceof SqlError) throw denied;
    throw problem;
  }
};

export const lockForChange = ({ execution }: Change, table: Table, database: Database): void =>
  execution.instance.locks.lockTable(table, database.id, execution.transaction, 'Sch-M');

/** Takes an item out of a list of the model, and back at the same place. */
export const removeFrom = <Item>(list: Item[], item: Item, undo: Undo): void => {
  const place = list.indexOf(item);
  if (place < 0) return;
  list.splice(place, 1);
  undo(() => {
    list.splice(place, 0, item);
  });
};
