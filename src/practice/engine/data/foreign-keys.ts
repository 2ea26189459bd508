/** Foreign keys: rows must have their parent, and parents go only as their children allow. */

import type { Constraint, Database, Table } from '../model.ts';
import { joinKey, partMaker } from '../rows/index-key.ts';
import { keyTarget, LockWait } from '../rows/locks.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { Execution } from '../run/context.ts';
import type { Row } from '../types.ts';
import { type TableWriter, type Verb, writerContext, writerFor } from './table-writer.ts';
import { type Change, deleteRows, updateRows } from './write-rows.ts';

const ordinalsOf = (table: Table, ids: readonly number[]): number[] =>
  ids.map((id) => table.columns.findIndex((column) => column.id === id));

const keyOf = (table: Table, ids: readonly number[], types: Table, typeIds: readonly number[]) => {
  const ordinals = ordinalsOf(table, ids);
  // Both sides in the parent's types: foreign keys ask for the same types on both sides.
  const parts = ordinalsOf(types, typeIds).map((i) => partMaker(types.columns[i]?.type ?? { kind: 'null' }));
  return (row: Row) => joinKey(ordinals.map((ordinal, i) => parts[i]?.(row[ordinal] ?? null) ?? null));
};

/** Rows of the table under a key: through an index over just these columns, else by reading all. */
function* rowsWith(
  table: Table,
  database: Database,
  ids: readonly number[],
  keys: ReadonlySet<unknown>,
  key: (row: Row) => unknown,
  execution: Execution,
): Generator<StoredRow, void> {
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
      const before = row.committed === null ? undefined : key(row.committed);
      const now = row.values === null ? undefined : key(row.values);
      if (keys.has(before) || keys.has(now)) {
        throw new LockWait([row.writer.session], keyTarget(table, database.id, row), 'S');
      }
      return false;
    }
    return row.values !== null && keys.has(key(row.values));
  };
  if (index !== undefined) {
    for (const wanted of keys) {
      for (const row of index.find(wanted as Parameters<typeof index.find>[0])) if (check(row)) yield row;
    }
    return;
  }
  for (const row of [...storage.rows.values()]) if (check(row)) yield row;
}

/** Throws 547 when a row names a parent that does not exist. */
export const verifyParents = (
  writer: TableWriter,
  rows: readonly Row[],
  verb: Verb,
  execution: Execution,
  changedIds?: ReadonlySet<number>,
): void => {
  for (const constraint of writer.table.constraints) {
    const { foreignKey } = constraint;
    if (foreignKey === undefined || constraint.isDisabled) continue;
    if (changedIds !== undefined && !foreignKey.columnIds.some((id) => changedIds.has(id))) continue;
    verifyForeignKey(writer, constraint, rows, verb, execution);
  }
};

export const verifyForeignKey = (
  writer: TableWriter,
  constraint: Constraint,
  rows: readonly Row[],
  verb: Verb,
  execution: Execution,
): void => {
  const { foreignKey } = constraint;
  if (foreignKey === undefined) return;
  const { referencedTable, referencedColumnIds, columnIds } = foreignKey;
  const child = keyOf(writer.table, columnIds, referencedTable, referencedColumnIds);
  const parent = keyOf(referencedTable, referencedColumnIds, referencedTable, referencedColumnIds);
  const known = new Set<unknown>();
  for (const row of rows) {
    const key = child(row);
    if (key === null || known.has(key)) continue;
    let isFound = false;
    const wanted = new Set([key]);
    for (const _ of rowsWith(
      referencedTable,
      writer.database,
      referencedColumnIds,
      wanted,
      parent,
      execution,
    )) {
      isFound = true;
      break;
    }
    if (!isFound) {
      const kind = referencedTable === writer.table ? 'FOREIGN KEY SAME TABLE' : 'FOREIGN KEY';
      const column =
        referencedColumnIds.length === 1 ? nameOf(referencedTable, referencedColumnIds[0]) : undefined;
      throw writer.conflict(verb, kind, constraint.name, column, referencedTable);
    }
    known.add(key);
  }
};

const nameOf = (table: Table, id: number | undefined): string | undefined =>
  table.columns.find((column) => column.id === id)?.name;

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
 * After parent rows were deleted or changed their key: follows ON DELETE and ON UPDATE, or throws 547. Returns what
 * it changed in other tables, for their triggers.
 */
export const followChildren = (
  writer: TableWriter,
  changes: readonly { readonly before: Row; readonly after: Row | null }[],
  verb: Verb,
  execution: Execution,
): Change[] => {
  const { table, database } = writer;
  const followed: Change[] = [];
  for (const constraint of referencesTo(table, database)) {
    const { foreignKey } = constraint;
    const child = tableOfConstraint(constraint, database);
    if (foreignKey === undefined || child === undefined || constraint.isDisabled) continue;
    const parentKey = keyOf(table, foreignKey.referencedColumnIds, table, foreignKey.referencedColumnIds);
    const childKey = keyOf(child, foreignKey.columnIds, table, foreignKey.referencedColumnIds);
    const gone = new Map<unknown, Row | null>();
    for (const { before, after } of changes) {
      const key = parentKey(before);
      if (key !== null && (after === null || parentKey(after) !== key)) gone.set(key, after);
    }
    // A key that another row has taken over is not gone.
    for (const row of rowsWith(
      table,
      database,
      foreignKey.referencedColumnIds,
      new Set(gone.keys()),
      parentKey,
      execution,
    )) {
      if (row.values !== null) gone.delete(parentKey(row.values));
    }
    if (gone.size === 0) continue;
    const children = [
      ...rowsWith(child, database, foreignKey.columnIds, new Set(gone.keys()), childKey, execution),
    ];
    if (children.length === 0) continue;
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
      followed.push(...deleteRows(childWriter, children, execution));
      continue;
    }
    const ordinals = ordinalsOf(child, foreignKey.columnIds);
    const parentOrdinals = ordinalsOf(table, foreignKey.referencedColumnIds);
    const replacements = children.map((row): readonly [StoredRow, Row] => {
      const values = [...(row.values ?? [])];
      const parent = gone.get(childKey(row.values ?? []));
      ordinals.forEach((ordinal, i) => {
        if (action === 'cascade') values[ordinal] = parent?.[parentOrdinals[i] ?? 0] ?? null;
        else if (action === 'set null') values[ordinal] = null;
        else
          values[ordinal] =
            childWriter.rules[ordinal]?.fallback?.({ runtime: execution, rows: [], outer: undefined }) ??
            null;
      });
      return [row, values];
    });
    followed.push(...updateRows(childWriter, replacements, new Set(foreignKey.columnIds), execution));
  }
  return followed;
};
