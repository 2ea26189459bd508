/** ALTER TABLE ... ADD of columns. */

import type { TableChange } from '../../language/syntax.ts';
import { identityValue } from '../data/insert.ts';
import { nextRowversion, TableWriter, writerContext } from '../data/table-writer.ts';
import { nextIdentity } from '../data/write-rows.ts';
import { SqlError } from '../extension.ts';
import { type Database, foldName, type Table } from '../model.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { RowFrame } from '../run/context.ts';
import type { Row, Value } from '../types.ts';
import { addColumn } from './build-table.ts';
import { addObject, type Change } from './change.ts';
import { addConstraint } from './constraints.ts';
import { relayout } from './relayout.ts';

/** Existing rows get the default where the column asks for it, else NULL. Throws 4901 when neither is allowed. */
export const addColumns = (
  change: Change,
  table: Table,
  database: Database,
  what: TableChange & { readonly kind: 'add' },
): void => {
  const { context, execution, undo } = change;
  if (what.columns.length === 0) return;
  const columns = [...table.columns];
  const { identity, nextColumnId } = table;
  undo(() => {
    table.columns = columns;
    table.identity = identity;
    table.nextColumnId = nextColumnId;
  });
  table.columns = [...columns];
  const place = { context, database, schema: table.schema, isVariable: false };
  const keys = new Set(
    what.constraints.flatMap((constraint) =>
      constraint.kind === 'primary-key' ? constraint.columns.map((column) => foldName(column.name)) : [],
    ),
  );
  const added = what.columns.map((definition) => {
    const isKey = definition.constraints.some((constraint) => constraint.kind === 'primary-key');
    const column = addColumn(
      table,
      definition,
      place,
      isKey ? new Set([foldName(definition.name.text)]) : keys,
      true,
    );
    return { definition, column };
  });
  const isEmpty = rowsOf(table).rowCount === 0;
  for (const { definition, column } of added) {
    const hasDefault = definition.constraints.some((constraint) => constraint.kind === 'default');
    const fillsItself =
      column.isIdentity || column.computed !== undefined || column.type.kind === 'rowversion';
    if (!column.isNullable && !hasDefault && !fillsItself && !isEmpty) {
      throw new SqlError(
        4901,
        `ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '${column.name}' cannot be added to non-empty table '${table.name}' because it does not satisfy these conditions.`,
      );
    }
  }
  // Defaults first: the rows need them before keys and checks look at the rows.
  const [defaults, others] = [true, false].map((isDefault) =>
    added.flatMap(({ definition }) =>
      definition.constraints
        .filter((constraint) => (constraint.kind === 'default') === isDefault)
        .map((constraint) => ({ constraint, name: definition.name.text })),
    ),
  );
  for (const { constraint, name } of defaults ?? []) {
    addObject(addConstraint(table, constraint, place, undo, name), database, undo);
  }
  const writer = new TableWriter(table, database, writerContext(execution));
  const first = columns.length;
  relayout(
    table,
    database,
    context,
    (values): Row => {
      const row: Value[] = [...values];
      const frame: RowFrame = { runtime: execution, rows: [row], outer: undefined };
      for (let i = first; i < table.columns.length; i++) {
        const column = table.columns[i];
        const rule = writer.rules[i];
        const definition = added[i - first]?.definition;
        if (column === undefined || rule === undefined) continue;
        const withValues =
          definition?.constraints.some(
            (constraint) => constraint.kind === 'default' && constraint.withValues,
          ) === true;
        if (column.isIdentity) row[i] = identityValue(nextIdentity(writer), column.type.kind);
        else if (column.type.kind === 'rowversion') row[i] = nextRowversion(database, execution);
        else if (rule.computed !== undefined) row[i] = rule.computed(frame);
        else row[i] = !column.isNullable || withValues ? (rule.fallback?.(frame) ?? null) : null;
      }
      return row;
    },
    undo,
  );
  for (const { constraint, name } of others ?? []) {
    addObject(addConstraint(table, constraint, place, undo, name), database, undo);
  }
};
