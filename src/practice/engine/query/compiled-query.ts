/** A query that is ready to run. */

import { type Execution, type RowFrame, StatementRestart, type Work } from '../run/context.ts';
import { noteEffort, pace, sinceTurn } from '../run/pace.ts';
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

/** Milliseconds for which a subquery within an expression may keep everybody waiting. */
const PATIENCE = 20;

/**
 * Thrown by a statement that found a subquery too long to be computed within an expression, where nothing can pause.
 * The statement begins again with the subquery's rows computed before it: they do not depend on its own rows.
 */
export class LongSubquery extends StatementRestart {
  readonly query: CompiledQuery;
  /** How many rows are needed: one for EXISTS. */
  readonly most: number;
  constructor(query: CompiledQuery, most: number) {
    super('a long subquery');
    this.query = query;
    this.most = most;
  }
}

/** Computes the rows of a long subquery in advance, with pauses. */
export function* computeAhead({ query, most }: LongSubquery, execution: Execution): Work<void> {
  const rows: Row[] = [];
  for (const row of query.rows(execution, undefined)) {
    if (row === undefined || (rows.push(row) & 1023) === 0 || pace.isOverdue) yield;
    if (rows.length >= most) break;
  }
  execution.scratch.set(query, rows);
}

/** Runs without pause, up to `most` rows. */
const rowsAtOnce = (query: CompiledQuery, frame: RowFrame, most: number): Row[] => {
  const { runtime } = frame;
  const mayRestart = query.isIndependent && runtime.mayRestart;
  const rows: Row[] = [];
  let steps = 0;
  for (const row of query.rows(runtime, frame)) {
    if (row !== undefined && rows.push(row) >= most) break;
    if (mayRestart && (++steps & 255) === 0 && sinceTurn() > PATIENCE) throw new LongSubquery(query, most);
  }
  noteEffort();
  return rows;
};

/** Rows of a subquery; computed only once in a statement when they do not depend on the outer row. */
export const cachedRows = (
  query: CompiledQuery,
  frame: RowFrame,
  most = Number.POSITIVE_INFINITY,
): readonly Row[] => {
  if (!query.isIndependent) return rowsAtOnce(query, frame, most);
  const scratch = frame.runtime.scratch;
  const known = scratch.get(query) as readonly Row[] | undefined;
  if (known !== undefined) return known;
  const rows = rowsAtOnce(query, frame, most);
  scratch.set(query, rows);
  return rows;
};
