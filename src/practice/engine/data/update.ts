/** UPDATE and DELETE, with FROM. */

import type { DataStatement, SetItem } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { Table } from '../model.ts';
import { assignmentOf, combined, type VariableAssignment } from '../query/assignments.ts';
import { Binding } from '../query/binding.ts';
import { bindCommonTables } from '../query/common-tables.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { compileTop } from '../query/ordering.ts';
import { planSource } from '../query/plan-source.ts';
import { predicatesOf } from '../query/predicates.ts';
import type { RowSource } from '../query/row-source.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import type { Execution, RowFrame, Work } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import { compileExpression, storeConverter } from '../scalar/index.ts';
import type { Row, Value } from '../types.ts';
import { bindTarget } from './bind-target.ts';
import { assignedTwice } from './data-errors.ts';
import { commands, type DataOutcome, type DataPlan } from './data-plan.ts';
import { type CompiledOutput, compileOutput } from './output.ts';
import { columnOrdinal, writerContext, writerFor } from './table-writer.ts';
import { deleteRows, type FoundRows, updateRows } from './write-rows.ts';

type Update = DataStatement & { readonly kind: 'update' };
type Delete = DataStatement & { readonly kind: 'delete' };

/** Whether the target's rows are all that the source reads. */
const isAlone = (source: RowSource): boolean => source.slots.length === 1;

/** The rows of the target that a statement changes, each once, with the FROM clause's rows where they are needed. */
function* targetRows(
  source: RowSource,
  slot: number,
  limit: (total: number) => number,
  frame: RowFrame,
  each: (stored: StoredRow, values: Row) => void,
): Work<void> {
  const { runtime } = frame;
  const most = Math.min(limit(Number.POSITIVE_INFINITY), runtime.rowLimit);
  if (isAlone(source)) {
    let count = 0;
    for (const isRow of source.open(frame)) {
      const values = frame.rows[slot];
      const stored = runtime.latestTarget;
      if (!isRow || stored === undefined || values === undefined) {
        yield;
        continue;
      }
      if (count++ >= most) return;
      each(stored, values);
      if ((count & 1023) === 0 || pace.isOverdue) yield;
    }
    return;
  }
  const seen = new Set<StoredRow>();
  const { targets } = runtime;
  for (const isRow of source.open(frame)) {
    if (!isRow) {
      yield;
      continue;
    }
    const values = frame.rows[slot];
    const stored = values === undefined ? undefined : targets.get(values);
    if (stored === undefined || values === undefined || seen.has(stored)) continue;
    if (seen.size >= most) return;
    seen.add(stored);
    each(stored, values);
    if ((seen.size & 1023) === 0 || pace.isOverdue) yield;
  }
}

const prepare = (statement: Update | Delete, outer: CompileContext, permission: 'UPDATE' | 'DELETE') => {
  const context =
    statement.with.length === 0 ? outer : bindCommonTables(statement.with, outer, statement.options);
  const binding = new Binding(context, undefined);
  const { target, slot, tree } = bindTarget(statement, binding, permission);
  const source = planSource(tree, predicatesOf(statement.where, binding), new Set(), {
    slot,
    isAlone: tree.kind === 'leaf',
  });
  const top = compileTop(statement.top, new Binding(context, undefined), compileExpression);
  if (statement.top?.isPercent === true) throw new Refusal('TOP PERCENT in UPDATE and DELETE');
  return { binding, target, slot, source, top };
};

/** The rows of an OUTPUT for the client. */
export const answer = function* (
  output: CompiledOutput | undefined,
  execution: Execution,
): Work<Pick<DataOutcome, 'result'>> {
  if (output === undefined) return { result: undefined };
  const { rows } = yield* output.finish(execution);
  return { result: output.columns === undefined ? undefined : { columns: output.columns, rows } };
};

