/** CREATE TABLE. */

import { requirePermission } from '../../catalog/index.ts';
import type { ObjectName, TableDefinition } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { foldName, type Table } from '../model.ts';
import { isTemporaryName } from '../query/objects.ts';
import { addTemporary, removeTemporary } from '../run/temporary-tables.ts';
import { buildTable } from './build-table.ts';
import { addObject, type Change, placeOf } from './change.ts';

/** Makes the table known; #tables only to the session. */
export const createTable = (change: Change, name: ObjectName, definition: TableDefinition): Table => {
  const { context, undo, run } = change;
  const { database, schema } = placeOf(name, change);
  const isTemporary = isTemporaryName(name.name);
  if (name.name.startsWith('##')) throw new Refusal('the global temporary table');
  if (!isTemporary) {
    requirePermission(context.session, database, 'CREATE TABLE', { kind: 'database' });
    requirePermission(context.session, database, 'ALTER', { kind: 'schema', schema });
    if (schema.objects.has(foldName(name.name))) throw nameTaken(name.name);
  } else if (run.activation.temporary.has(foldName(name.name))) {
    throw nameTaken(name.name);
  }
  const storedName = isTemporary
    ? temporaryName(name.name, context.session.id, database.next.object)
    : name.name;
  const { table } = buildTable(storedName, definition, { context, database, schema, isVariable: false });
  addObject(table, database, undo);
  for (const constraint of table.constraints) addObject(constraint, database, undo);
  if (isTemporary) {
    addTemporary(run.connection, run.activation, name.name, table);
    undo(() => removeTemporary(run.connection, run.activation, name.name));
  }
  change.execution.instance.locks.lockTable(table, database.id, change.execution.transaction, 'Sch-M');
  return table;
};

const nameTaken = (name: string): SqlError =>
  new SqlError(2714, `There is already an object named '${name}' in the database.`, 16, 6);

/** The name in tempdb, told apart by session and number: #t______0000000A, up to 128 characters as on the server. */
const temporaryName = (name: string, session: number, id: number): string => {
  const suffix = `${session.toString(16)}${id.toString(16)}`.toUpperCase().padStart(12, '0');
  return name.padEnd(128 - suffix.length, '_').slice(0, 128 - suffix.length) + suffix;
};
