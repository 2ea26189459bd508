/** A query that is ready to run. */

import type { Execution, RowFrame } from '../run/context.ts';
import type { ResultColumn, Row } from '../types.ts';

/**
 * Yields rows, and undefined where the event loop may have a turn. `outer` is the current row of the query around
 * it, for correlated subqueries.
 */
export type CompiledQuery = {
  readonly columns: readonly ResultColumn[];
  /** True when no row depends on the query around it. */
  readonly isIndependent: boolean;
  /** SELECT @v = ...: assigns and returns no rows. */
  readonly assigns: boolean;
  rows(execution: Execution, outer: RowFrame | undefined): Generator<Row | undefined, void>;
};

/** Runs to the end without pause; for subqueries inside expressions. */
export const allRows = (query: CompiledQuery, execution: Execution, outer: RowFrame | undefined): Row[] => {
  const rows: Row[] = [];
  for (const row of query.rows(execution, outer)) if (row !== undefined) rows.push(row);
  return rows;
};

/** All rows of a subquery; computed only once in a statement when it does not depend on the outer row. */
export const cachedRows = (query: CompiledQuery, frame: RowFrame): readonly Row[] => {
  if (!query.isIndependent) return allRows(query, frame.runtime, frame);
  const scratch = frame.runtime.scratch;
  const known = scratch.get(query) as readonly Row[] | undefined;
  if (known !== undefined) return known;
  const rows = allRows(query, frame.runtime, frame);
  scratch.set(query, rows);
  return rows;
};
