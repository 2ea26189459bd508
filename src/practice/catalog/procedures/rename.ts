/** sp_rename: of objects, columns and indexes. https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-rename-transact-sql */

import { Refusal, type Runtime, SqlError, type SystemProcedure } from '../../engine/extension.ts';
import { type Column, foldName, type Index, type SchemaObject, type Table } from '../../engine/model.ts';
import { locate, splitName } from '../objects.ts';
import { requirePermission } from '../permissions.ts';
import { information, nameArgument, textArgument } from './procedure-arguments.ts';

type Undo = (change: () => void) => void;

/** Says of anything renamed that scripts may not know the new name. */
const CAUTION = 'Caution: Changing any part of an object name could break scripts and stored procedures.';

export const rename: SystemProcedure = {
  name: 'sp_rename',
  parameters: ['objname', 'newname', 'objtype?'],
  execute: async (invocation) => {
    const { runtime } = invocation;
    const name = nameArgument(invocation, 'sp_rename', 'objname');
    const newName = nameArgument(invocation, 'sp_rename', 'newname');
    const type = textArgument(invocation, 'objtype')?.toUpperCase() ?? 'OBJECT';
    const undo: Undo = (change) => invocation.undo(change);
    switch (type) {
      case 'OBJECT':
        renameObject(name, newName, runtime, undo);
        break;
      case 'COLUMN':
        renameColumn(name, newName, runtime, undo);
        break;
      case 'INDEX':
        renameIndex(name, newName, runtime, undo);
        break;
      case 'DATABASE':
      case 'STATISTICS':
      case 'USERDATATYPE':
        throw new Refusal(`sp_rename of a ${type}`);
      default:
        throw new SqlError(15249, `Error: Explicit @objtype '${type}' is unrecognized.`, 11);
    }
    invocation.print(information(15477, CAUTION));
    return 0;
  },
};

const notFound = (name: string, type: string, { database }: Runtime): SqlError =>
  new SqlError(
    15225,
    `No item by the name of '${name}' could be found in the current database '${database.name}', given that @itemtype was input as '${type}'.`,
    11,
  );

const wrongType = (type: string): SqlError =>
  new SqlError(
    15248,
    `Either the parameter @objname is ambiguous or the claimed @objtype (${type}) is wrong.`,
    11,
  );

const taken = (name: string, type: string): SqlError =>
  new SqlError(
    15335,
    `Error: The new name '${name}' is already in use as a ${type} name and would cause a duplicate that is not permitted.`,
    11,
  );

const tied = (name: string): SqlError =>
  new SqlError(
    15336,
    `Object '${name}' cannot be renamed because the object participates in enforced dependencies.`,
    11,
  );

/** The object of a name in the current database, which the session may alter. */
function ownObject(name: string, type: string, runtime: Runtime): SchemaObject {
  const located = locate(name, runtime);
  if (located === undefined || located.database !== runtime.database) throw notFound(name, type, runtime);
  const { object, database } = located;
  const parent = database.objects.get(object.parentId);
  requirePermission(runtime.session, database, 'ALTER', { kind: 'object', object: parent ?? object });
  return object;
}

function renameObject(name: string, newName: string, runtime: Runtime, undo: Undo): void {
  const object = ownObject(name, 'OBJECT', runtime);
  setObjectName(object, newName, undo);
  if (object.kind === 'constraint' && object.index !== undefined) setName(object.index, newName, undo);
}

function setObjectName(object: SchemaObject, newName: string, undo: Undo): void {
  const { objects } = object.schema;
  const [before, after] = [foldName(object.name), foldName(newName)];
  if (before !== after && objects.has(after)) throw taken(newName, 'OBJECT');
  objects.delete(before);
  objects.set(after, object);
  undo(() => {
    objects.delete(after);
    objects.set(before, object);
  });
  setName(object, newName, undo);
}

function setName(item: SchemaObject | Column | Index, newName: string, undo: Undo): void {
  const before = item.name;
  item.name = newName;
  undo(() => {
    item.name = before;
  });
}

/** `[schema.]table.part`: the table and the name of the part. */
function partOfTable(
  name: string,
  type: string,
  runtime: Runtime,
): { readonly table: Table; readonly part: string } {
  const parts = splitName(name) ?? [];
  const part = parts.at(-1);
  if (part === undefined || parts.length < 2) throw wrongType(type);
  const quoted = parts.slice(0, -1).map((entry) => (entry === '' ? '' : `[${entry.replaceAll(']', ']]')}]`));
  const located = locate(quoted.join('.'), runtime);
  if (located === undefined || located.object.kind !== 'table') throw wrongType(type);
  ownObject(quoted.join('.'), type, runtime);
  return { table: located.object, part };
}

function renameColumn(name: string, newName: string, runtime: Runtime, undo: Undo): void {
  const { table, part } = partOfTable(name, 'COLUMN', runtime);
  const column = table.columns.find((entry) => foldName(entry.name) === foldName(part));
  if (column === undefined) throw wrongType('COLUMN');
  const clash = table.columns.find((entry) => foldName(entry.name) === foldName(newName));
  if (clash !== undefined && clash !== column) throw taken(newName, 'COLUMN');
  if (isUsedInDefinitions(table, column.name)) throw tied(name);
  setName(column, newName, undo);
}

/** Checks, computed columns and filters keep the names that they were written with. */
function isUsedInDefinitions(table: Table, name: string): boolean {
  const definitions: unknown[] = [
    ...table.constraints
      .filter((constraint) => constraint.type === 'C')
      .map((constraint) => constraint.definition),
    ...table.columns.map((column) => column.computed?.expression),
    ...table.indexes.map((index) => index.filter?.condition),
  ];
  return definitions.some((definition) => namesColumn(definition, foldName(name)));
}

function namesColumn(node: unknown, folded: string): boolean {
  if (Array.isArray(node)) return node.some((entry) => namesColumn(entry, folded));
  if (typeof node !== 'object' || node === null) return false;
  if ('kind' in node && node.kind === 'column' && 'parts' in node && Array.isArray(node.parts)) {
    const last: unknown = node.parts.at(-1);
    return typeof last === 'string' && foldName(last) === folded;
  }
  return Object.values(node).some((entry) => namesColumn(entry, folded));
}

function renameIndex(name: string, newName: string, runtime: Runtime, undo: Undo): void {
  const { table, part } = partOfTable(name, 'INDEX', runtime);
  const index = table.indexes.find((entry) => foldName(entry.name) === foldName(part));
  if (index === undefined) throw wrongType('INDEX');
  const clash = table.indexes.find((entry) => foldName(entry.name) === foldName(newName));
  if (clash !== undefined && clash !== index) throw taken(newName, 'INDEX');
  const constraint = table.constraints.find((entry) => entry.index === index);
  // A key constraint and its index share one name.
  if (constraint !== undefined) setObjectName(constraint, newName, undo);
  setName(index, newName, undo);
}
