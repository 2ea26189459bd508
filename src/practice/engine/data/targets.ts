/** The table that INSERT, UPDATE or DELETE names. */

import type { DataTarget } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Database, Table } from '../model.ts';
import type { Access, CompileContext } from '../query/compile-context.ts';
import { findObject, invalidObject } from '../query/objects.ts';
import type { Execution } from '../run/context.ts';

export type Target = {
  /** As it was declared when the statement was compiled. */
  readonly table: Table;
  readonly database: Database;
  /** The table itself: a table variable is made anew for every activation. */
  resolve(execution: Execution): Table;
};

export const tableVariableTarget = (name: string, context: CompileContext): Target => {
  const table = context.tableVariables.get(name);
  if (table === undefined) throw new SqlError(1087, `Must declare the table variable "${name}".`, 15, 2);
  return {
    table,
    database: context.session.database,
    resolve: ({ activation }) => activation.tables.get(name) ?? table,
  };
};

export const findTarget = (
  target: DataTarget,
  context: CompileContext,
  permission: Access['permission'],
): Target => {
  if (target.kind === 'table-variable') return tableVariableTarget(target.name, context);
  const { name } = target;
  if (
    name.schema === undefined &&
    context.triggerTable !== undefined &&
    /^(inserted|deleted)$/i.test(name.name)
  ) {
    throw new SqlError(286, 'The logical tables INSERTED and DELETED cannot be updated.');
  }
  const found = findObject(name, context);
  if (found === undefined) {
    const schema = (name.schema ?? '').toLowerCase();
    if (schema === 'sys' || schema === 'information_schema') {
      throw new SqlError(259, 'Ad hoc updates to system catalogs are not allowed.');
    }
    throw invalidObject(name);
  }
  const { object, database } = found;
  if (object.kind === 'view') throw new Refusal(`${permission} through a view`);
  if (object.kind !== 'table') throw invalidObject(name);
  if (context.checksAccess) context.accesses.push({ permission, database, object });
  return { table: object, database, resolve: () => object };
};
