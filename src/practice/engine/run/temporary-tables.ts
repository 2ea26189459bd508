/** Temporary tables: objects of tempdb that one session sees under their short names. */

import { foldName, type Table } from '../model.ts';
import type { Connection } from './connection.ts';
import type { Activation } from './context.ts';

/** Makes the table visible under its short name for as long as the activation lasts. */
export const addTemporary = (
  connection: Connection,
  activation: Activation,
  name: string,
  table: Table,
): void => {
  activation.temporary.set(foldName(name), table);
  connection.state.temporaryTables.set(foldName(name), table);
  connection.instance.catalogVersion += 1;
};

/** Takes one away; an outer activation's table of the same name shows again. */
export const removeTemporary = (connection: Connection, activation: Activation, name: string): void => {
  const folded = foldName(name);
  for (let owner: Activation | undefined = activation; owner !== undefined; owner = owner.caller) {
    if (!owner.temporary.delete(folded)) continue;
    connection.state.temporaryTables.delete(folded);
    for (let outer = owner.caller; outer !== undefined; outer = outer.caller) {
      const hidden = outer.temporary.get(folded);
      if (hidden === undefined) continue;
      connection.state.temporaryTables.set(folded, hidden);
      break;
    }
    break;
  }
  connection.instance.catalogVersion += 1;
};

/** Drops what the activation has created. */
export const dropTemporary = (connection: Connection, activation: Activation): void => {
  const tempdb = connection.instance.server.databases.get('TEMPDB');
  for (const [name, table] of [...activation.temporary]) {
    tempdb?.objects.delete(table.id);
    table.schema.objects.delete(foldName(table.name));
    for (const constraint of table.constraints) {
      tempdb?.objects.delete(constraint.id);
      constraint.schema.objects.delete(foldName(constraint.name));
    }
    removeTemporary(connection, activation, name);
  }
};
