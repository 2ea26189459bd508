/** ALTER TABLE. */

import type { DefinitionStatement, Statement, TableChange } from '../../language/syntax.ts';
import { verifyForeignKey } from '../data/foreign-keys.ts';
import { TableWriter, writerContext } from '../data/table-writer.ts';
import { Refusal, SqlError } from '../extension.ts';
import { type Constraint, type Database, foldName, type Table } from '../model.ts';
import { nameText } from '../query/compile-context.ts';
import { rowsOf } from '../rows/table-rows.ts';
import type { RowFrame, Work } from '../run/context.ts';
import { withConstraintFailure } from '../run/several-errors.ts';
import { runAtOnce } from '../run/work.ts';
import { compileCondition } from '../scalar/index.ts';
import { addColumns } from './add-columns.ts';
import { alterColumn } from './alter-column.ts';
import { addObject, type Change, tableForChange } from './change.ts';
import { addConstraint, tableBinding } from './constraints.ts';
import { dropItems } from './drop-items.ts';
import { setTriggerState } from './trigger-state.ts';

export function* alterTable(
  change: Change,
  statement: Statement & DefinitionStatement & { readonly kind: 'alter-table' },
): Work<void> {
  const missing = new SqlError(
    4902,
    `Cannot find the object "${nameText(statement.name)}" because it does not exist or you do not have permissions.`,
  );
  const { table, database } = tableForChange(statement.name, change, missing);
  const { change: what } = statement;
  const before = table.modifiedAt;
  table.modifiedAt = new Date();
  change.undo(() => {
    table.modifiedAt = before;
  });
  yield;
  switch (what.kind) {
    case 'add':
      addColumns(change, table, database, what);
      for (const definition of what.constraints) {
        const constraint = addConstraint(
          table,
          definition,
          { ...change, database, schema: table.schema, isVariable: false },
          change.undo,
        );
        addObject(constraint, database, change.undo);
        if (what.check === false) {
          if (constraint.type === 'C' || constraint.type === 'F') constraint.isTrusted = false;
        } else withConstraintFailure(() => verifyConstraint(change, table, database, constraint));
      }
      return;
    case 'alter-column':
      alterColumn(change, table, database, what);
      return;
    case 'alter-column-rowguid': {
      const column = table.columns.find((candidate) => foldName(candidate.name) === foldName(what.column));
      if (column === undefined) throw noColumn(table, what.column, 'ALTER COLUMN');
      const isRowGuid = column.isRowGuid;
      column.isRowGuid = what.add;
      change.undo(() => {
        column.isRowGuid = isRowGuid;
      });
      return;
    }
    case 'drop':
      dropItems(change, table, database, what.items);
      return;
    case 'check-constraints':
      enableConstraints(change, table, database, what);
      return;
    case 'triggers':
      setTriggerState(table, what.names, what.enable, change.undo);
      return;
    case 'set':
      for (const option of Object.keys(what.options)) {
        if (option.toLowerCase() !== 'lock_escalation')
          throw new Refusal(`ALTER TABLE SET ${option.toUpperCase()}`);
      }
      return;
    case 'rebuild':
      return;
  }
}

export const noColumn = (table: Table, name: string, what: string): SqlError =>
  new SqlError(
    4924,
    `ALTER TABLE ${what} failed because column '${name}' does not exist in table '${table.name}'.`,
  );

/** Rows that are there must satisfy a constraint that is added or switched on WITH CHECK. Throws 547. */
export const verifyConstraint = (
  change: Change,
  table: Table,
  database: Database,
  constraint: Constraint,
): void => {
  const { execution } = change;
  const rows = [...rowsOf(table).rows.values()].flatMap((row) => (row.values === null ? [] : [row.values]));
  if (rows.length === 0) return;
  const writer = new TableWriter(table, database, writerContext(execution));
  const { definition } = constraint;
  if (definition.kind === 'check') {
    const test = compileCondition(
      definition.condition,
      tableBinding(table, { context: change.context, database }),
    );
    for (const values of rows) {
      const frame: RowFrame = { runtime: execution, rows: [values], outer: undefined };
      if (test(frame) === false) {
        const column = table.columns.find((candidate) => candidate.id === constraint.columnId)?.name;
        throw writer.conflict('ALTER TABLE', 'CHECK', constraint.name, column);
      }
    }
  } else if (definition.kind === 'foreign-key') {
    runAtOnce(verifyForeignKey(writer, constraint, rows, 'ALTER TABLE', execution));
  }
};

const enableConstraints = (
  change: Change,
  table: Table,
  database: Database,
  { names, enable, withCheck }: TableChange & { readonly kind: 'check-constraints' },
): void => {
  const constraints =
    names === 'all'
      ? table.constraints.filter((constraint) => constraint.type === 'C' || constraint.type === 'F')
      : names.map((name) => {
          const constraint = table.constraints.find(
            (candidate) => foldName(candidate.name) === foldName(name),
          );
          if (constraint === undefined) {
            throw new SqlError(4917, `Constraint '${name}' does not exist.`, 16, 0);
          }
          if (constraint.type !== 'C' && constraint.type !== 'F') {
            throw new SqlError(
              11415,
              `Object '${name}' cannot be disabled or enabled. This action applies only to foreign key and check constraints.`,
            );
          }
          return constraint;
        });
  for (const constraint of constraints) {
    const { isDisabled, isTrusted } = constraint;
    if (enable && withCheck) verifyConstraint(change, table, database, constraint);
    constraint.isDisabled = !enable;
    constraint.isTrusted = enable && (withCheck || (isTrusted && !isDisabled));
    change.undo(() => {
      constraint.isDisabled = isDisabled;
      constraint.isTrusted = isTrusted;
    });
  }
};
