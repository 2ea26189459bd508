/** Binds a table name of a FROM clause: common table, trigger rows, table, view or system view. */

import { systemViews } from '../../catalog/index.ts';
import type { TableSource } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName, type Table } from '../model.ts';
import type { RowFrame } from '../run/context.ts';
import type { ResultColumn } from '../types.ts';
import type { Binding } from './binding.ts';
import { addLeaf, queryContent, renamed, type SourceTree } from './from.ts';
import { databaseOf, findObject, invalidObject } from './objects.ts';
import { compileView } from './views.ts';

/** A table's columns as a query sees them. */
export const columnsOfTable = (table: Table): readonly ResultColumn[] =>
  table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    isNullable: column.isNullable,
    ...(column.isIdentity ? { isIdentity: true } : {}),
  }));

export const bindTableName = (
  source: TableSource & { readonly kind: 'table' },
  binding: Binding,
  isLateral: boolean,
): SourceTree => {
  const { context } = binding;
  const { name, alias } = source;
  const isBare = name.schema === undefined && name.database === undefined;
  const exposed =
    alias !== undefined
      ? { name: alias }
      : {
          name: name.name,
          schema: name.schema ?? '',
          ...(name.database === undefined ? {} : { database: name.database }),
        };

  if (isBare) {
    const common = context.commonTables.get(foldName(name.name));
    if (common !== undefined) {
      const query = common.compile(isLateral ? binding : binding.outer);
      return addLeaf(binding, exposed, query.columns, queryContent(query, isLateral));
    }
    const folded = foldName(name.name);
    if (context.triggerTable !== undefined && (folded === 'INSERTED' || folded === 'DELETED')) {
      const columns = columnsOfTable(context.triggerTable);
      return addLeaf(binding, exposed, columns, {
        kind: 'rows',
        fixed: { columns },
        *rows(frame: RowFrame) {
          const { trigger } = frame.runtime.activation;
          yield* (folded === 'INSERTED' ? trigger?.inserted : trigger?.deleted) ?? [];
        },
      });
    }
  }

  const systemView = findSystemView(source, binding);
  if (systemView !== undefined) return systemView;

  const found = findObject(name, context);
  if (found === undefined) throw invalidObject(name);
  const { object, database } = found;
  if (object.kind === 'table') {
    if (context.checksAccess) context.accesses.push({ permission: 'SELECT', database, object });
    const withSchema =
      alias !== undefined ? exposed : { ...exposed, schema: object.schema.name, database: database.name };
    return addLeaf(binding, withSchema, columnsOfTable(object), {
      kind: 'table',
      locked: { table: object, database },
      hints: source.hints,
      isPrivate: false,
    });
  }
  if (object.kind === 'view') {
    if (context.checksAccess) context.accesses.push({ permission: 'SELECT', database, object });
    const query = compileView(object, database, context);
    const withSchema =
      alias !== undefined ? exposed : { ...exposed, schema: object.schema.name, database: database.name };
    return addLeaf(
      binding,
      withSchema,
      renamed(query.columns, object.columnNames, object.name),
      queryContent(query, false),
    );
  }
  throw invalidObject(name);
};

const findSystemView = (
  source: TableSource & { readonly kind: 'table' },
  binding: Binding,
): SourceTree | undefined => {
  const { name, alias } = source;
  const schema = (name.schema ?? '').toLowerCase();
  const isSystemSchema = schema === 'sys' || schema === 'information_schema';
  // The old system tables (sysobjects, ...) are also found without a schema and under dbo.
  const isOld = (schema === '' || schema === 'dbo') && name.name.toLowerCase().startsWith('sys');
  if (!isSystemSchema && !isOld) return undefined;
  const view = systemViews.get(`${isSystemSchema ? schema : 'sys'}.${name.name.toLowerCase()}`);
  if (view === undefined) {
    if (isSystemSchema && databaseOf(name, binding.context) !== undefined) throw invalidObject(name);
    return undefined;
  }
  if (view.parameters !== undefined && view.parameters > 0) {
    throw new SqlError(216, `Parameters were not supplied for the function '${name.schema}.${name.name}'.`);
  }
  const database = databaseOf(name, binding.context);
  if (database === undefined) throw invalidObject(name);
  const isQualified = name.database !== undefined && name.database !== '';
  const exposed = alias !== undefined ? { name: alias } : { name: name.name, schema: view.schema };
  return addLeaf(binding, exposed, view.columns, {
    kind: 'rows',
    fixed: { columns: view.columns },
    *rows(frame: RowFrame) {
      yield* view.rows(frame.runtime, isQualified ? database : frame.runtime.database, []);
    },
  });
};
