/** Compiles whole queries: common tables, set operations, VALUES, and the SELECT in the middle. */

import type { Query, QueryBody } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Binding } from './binding.ts';
import { bindCommonTables } from './common-tables.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';
import { joinXmlPath } from './for-xml-path.ts';
import { compileSelect, type Ordering } from './select.ts';
import { compileSetOperation } from './set-operations.ts';
import { compileValues } from './values.ts';

/** Throws SqlError for everything that does not bind; 208 for missing objects. */
export const compileQuery = (
  query: Query,
  context: CompileContext,
  outer: Binding | undefined,
): CompiledQuery => {
  const inner = query.with.length === 0 ? context : bindCommonTables(query.with, context, query.options);
  const ordering: Ordering = {
    orderBy: query.orderBy,
    ...(query.offset === undefined ? {} : { offset: query.offset }),
  };
  if (query.offset !== undefined && query.orderBy.length === 0) {
    throw new SqlError(102, "Incorrect syntax near 'OFFSET'.", 15);
  }
  const compiled = compileBody(query.body, ordering, inner, outer);
  return query.forXmlPath === undefined ? compiled : joinXmlPath(compiled, query.forXmlPath);
};

/** A query where ORDER BY orders nothing: 1033 unless TOP, OFFSET or FOR XML make use of it. */
export const refuseIdleOrder = (query: Query): void => {
  const hasTop = query.body.kind === 'select' && query.body.top !== undefined;
  if (query.orderBy.length === 0 || hasTop || query.offset !== undefined || query.forXmlPath !== undefined)
    return;
  throw new SqlError(
    1033,
    'The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.',
    15,
  );
};

export const compileBody = (
  body: QueryBody,
  ordering: Ordering,
  context: CompileContext,
  outer: Binding | undefined,
): CompiledQuery => {
  switch (body.kind) {
    case 'select':
      return compileSelect(body, ordering, context, outer);
    case 'set-operation':
      return compileSetOperation(body, ordering, context, outer);
    case 'values':
      if (ordering.orderBy.length > 0) throw new Refusal('ORDER BY on VALUES');
      return compileValues(body.rows, context, outer);
  }
};
