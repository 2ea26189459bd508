/** DROP of databases, tables, views, modules, schemas and principals. */

import { dropPrincipal } from '../../catalog/index.ts';
import type { DefinitionStatement, ObjectName } from '../../language/syntax.ts';
import { referencesTo } from '../data/foreign-keys.ts';
import { Refusal, SqlError } from '../extension.ts';
import { type Database, foldName, type SchemaObject, type Table } from '../model.ts';
import { nameText } from '../query/compile-context.ts';
import { findObject, isTemporaryName } from '../query/objects.ts';
import { removeTemporary } from '../run/temporary-tables.ts';
import { type Change, lockForChange, removeFrom, removeObject, requireAlter } from './change.ts';
import { dropDatabase } from './databases.ts';
import { requireUnbound } from './schema-binding.ts';

type Drop = DefinitionStatement & { readonly kind: 'drop' };

const kinds: Readonly<Partial<Record<Drop['object'], readonly SchemaObject['kind'][]>>> = {
  table: ['table'],
  view: ['view'],
  procedure: ['procedure'],
  function: ['scalar-function', 'table-function'],
  trigger: ['trigger'],
};

export const dropObjects = (change: Change, statement: Drop): void => {
  for (const name of statement.names) {
    switch (statement.object) {
      case 'database':
        dropDatabase(change, name.name, statement.ifExists);
        break;
      case 'schema':
        dropSchema(change, name.name, statement.ifExists);
        break;
      case 'user':
      case 'role':
      case 'login':
        dropPrincipal(statement.object, name.name, statement.ifExists, change.context.session, change.undo);
        break;
      case 'table':
      case 'view':
      case 'procedure':
      case 'function':
      case 'trigger':
        dropObject(change, statement, name);
        break;
      default:
        throw new Refusal(`DROP ${statement.object.toUpperCase()}`);
    }
  }
};

const dropObject = (change: Change, statement: Drop, name: ObjectName): void => {
  const found = findObject(name, change.context);
  const missing = new SqlError(
    3701,
    `Cannot drop the ${statement.object} '${nameText(name)}', because it does not exist or you do not have permission.`,
    11,
    5,
  );
  if (found === undefined) {
    if (statement.ifExists) return;
    throw missing;
  }
  const { object, database } = found;
  if (kinds[statement.object]?.includes(object.kind) !== true) {
    throw new SqlError(
      3705,
      `Cannot use DROP ${statement.object.toUpperCase()} with '${nameText(name)}' because '${nameText(name)}' is a ${object.kind}. Use DROP ${object.kind.toUpperCase()}.`,
    );
  }
  requireAlter(change, object, database, missing);
  requireUnbound(object, database, nameText(name));
  if (object.kind === 'table') dropTable(change, object, database, name);
  else {
    removeObject(object, database, change.undo);
    if (object.kind === 'trigger') {
      const table = database.objects.get(object.parentId);
      if (table?.kind === 'table') removeFrom(table.triggers, object, change.undo);
    }
  }
};

const dropTable = (change: Change, table: Table, database: Database, name: ObjectName): void => {
  lockForChange(change, table, database);
  const reference = referencesTo(table, database).find((constraint) => constraint.parentId !== table.id);
  if (reference !== undefined) {
    throw new SqlError(
      3726,
      `Could not drop object '${nameText(name)}' because it is referenced by a FOREIGN KEY constraint.`,
    );
  }
  removeObject(table, database, change.undo);
  for (const constraint of table.constraints) removeObject(constraint, database, change.undo);
  for (const trigger of table.triggers) removeObject(trigger, database, change.undo);
  if (!isTemporaryName(name.name)) return;
  const { connection, activation } = change.run;
  const owner = ownerOf(activation, foldName(name.name));
  removeTemporary(connection, activation, name.name);
  change.undo(() => {
    owner?.temporary.set(foldName(name.name), table);
    connection.state.temporaryTables.set(foldName(name.name), table);
  });
};

const ownerOf = (activation: Change['run']['activation'] | undefined, folded: string): typeof activation => {
  for (let owner = activation; owner !== undefined; owner = owner.caller)
    if (owner.temporary.has(folded)) return owner;
  return undefined;
};

const dropSchema = ({ context, undo }: Change, name: string, ifExists: boolean): void => {
  const { database } = context;
  const schema = database.schemas.get(foldName(name));
  if (schema === undefined) {
    if (ifExists) return;
    throw new SqlError(
      15151,
      `Cannot drop the schema '${name}', because it does not exist or you do not have permission.`,
    );
  }
  const [object] = schema.objects.values();
  if (object !== undefined) {
    throw new SqlError(
      3729,
      `Cannot drop schema '${schema.name}' because it is being referenced by object '${object.name}'.`,
    );
  }
  if (schema.id <= 4) throw new SqlError(15150, `Cannot drop the schema '${schema.name}'.`);
  const folded = foldName(name);
  database.schemas.delete(folded);
  undo(() => {
    database.schemas.set(folded, schema);
  });
};
