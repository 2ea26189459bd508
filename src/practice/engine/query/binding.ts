/** What column names mean within one SELECT, UPDATE or DELETE: the scope that expressions are compiled in. */

import type { Expression, ObjectName, Position, Query } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { foldName, type SessionState } from '../model.ts';
import type { RowFrame } from '../run/context.ts';
import type { Compiled, Frame, Scope, Source } from '../scalar/index.ts';
import type { ResultColumn, SqlType, Value } from '../types.ts';
import type { CompileContext } from './compile-context.ts';
import { type CompiledQuery, cachedRows } from './compiled-query.ts';
import { compileQuery } from './query.ts';
import { shapeOf } from './syntax-walk.ts';
import { compileUserFunction } from './user-functions.ts';

/** A table of the FROM clause under the name by which its columns are called. */
export type BoundTable = {
  /** Alias or table name; '' cannot be named (inserted values of a VALUES list). */
  readonly name: string;
  readonly schema?: string;
  readonly database?: string;
  readonly columns: readonly ResultColumn[];
  /** Where its current row stands in RowFrame.rows. */
  readonly slot: number;
  /** On the optional side of an outer join. */
  isOptional: boolean;
  /** Only found under its name: inserted and deleted in OUTPUT. */
  readonly isHidden?: boolean;
};

export type ResolvedColumn = { readonly table: BoundTable; readonly ordinal: number };

/** How a grouped query answers for what it computed; see grouping.ts. */
export type GroupedMode = {
  /** The clause that is being compiled, for the message about columns outside GROUP BY. */
  clause: 'select' | 'having' | 'order';
  column(column: ResolvedColumn): Source | undefined;
  computed(expression: Expression): Source | undefined;
};

export class Binding implements Scope {
  readonly context: CompileContext;
  readonly outer: Binding | undefined;
  readonly tables: BoundTable[] = [];
  /** Set when a name was found in the query around this one. */
  isCorrelated = false;
  grouped: GroupedMode | undefined;
  /** Window functions, once the select list may name them. */
  windows: ((expression: Expression) => Source | undefined) | undefined;
  private nextSlot = 0;
  private tracked: Set<number> | undefined;

  constructor(context: CompileContext, outer: Binding | undefined) {
    this.context = context;
    this.outer = outer;
  }

  get session(): SessionState {
    return this.context.session;
  }

  newSlot(): number {
    return this.nextSlot++;
  }

  get slotCount(): number {
    return this.nextSlot;
  }

  addTable(table: BoundTable): void {
    const clash = this.tables.find(
      (other) =>
        foldName(other.name) === foldName(table.name) &&
        other.name !== '' &&
        (other.schema === undefined) === (table.schema === undefined) &&
        foldName(other.schema ?? '') === foldName(table.schema ?? '') &&
        foldName(other.database ?? '') === foldName(table.database ?? ''),
    );
    if (clash !== undefined) {
      throw table.schema === undefined
        ? new SqlError(
            1011,
            `The correlation name '${table.name}' is specified multiple times in a FROM clause.`,
            16,
          )
        : new SqlError(
            1013,
            `The objects "${table.name}" and "${clash.name}" in the FROM clause have the same exposed names. Use correlation names to distinguish them.`,
            16,
          );
    }
    this.tables.push(table);
  }

  /** Compiles and tells which slots of this query the compiled thing reads. */
  track<Result>(compile: () => Result): { readonly result: Result; readonly slots: ReadonlySet<number> } {
    const before = this.tracked;
    const slots = new Set<number>();
    this.tracked = slots;
    try {
      return { result: compile(), slots };
    } finally {
      this.tracked = before;
      for (const slot of slots) before?.add(slot);
    }
  }

