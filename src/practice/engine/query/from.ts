/** Binds a FROM clause: which tables it names, under which names, joined how. */

import type { Condition, TableHint, TableSource } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { RowFrame } from '../run/context.ts';
import type { ResultColumn, Row } from '../types.ts';
import type { Binding } from './binding.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledQuery } from './compiled-query.ts';
import type { JoinType } from './joins.ts';
import { predicatesOf } from './predicates.ts';
import { compileQuery } from './query.ts';
import type { LockedTable } from './reading.ts';
import type { Predicate } from './row-source.ts';
import { bindTableFunction } from './table-functions.ts';
import { bindTableName, columnsOfTable } from './table-names.ts';

/** A FROM clause as a tree of tables and joins, before it is decided how to run it. */
export type SourceTree = Leaf | Join | Apply;
export type Leaf = {
  readonly kind: 'leaf';
  readonly slot: number;
  readonly content: LeafContent;
};
export type LeafContent =
  /** `isPrivate`: a table variable, which nobody else sees. */
  | {
      readonly kind: 'table';
      readonly locked: LockedTable;
      readonly hints: readonly TableHint[];
      readonly isPrivate: boolean;
    }
  /** A table variable: which rows it has is only known when the statement runs. */
  | { readonly kind: 'table-variable'; readonly name: string }
  | {
      readonly kind: 'rows';
      rows(frame: RowFrame): Generator<Row | undefined, void>;
      /** Present where the rows are the same however often they are read in one statement. */
      readonly fixed?: { readonly columns: readonly ResultColumn[] } | undefined;
    };
export type Join = {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: SourceTree;
  readonly right: SourceTree;
  readonly on: readonly Predicate[];
};
export type Apply = {
  readonly kind: 'apply';
  readonly isOuter: boolean;
  readonly left: SourceTree;
  readonly right: SourceTree;
};

/** Adds the tables of the clause to the binding. Several sources side by side are a cross join. */
export const bindFrom = (from: readonly TableSource[], binding: Binding): SourceTree | undefined => {
  let tree: SourceTree | undefined;
  for (const source of from) {
    const next = bindSource(source, binding, false);
    tree = tree === undefined ? next : { kind: 'join', type: 'inner', left: tree, right: next, on: [] };
  }
  return tree;
};

/** Slots of a tree, in the order of its tables. */
export const slotsOf = (tree: SourceTree): number[] =>
  tree.kind === 'leaf' ? [tree.slot] : [...slotsOf(tree.left), ...slotsOf(tree.right)];

/** Gives a table its slot and its name in the query. */
export const addLeaf = (
  binding: Binding,
  name: { readonly name: string; readonly schema?: string; readonly database?: string },
  columns: readonly ResultColumn[],
  content: LeafContent,
): Leaf => {
  const slot = binding.newSlot();
  binding.addTable({ ...name, columns, slot, isOptional: false });
  return { kind: 'leaf', slot, content };
};

/** Columns under the names of an alias's column list, `x(a, b)`. Throws 8158 and 8159 where the numbers differ. */
export const renamed = (
  columns: readonly ResultColumn[],
  names: readonly string[] | undefined,
  alias: string,
): readonly ResultColumn[] => {
  if (names === undefined) {
    columns.forEach((column, i) => {
      if (column.name === '') {
        throw new SqlError(8155, `No column name was specified for column ${i + 1} of '${alias}'.`, 16, 2);
      }
      const first = columns.findIndex((other) => other.name.toUpperCase() === column.name.toUpperCase());
      if (first !== i) {
        throw new SqlError(8156, `The column '${column.name}' was specified multiple times for '${alias}'.`);
      }
    });
    return columns;
  }
  if (names.length < columns.length) {
    throw new SqlError(8158, `'${alias}' has more columns than were specified in the column list.`);
  }
  if (names.length > columns.length) {
    throw new SqlError(8159, `'${alias}' has fewer columns than were specified in the column list.`);
  }
  return columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
};

/** A subquery as a table. `isLateral`: its outer rows are those of this query (APPLY). */
export const queryContent = (query: CompiledQuery, isLateral: boolean): LeafContent => ({
  kind: 'rows',
  rows: (frame) => query.rows(frame.runtime, isLateral ? frame : frame.outer),
  fixed: query.isIndependent ? { columns: query.columns } : undefined,
});

const bindSource = (source: TableSource, binding: Binding, isLateral: boolean): SourceTree => {
  const context: CompileContext = binding.context;
  switch (source.kind) {
    case 'table':
      return bindTableName(source, binding, isLateral);
    case 'table-variable': {
      const table = context.tableVariables.get(source.name);
      if (table === undefined) {
        throw new SqlError(1087, `Must declare the table variable "${source.name}".`, 15, 2);
      }
      return addLeaf(binding, { name: source.alias ?? source.name }, columnsOfTable(table), {
        kind: 'table-variable',
        name: source.name,
      });
    }
    case 'derived': {
      const query = compileQuery(source.query, context, isLateral ? binding : binding.outer);
      return addLeaf(
        binding,
        { name: source.alias },
        renamed(query.columns, source.columns, source.alias),
        queryContent(query, isLateral),
      );
    }
    case 'function':
      return bindTableFunction(source, binding, isLateral);
    case 'join':
      return bindJoin(source, binding, isLateral);
    case 'apply': {
      const left = bindSource(source.left, binding, isLateral);
      const right = bindSource(source.right, binding, true);
      if (source.type === 'outer') makeOptional(right, binding);
      return { kind: 'apply', isOuter: source.type === 'outer', left, right };
    }
  }
};

const bindJoin = (
  source: TableSource & { readonly kind: 'join' },
  binding: Binding,
  isLateral: boolean,
): SourceTree => {
  const left = bindSource(source.left, binding, isLateral);
  const right = bindSource(source.right, binding, isLateral);
  if (source.type === 'left' || source.type === 'full') makeOptional(right, binding);
  if (source.type === 'right' || source.type === 'full') makeOptional(left, binding);
  const on = predicatesOf(source.on as Condition | undefined, binding);
  if (source.type === 'right') return { kind: 'join', type: 'left', left: right, right: left, on };
  return { kind: 'join', type: source.type === 'cross' ? 'inner' : source.type, left, right, on };
};

const makeOptional = (tree: SourceTree, binding: Binding): void => {
  const slots = new Set(slotsOf(tree));
  for (const table of binding.tables) if (slots.has(table.slot)) table.isOptional = true;
};
