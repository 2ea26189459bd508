/** OUTPUT and OUTPUT INTO. */

import type { DataTarget, Name, Output, SelectItem } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Table } from '../model.ts';
import type { Binding } from '../query/binding.ts';
import { compileItem, type OutputItem } from '../query/select.ts';
import { columnsOfTable } from '../query/table-names.ts';
import type { Execution, RowFrame, Work } from '../run/context.ts';
import { storeConverter } from '../scalar/index.ts';
import type { ResultColumn, Row, Value } from '../types.ts';
import { columnOrdinal, writerContext, writerFor } from './table-writer.ts';
import { findTarget, type Target } from './targets.ts';
import { type Change, insertRows, nextIdentity } from './write-rows.ts';

/** The rows that one changed row adds to the answer and to the target of INTO. */
export type CompiledOutput = {
  readonly columns: readonly ResultColumn[] | undefined;
  /** `rows` are the FROM clause's rows at that moment; inserted and deleted take their slots in it. */
  collect(
    execution: Execution,
    rows: readonly Row[],
    inserted: Row | undefined,
    deleted: Row | undefined,
  ): void;
  finish(execution: Execution): Work<{ readonly rows: readonly Row[]; readonly changes: readonly Change[] }>;
};

type Collected = { readonly rows: Row[]; readonly into: Value[][] };

export const compileOutput = (
  output: Output | undefined,
  table: Table,
  binding: Binding,
  has: { readonly inserted: boolean; readonly deleted: boolean },
): CompiledOutput | undefined => {
  if (output === undefined) return undefined;
  const columns = columnsOfTable(table);
  const slots = { inserted: binding.newSlot(), deleted: binding.newSlot() };
  for (const name of ['inserted', 'deleted'] as const) {
    if (has[name]) binding.addTable({ name, columns, slot: slots[name], isOptional: false, isHidden: true });
  }
  const compileItems = (items: readonly SelectItem[]): OutputItem[] =>
    items.flatMap((item) => {
      if (item.kind === 'assignment') throw new SqlError(102, "Incorrect syntax near '='.", 15);
      return compileItem(item, binding);
    });
  const items = output.items === undefined ? undefined : compileItems(output.items);
  const into =
    output.into === undefined
      ? undefined
      : compileInto(output.into, compileItems(output.into.items), binding);
  const key = {};
  const collected = (execution: Execution): Collected => {
    const known = execution.scratch.get(key) as Collected | undefined;
    if (known !== undefined) return known;
    const made: Collected = { rows: [], into: [] };
    execution.scratch.set(key, made);
    return made;
  };
  return {
    columns: items?.map((item) => item.column),
    collect(execution, rows, inserted, deleted) {
      const frame: RowFrame = { runtime: execution, rows: [...rows], outer: undefined };
      if (inserted !== undefined) frame.rows[slots.inserted] = inserted;
      if (deleted !== undefined) frame.rows[slots.deleted] = deleted;
      const target = collected(execution);
      if (items !== undefined) target.rows.push(items.map((item) => item.compiled.evaluate(frame)));
      if (into !== undefined) target.into.push(into.values(frame));
    },
    *finish(execution) {
      const { rows, into: values } = collected(execution);
      if (into === undefined) return { rows, changes: [] };
      const changes = yield* into.insert(execution, values);
      return { rows, changes };
    },
  };
};

const compileInto = (
  into: { readonly target: DataTarget; readonly columns?: readonly Name[] },
  items: readonly OutputItem[],
  binding: Binding,
) => {
  const target: Target = findTarget(into.target, binding.context, 'INSERT');
  const { table } = target;
  if (table.triggers.some((trigger) => !trigger.isDisabled)) {
    throw new SqlError(
      331,
      `The target table '${table.name}' of the OUTPUT INTO clause cannot have any enabled triggers.`,
    );
  }
  if (
    table.constraints.some(
      (constraint) => constraint.type === 'F' || (constraint.type === 'C' && !constraint.isDisabled),
    )
  ) {
    throw new Refusal('OUTPUT INTO a table with constraints');
  }
  const names =
    into.columns?.map((name) => name.text) ??
    table.columns
      .filter(
        (column) => !column.isIdentity && column.computed === undefined && column.type.kind !== 'rowversion',
      )
      .map((column) => column.name);
  if (names.length !== items.length) {
    throw new SqlError(213, 'Column name or number of supplied values does not match table definition.');
  }
  const places = names.map((name, i) => {
    const ordinal = columnOrdinal(table, name);
    const column = table.columns[ordinal];
    const item = items[i];
    if (column === undefined || item === undefined) throw new SqlError(207, `Invalid column name '${name}'.`);
    const store = storeConverter(item.compiled.type, column.type, binding.session);
    return { ordinal, read: (frame: RowFrame) => store(item.compiled.evaluate(frame)) };
  });
  return {
    values: (frame: RowFrame): Value[] => {
      const row: Value[] = new Array(table.columns.length).fill(null);
      for (const { ordinal, read } of places) row[ordinal] = read(frame);
      return row;
    },
    *insert(execution: Execution, rows: Value[][]): Work<readonly Change[]> {
      const actual = target.resolve(execution);
      const writer = writerFor(actual, target.database, writerContext(execution));
      const given = new Set(places.map(({ ordinal }) => ordinal));
      const empty: RowFrame = { runtime: execution, rows: [], outer: undefined };
      for (const row of rows) {
        writer.rules.forEach(({ fallback }, i) => {
          if (given.has(i)) return;
          if (i === writer.identityOrdinal) row[i] = Number(nextIdentity(writer));
          else if (fallback !== undefined) row[i] = fallback(empty);
        });
      }
      yield* insertRows(writer, rows, execution);
      return [];
    },
  };
};
