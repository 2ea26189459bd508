/** Foreign keys: rows must have their parent, and parents go only as their children allow. */

import type { Constraint, Database, Table } from '../model.ts';
import { joinKey, partMaker } from '../rows/index-key.ts';
import { keyTarget, LockWait } from '../rows/locks.ts';
import type { IndexKey } from '../rows/row-index.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { Execution, Work } from '../run/context.ts';
import type { Row, Value } from '../types.ts';
import { type TableWriter, type Verb, writerContext, writerFor } from './table-writer.ts';
import { type Change, deleteRows, type FoundRows, updateRows } from './write-rows.ts';

const ordinalsOf = (table: Table, ids: readonly number[]): number[] =>
  ids.map((id) => table.columns.findIndex((column) => column.id === id));

const keyOf = (table: Table, ids: readonly number[], types: Table, typeIds: readonly number[]) => {
  const ordinals = ordinalsOf(table, ids);
  // Both sides in the parent's types: foreign keys ask for the same types on both sides.
  const parts = ordinalsOf(types, typeIds).map((i) => partMaker(types.columns[i]?.type ?? { kind: 'null' }));
  return (row: Row) => joinKey(ordinals.map((ordinal, i) => parts[i]?.(row[ordinal] ?? null) ?? null));
};

/**
 * Rows of the table under a key: through an index over just these columns, else by reading all. Yields undefined
 * where the event loop may have a turn.
 */
function* rowsWith(
  table: Table,
  database: Database,
  ids: readonly number[],
  keys: ReadonlySet<IndexKey>,
  key: (row: Row) => IndexKey,
  execution: Execution,
): Generator<StoredRow | undefined, void> {
  const storage = rowsOf(table);
  const ordinals = ordinalsOf(table, ids);
  const index = [...storage.indexes.values()].find(
    (candidate) =>
      candidate.index.filter === undefined &&
      candidate.ordinals.length === ordinals.length &&
      candidate.ordinals.every((ordinal, i) => ordinal === ordinals[i]),
  );
  const check = (row: StoredRow): boolean => {
    if (row.writer !== undefined && row.writer !== execution.transaction) {
      const isMeant = (values: Row | null): boolean => values !== null && keys.has(key(values));
      if (isMeant(row.committed) || isMeant(row.values)) {
        throw new LockWait([row.writer.session], keyTarget(table, database.id, row), 'S');
      }
      return false;
    }
    return row.values !== null && keys.has(key(row.values));
  };
  let steps = 0;
  if (index !== undefined) {
    for (const wanted of keys) {
      for (const row of index.find(wanted)) if (check(row)) yield row;
      if ((++steps & 511) === 0) yield undefined;
    }
    return;
  }
  for (const row of storage.rows.values()) {
    if (check(row)) yield row;
    if ((++steps & 511) === 0) yield undefined;
  }
}

/** Throws 547 when a row names a parent that does not exist. */
export function* verifyParents(
  writer: TableWriter,
  rows: readonly Row[],
  verb: Verb,
  execution: Execution,
  changedIds?: ReadonlySet<number>,
): Work<void> {
  for (const constraint of writer.table.constraints) {
    const { foreignKey } = constraint;
    if (foreignKey === undefined || constraint.isDisabled) continue;
    if (changedIds !== undefined && !foreignKey.columnIds.some((id) => changedIds.has(id))) continue;
    yield* verifyForeignKey(writer, constraint, rows, verb, execution);
  }
}

export function* verifyForeignKey(
  writer: TableWriter,
  constraint: Constraint,
  rows: readonly Row[],
  verb: Verb,
  execution: Execution,
): Work<void> {
  const { foreignKey } = constraint;
  if (foreignKey === undefined) return;
  const { referencedTable, referencedColumnIds, columnIds } = foreignKey;
  const child = keyOf(writer.table, columnIds, referencedTable, referencedColumnIds);
  const parent = keyOf(referencedTable, referencedColumnIds, referencedTable, referencedColumnIds);
  const known = new Set<IndexKey>();
  let steps = 0;
  for (const row of rows) {
    if ((++steps & 511) === 0) yield;
    const key = child(row);
    if (key === null || known.has(key)) continue;
    let isFound = false;
    const wanted = new Set([key]);
    for (const found of rowsWith(
      referencedTable,
      writer.database,
      referencedColumnIds,
      wanted,
      parent,
      execution,
    )) {
      isFound = found !== undefined;
      if (isFound) break;
      yield;
    }
    if (!isFound) {
      const kind = referencedTable === writer.table ? 'FOREIGN KEY SAME TABLE' : 'FOREIGN KEY';
      const column =
        referencedColumnIds.length === 1 ? nameOf(referencedTable, referencedColumnIds[0]) : undefined;
      throw writer.conflict(verb, kind, constraint.name, column, referencedTable);
    }
    known.add(key);
  }
}

const nameOf = (table: Table, id: number | undefined): string | undefined =>
  table.columns.find((column) => column.id === id)?.name;

