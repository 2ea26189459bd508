/** A view's query, compiled where it is used. */

import type { Query } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
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
  const query = compileQuery(view.query, moduleContext(context, database, view.schema), undefined);
  const count = view.columns.length;
  if (query.columns.length === count) return query;
  if (query.columns.length < count) {
    throw new SqlError(
      4502,
      `View or function '${view.name}' has more column names specified than columns defined.`,
    );
  }
  // A star stands for the columns that there were when the view was made.
  if (!isOnlyStar(view.query)) throw new Refusal('a view with a star over tables that have new columns');
  return {
    ...query,
    isIndependent: query.isIndependent,
    columns: query.columns.slice(0, count),
    *rows(execution, frame) {
      for (const row of query.rows(execution, frame)) yield row?.slice(0, count);
    },
  };
};

/** SELECT * of one table: new columns come last. */
const isOnlyStar = ({ body }: Query): boolean =>
  body.kind === 'select' &&
  body.items.length === 1 &&
  body.from.length === 1 &&
  body.from[0]?.kind === 'table';