  /** The column of this query that the parts name, undefined when it has none. Throws 209. */
  resolve(parts: readonly string[]): ResolvedColumn | undefined {
    const column = foldName(parts[parts.length - 1] ?? '');
    const qualifier = parts.slice(0, -1);
    let found: ResolvedColumn | undefined;
    for (const table of this.tables) {
      if (qualifier.length > 0 ? !answersTo(table, qualifier) : table.isHidden === true) continue;
      const ordinal = table.columns.findIndex((candidate) =>
        column === '$IDENTITY' ? candidate.isIdentity === true : foldName(candidate.name) === column,
      );
      if (ordinal < 0) continue;
      if (found !== undefined) {
        throw new SqlError(209, `Ambiguous column name '${parts[parts.length - 1]}'.`);
      }
      found = { table, ordinal };
    }
    return found;
  }

  column(parts: readonly string[], at: Position): Source {
    let binding: Binding | undefined = this;
    const passed: Binding[] = [];
    for (let depth = 0; binding !== undefined; depth++) {
      const found = binding.resolve(parts);
      if (found !== undefined) {
        for (const inner of passed) inner.isCorrelated = true;
        return binding.sourceOf(found, depth, parts);
      }
      passed.push(binding);
      binding = binding.outer;
    }
    if (parts.length > 1) {
      const qualifier = parts.slice(0, -1);
      for (let inner: Binding | undefined = this; inner !== undefined; inner = inner.outer) {
        if (inner.tables.some((table) => answersTo(table, qualifier))) {
          return this.unbound(at, new SqlError(207, `Invalid column name '${parts.at(-1)}'.`));
        }
      }
      return this.unbound(
        at,
        new SqlError(4104, `The multi-part identifier "${parts.join('.')}" could not be bound.`),
      );
    }
    return this.unbound(at, new SqlError(207, `Invalid column name '${parts[0]}'.`));
  }

  /** Stands for a column that is not there where the statement's other mistakes are to be found too. */
  private unbound({ line, offset }: Position, problem: SqlError): Source {
    const { unbound } = this.context;
    if (unbound === undefined) throw problem;
    // Conditions may be compiled more than once.
    const place = `${line}:${offset}`;
    if (!unbound.has(place)) unbound.set(place, problem);
    return { type: { kind: 'null' }, isNullable: true, read: () => null };
  }

  /** Tables that a star stands for. */
  tablesOf(qualifier: readonly string[] | undefined): readonly BoundTable[] {
    return qualifier === undefined
      ? this.tables.filter((table) => table.isHidden !== true)
      : this.tables.filter((table) => answersTo(table, qualifier));
  }

  /** A column of this query by its place; for stars. */
  columnAt(found: ResolvedColumn): Source {
    return this.sourceOf(found, 0, [found.table.columns[found.ordinal]?.name ?? '']);
  }

  private sourceOf(found: ResolvedColumn, depth: number, parts: readonly string[]): Source {
    if (this.grouped !== undefined) {
      const grouped = this.grouped.column(found);
      if (grouped !== undefined) return deeper(grouped, depth);
      throw outsideGroup(found, parts, this.grouped.clause);
    }
    const { slot } = found.table;
    const { ordinal } = found;
    this.tracked?.add(slot);
    return deeper(this.slotSource(slot, ordinal, found), depth);
  }

  private slotSource(slot: number, ordinal: number, found: ResolvedColumn): Source {
    const column = found.table.columns[ordinal];
    return {
      type: column?.type ?? { kind: 'null' },
      isNullable: found.table.isOptional || column?.isNullable !== false,
      read: (frame) => (frame as RowFrame).rows[slot]?.[ordinal] ?? null,
    };
  }

  variable(name: string, at: Position): { readonly type: SqlType; read(frame: Frame): Value } {
    const declared = this.context.variables.get(name);
    if (declared === undefined) {
      return this.unbound(at, new SqlError(137, `Must declare the scalar variable "${name}".`, 15, 2));
    }
    return {
      type: declared.type,
      read: (frame) => (frame as RowFrame).runtime.activation.variables.get(name)?.value ?? null,
    };
  }

  private subquery(query: Query): CompiledQuery {
    this.context.notes.readsData = true;
    return compileQuery(query, this.context, this);
  }

