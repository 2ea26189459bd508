/** What an expression is compiled against, and what it is compiled into. */

import type { Expression, ObjectName, Position, Query } from '../../language/syntax.ts';
import type { Runtime } from '../extension.ts';
import type { SessionState } from '../model.ts';
import type { SqlType, Value } from '../types.ts';

/** The environment in which a compiled expression runs. The executor's frames extend it. */
export type Frame = { readonly runtime: Runtime };

/** A way to read a value while a statement runs, with its type known before. */
export type Source = { readonly type: SqlType; readonly isNullable: boolean; read(frame: Frame): Value };

/** What names mean where an expression stands. */
export type Scope = {
  /** Finds a column. Throws SqlError 207, 4104 or 209. */
  column(parts: readonly string[], at: Position): Source;
  /** A declared variable, `name` in lower case with its @. Throws SqlError 137. Names with @@ never come here. */
  variable(name: string, at: Position): { readonly type: SqlType; read(frame: Frame): Value };
  /** Compiles a subquery of one column; the outer query's scope is visible in it. `read` throws 512 for more than one row. */
  scalarSubquery(query: Query): { readonly type: SqlType; read(frame: Frame): Value };
  exists(query: Query): (frame: Frame) => boolean;
  /** An array handed out twice must hold the same values: IN makes its lookup set once for each array. */
  columnSubquery(query: Query): { readonly type: SqlType; values(frame: Frame): Iterable<Value> };
  /** Aggregates, window functions and GROUP BY expressions that the executor computes itself; undefined = not one. Asked for every node. */
  computed(expression: Expression): Source | undefined;
  /** A user-defined scalar function; undefined = there is none of that name. */
  /** An argument that is undefined was written as DEFAULT. */
  userFunction(name: ObjectName, args: readonly (Compiled | undefined)[]): Compiled | undefined;
  /** UPDATE(column), only in triggers. */
  updateOf?(column: string): (frame: Frame) => boolean;
  readonly session: SessionState;
};

/**
 * An expression ready to run. `constant` is present when the value is known before the statement runs; an
 * expression whose folding failed (1/0) is not constant and fails when it runs, as on the server.
 */
export type Compiled = {
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly constant?: Value;
  /** Digits of an integer literal: beside a numeric it counts as numeric(digits, 0), not as numeric(10, 0). */
  readonly literalDigits?: number;
  /** The collation was written with COLLATE and wins over a column's. */
  readonly isCollationExplicit?: boolean;
  evaluate(frame: Frame): Value;
};

/** A condition ready to run; null is UNKNOWN. */
export type CompiledCondition = (frame: Frame) => boolean | null;

/** The session settings that conversions between text and dates follow. A SessionState is one. */
export type DateSettings = {
  readonly dateFormat: string;
  readonly language: string;
  readonly dateFirst: number;
};