export const compileUpdate = (statement: Update, outer: CompileContext): DataPlan => {
  const { binding, target, slot, source, top } = prepare(statement, outer, 'UPDATE');
  const { table } = target;
  const setters: { readonly ordinal: number; readonly value: ((frame: RowFrame) => Value) | undefined }[] =
    [];
  const assignments: VariableAssignment[] = [];
  for (const item of statement.set) {
    if (item.kind === 'variable') assignments.push(assignmentOf(item, binding));
    else setters.push(compileSetter(item, table, binding, assignments));
  }
  const ordinals = setters.map((setter) => setter.ordinal);
  const twice = ordinals.find((ordinal, i) => ordinals.indexOf(ordinal) !== i);
  if (twice !== undefined) {
    throw assignedTwice(table.columns[twice]?.name);
  }
  const output = compileOutput(statement.output, table, binding, { inserted: true, deleted: true });
  const assigned = new Set(ordinals.map((ordinal) => table.columns[ordinal]?.id ?? 0));

  function* run(execution: Execution): Work<DataOutcome> {
    const actual = target.resolve(execution);
    const writer = writerFor(actual, target.database, writerContext(execution));
    const frame: RowFrame = { runtime: execution, rows: [], outer: undefined };
    const limit = top?.(execution) ?? ((total: number) => total);
    const found: FoundRows = { rows: [], before: [] };
    const replacements: Value[][] = [];
    const surroundings: (readonly Row[])[] = [];
    yield* targetRows(source, slot, limit, frame, (stored, before) => {
      const values = [...before];
      for (const { ordinal, value } of setters) {
        values[ordinal] =
          value === undefined ? (writer.rules[ordinal]?.fallback?.(frame) ?? null) : value(frame);
      }
      for (const assign of assignments) assign(frame);
      found.rows.push(stored);
      found.before.push(before);
      replacements.push(values);
      if (output !== undefined) surroundings.push(frame.rows.slice());
    });
    const changes = yield* updateRows(writer, found, replacements, assigned, execution);
    const own = changes[0];
    if (output !== undefined) {
      surroundings.forEach((rows, i) => {
        output.collect(execution, rows, own?.inserted[i], own?.deleted[i]);
      });
    }
    const { result } = yield* answer(output, execution);
    return { result, count: replacements.length, command: commands.update, changes, identity: undefined };
  }

  return { run };
};

/** What sets one column of an UPDATE. Assignments to variables beside it go into `assignments`. */
export const compileSetter = (
  item: SetItem & { readonly kind: 'column' },
  table: Table,
  binding: Binding,
  assignments: VariableAssignment[],
) => {
  const name = item.column.at(-1) ?? '';
  const ordinal = columnOrdinal(table, name);
  const column = table.columns[ordinal];
  if (column === undefined) throw new SqlError(207, `Invalid column name '${name}'.`);
  if (column.computed !== undefined) {
    throw new SqlError(
      271,
      `The column "${column.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
    );
  }
  if (column.isIdentity) throw new SqlError(8102, `Cannot update identity column '${column.name}'.`);
  if (column.type.kind === 'rowversion') throw new SqlError(272, 'Cannot update a timestamp column.');
  if (item.expression.kind === 'default') return { ordinal, value: undefined };
  const target = { kind: 'column', parts: item.column, at: item.at } as const;
  const compiled = compileExpression(combined(target, item.operator, item.expression), binding);
  const store = storeConverter(compiled.type, column.type, binding.session);
  const value = (frame: RowFrame): Value => store(compiled.evaluate(frame));
  if (item.variable !== undefined) {
    const { variable } = item;
    assignments.push(
      assignmentOf(
        {
          variable,
          operator: '=',
          expression: combined(target, item.operator, item.expression),
          at: item.at,
        },
        binding,
      ),
    );
  }
  return { ordinal, value };
};

export const compileDelete = (statement: Delete, outer: CompileContext): DataPlan => {
  const { binding, target, slot, source, top } = prepare(statement, outer, 'DELETE');
  const output = compileOutput(statement.output, target.table, binding, { inserted: false, deleted: true });
  function* run(execution: Execution): Work<DataOutcome> {
    const actual = target.resolve(execution);
    const writer = writerFor(actual, target.database, writerContext(execution));
    const frame: RowFrame = { runtime: execution, rows: [], outer: undefined };
    const limit = top?.(execution) ?? ((total: number) => total);
    const found: FoundRows = { rows: [], before: [] };
    yield* targetRows(source, slot, limit, frame, (stored, before) => {
      found.rows.push(stored);
      found.before.push(before);
      output?.collect(execution, frame.rows, undefined, before);
    });
    const changes = yield* deleteRows(writer, found, execution);
    const { result } = yield* answer(output, execution);
    return { result, count: found.rows.length, command: commands.delete, changes, identity: undefined };
  }
  return { run };
};