  scalarSubquery(query: Query): { readonly type: SqlType; read(frame: Frame): Value } {
    const compiled = this.subquery(query);
    if (compiled.columns.length !== 1) throw onlyOneColumn();
    return {
      type: compiled.columns[0]?.type ?? { kind: 'null' },
      read: (frame) => {
        const rows = cachedRows(compiled, frame as RowFrame);
        if (rows.length > 1) {
          throw new SqlError(
            512,
            'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
          );
        }
        return rows[0]?.[0] ?? null;
      },
    };
  }

  exists(query: Query): (frame: Frame) => boolean {
    const compiled = this.subquery(query);
    return (frame) => {
      const rowFrame = frame as RowFrame;
      return cachedRows(compiled, rowFrame, 1).length > 0;
    };
  }

  columnSubquery(query: Query): { readonly type: SqlType; values(frame: Frame): Iterable<Value> } {
    const compiled = this.subquery(query);
    if (compiled.columns.length !== 1) throw onlyOneColumn();
    return {
      type: compiled.columns[0]?.type ?? { kind: 'null' },
      values: (frame) => cachedRows(compiled, frame as RowFrame).map((row) => row[0] ?? null),
    };
  }

  computed(expression: Expression): Source | undefined {
    return this.windows?.(expression) ?? this.grouped?.computed(expression);
  }

  userFunction(name: ObjectName, args: readonly (Compiled | undefined)[]): Compiled | undefined {
    const compiled = compileUserFunction(name, args, this);
    if (compiled !== undefined) this.context.notes.readsData = true;
    return compiled;
  }

  updateOf(column: string): (frame: Frame) => boolean {
    const id = this.context.triggerTable?.columns.find((c) => foldName(c.name) === foldName(column))?.id;
    if (id === undefined) throw new SqlError(207, `Invalid column name '${column}'.`);
    return (frame) => (frame as RowFrame).runtime.activation.trigger?.assigned.has(id) === true;
  }

  /** Equal for expressions that mean the same in this query, however their columns are qualified. */
  meaningOf(expression: Expression): string {
    return shapeOf(expression, (parts) => {
      const found = this.resolve(parts);
      return found === undefined ? undefined : `${found.table.slot}.${found.ordinal}`;
    });
  }
}

const answersTo = (table: BoundTable, qualifier: readonly string[]): boolean => {
  const parts = qualifier.map(foldName);
  const name = parts.pop();
  if (name !== foldName(table.name)) return false;
  const schema = parts.pop();
  if (schema === undefined) return true;
  // `db..t.c` has an empty schema part.
  if (table.schema === undefined || (schema !== '' && schema !== foldName(table.schema))) return false;
  const database = parts.pop();
  return database === undefined || database === foldName(table.database ?? '');
};

/** Reads from the frame `depth` queries further out. */
const deeper = (source: Source, depth: number): Source => {
  if (depth === 0) return source;
  const read = source.read.bind(source);
  return {
    type: source.type,
    isNullable: source.isNullable,
    read: (frame) => {
      let target = frame as RowFrame;
      for (let i = 0; i < depth; i++) {
        if (target.outer === undefined) throw new Error('the outer row is missing');
        target = target.outer;
      }
      return read(target);
    },
  };
};

const onlyOneColumn = (): SqlError =>
  new SqlError(
    116,
    'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
  );

const outsideGroup = (
  { table, ordinal }: ResolvedColumn,
  parts: readonly string[],
  clause: GroupedMode['clause'],
): SqlError => {
  const column = `${table.name === '' ? '' : `${table.name}.`}${table.columns[ordinal]?.name ?? parts.join('.')}`;
  if (clause === 'having') {
    return new SqlError(
      8121,
      `Column '${column}' is invalid in the HAVING clause because it is not contained in either an aggregate function or the GROUP BY clause.`,
    );
  }
  if (clause === 'order') {
    return new SqlError(
      8127,
      `Column "${column}" is invalid in the ORDER BY clause because it is not contained in either an aggregate function or the GROUP BY clause.`,
    );
  }
  return new SqlError(
    8120,
    `Column '${column}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
  );
};
