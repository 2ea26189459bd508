/** A view's query, compiled where it is used. */

import { SqlError } from '../extension.ts';
import type { Database, View } from '../model.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';
import { compileQuery } from './query.ts';

/** The context of a module's own names: no variables, its database and schema, its owner's rights. */
export const moduleContext = (
  context: CompileContext,
  database: Database,
  schema: View['schema'],
  variables: CompileContext['variables'] = new Map(),
): CompileContext => ({
  ...context,
  database,
  defaultSchema: schema,
  variables,
  tableVariables: new Map(),
  triggerTable: undefined,
  commonTables: new Map(),
  checksAccess: false,
  unbound: undefined,
  depth: context.depth + 1,
});

export const compileView = (view: View, database: Database, context: CompileContext): CompiledQuery => {
  if (context.depth >= 32) {
    throw new SqlError(4413, `Could not use view or function '${view.name}' because of binding errors.`);
  }
  return compileQuery(view.query, moduleContext(context, database, view.schema), undefined);
};