type References = { readonly version: number; readonly list: readonly Constraint[] };
const knownReferences = new WeakMap<Table, References>();

/** The same as `referencesTo`, for every statement that changes rows: looked for once as long as no definition changes. */
const referencesNow = (table: Table, database: Database, execution: Execution): readonly Constraint[] => {
  const version = execution.instance.catalogVersion;
  let known = knownReferences.get(table);
  if (known?.version !== version) {
    known = { version, list: referencesTo(table, database) };
    knownReferences.set(table, known);
  }
  return known.list;
};

/** Foreign keys that point at the table. */
export const referencesTo = (table: Table, database: Database): Constraint[] =>
  [...database.objects.values()].filter(
    (object): object is Constraint =>
      object.kind === 'constraint' && object.foreignKey?.referencedTable === table,
  );

const tableOfConstraint = (constraint: Constraint, database: Database): Table | undefined => {
  const table = database.objects.get(constraint.parentId);
  return table?.kind === 'table' ? table : undefined;
};

/**
 * After parent rows were deleted (`after` is undefined) or changed their key: follows ON DELETE and ON UPDATE, or
 * throws 547. `assigned` are the ids of the changed columns. Returns what it changed in other tables, for their
 * triggers.
 */
export function* followChildren(
  writer: TableWriter,
  before: readonly Row[],
  after: readonly Row[] | undefined,
  verb: Verb,
  execution: Execution,
  assigned: ReadonlySet<number> | undefined,
): Work<Change[]> {
  const { table, database } = writer;
  const followed: Change[] = [];
  for (const constraint of referencesNow(table, database, execution)) {
    const { foreignKey } = constraint;
    const child = tableOfConstraint(constraint, database);
    if (foreignKey === undefined || child === undefined || constraint.isDisabled) continue;
    const { referencedColumnIds } = foreignKey;
    if (assigned !== undefined && !referencedColumnIds.some((id) => isChanged(table, id, assigned))) continue;
    const parentKey = keyOf(table, referencedColumnIds, table, referencedColumnIds);
    const childKey = keyOf(child, foreignKey.columnIds, table, referencedColumnIds);
    const gone = new Map<IndexKey, Row | null>();
    for (const [i, row] of before.entries()) {
      const key = parentKey(row);
      const now = after?.[i] ?? null;
      if (key !== null && (now === null || parentKey(now) !== key)) gone.set(key, now);
      if ((i & 511) === 511) yield;
    }
    const goneKeys = new Set(gone.keys());
    // A key that another row has taken over is not gone.
    for (const row of rowsWith(table, database, referencedColumnIds, goneKeys, parentKey, execution)) {
      if (row === undefined) yield;
      else if (row.values !== null) gone.delete(parentKey(row.values));
    }
    if (gone.size === 0) continue;
    const children: FoundRows = { rows: [], before: [] };
    const wanted = new Set(gone.keys());
    for (const row of rowsWith(child, database, foreignKey.columnIds, wanted, childKey, execution)) {
      if (row === undefined) yield;
      else if (row.values !== null) {
        children.rows.push(row);
        children.before.push(row.values);
      }
    }
    if (children.rows.length === 0) continue;
    const action = verb === 'DELETE' ? foreignKey.onDelete : foreignKey.onUpdate;
    if (action === 'no action') {
      const column = foreignKey.columnIds.length === 1 ? nameOf(child, foreignKey.columnIds[0]) : undefined;
      throw writer.conflict(
        verb,
        child === table ? 'SAME TABLE REFERENCE' : 'REFERENCE',
        constraint.name,
        column,
        child,
      );
    }
    const childWriter = writerFor(child, database, writerContext(execution));
    execution.instance.locks.lockTable(child, database.id, execution.transaction, 'IX');
    if (action === 'cascade' && verb === 'DELETE') {
      followed.push(...(yield* deleteRows(childWriter, children, execution)));
      continue;
    }
    const ordinals = ordinalsOf(child, foreignKey.columnIds);
    const parentOrdinals = ordinalsOf(table, referencedColumnIds);
    const replacements = children.before.map((old): Value[] => {
      const values = [...old];
      const parent = gone.get(childKey(old));
      ordinals.forEach((ordinal, i) => {
        if (action === 'cascade') values[ordinal] = parent?.[parentOrdinals[i] ?? 0] ?? null;
        else if (action === 'set null') values[ordinal] = null;
        else
          values[ordinal] =
            childWriter.rules[ordinal]?.fallback?.({ runtime: execution, rows: [], outer: undefined }) ??
            null;
      });
      return values;
    });
    const columns = new Set(foreignKey.columnIds);
    followed.push(...(yield* updateRows(childWriter, children, replacements, columns, execution)));
  }
  return followed;
}

/** A computed column may change with any other. */
const isChanged = (table: Table, id: number, assigned: ReadonlySet<number>): boolean =>
  assigned.has(id) || table.columns.find((column) => column.id === id)?.computed !== undefined;
