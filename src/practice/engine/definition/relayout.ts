/** Gives all rows of a table another shape, under the exclusive lock of ALTER TABLE. */

import type { Database, Table } from '../model.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { Row } from '../types.ts';
import type { Undo } from './build-table.ts';
import { rebuildIndexes } from './indexes.ts';

/** Old versions that snapshots might read are given up: they have the old shape. */
export const relayout = (
  table: Table,
  database: Database,
  context: CompileContext,
  shape: (values: Row) => Row,
  undo: Undo,
): void => {
  const storage = rowsOf(table);
  const before = [...storage.rows.values()].map((row) => ({
    row,
    values: row.values,
    committed: row.committed,
  }));
  const indexes = new Map(storage.indexes);
  undo(() => {
    for (const { row, values, committed } of before) {
      row.values = values;
      row.committed = committed;
    }
    storage.indexes.clear();
    for (const [index, rows] of indexes) storage.indexes.set(index, rows);
  });
  for (const { row, values } of before) {
    if (values !== null) row.values = shape(values);
    row.history = undefined;
  }
  rebuildIndexes(table, database, context);
};
