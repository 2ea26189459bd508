/** MERGE: a full join of target and source, and for each row of it the first clause that holds. */

import type { DataStatement, MergeClause } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { Binding } from '../query/binding.ts';
import { bindCommonTables } from '../query/common-tables.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { bindFrom, slotsOf } from '../query/from.ts';
import { compileTop } from '../query/ordering.ts';
import { planSource } from '../query/plan-source.ts';
import { predicatesOf } from '../query/predicates.ts';
import { holds } from '../query/row-source.ts';
import type { StoredRow } from '../rows/stored-row.ts';
import type { Execution, RowFrame, Work } from '../run/context.ts';
import { pace } from '../run/pace.ts';
import { compileExpression } from '../scalar/index.ts';
import type { Row, Value } from '../types.ts';
import { addTarget } from './bind-target.ts';
import { commands, type DataOutcome, type DataPlan } from './data-plan.ts';
import { type CompiledClause, compileClause } from './merge-clauses.ts';
import { compileOutput } from './output.ts';
import { type TableWriter, writerContext, writerFor } from './table-writer.ts';
import { findTarget } from './targets.ts';
import { answer } from './update.ts';
import { type Change, deleteRows, type FoundRows, insertRows, updateRows } from './write-rows.ts';

type Merge = DataStatement & { readonly kind: 'merge' };
type When = MergeClause['when'];

/** Where the changes of one statement are gathered before the first of them is made. */
type Gathered = {
  readonly updated: FoundRows & { readonly values: Value[][] };
  readonly deleted: FoundRows;
  readonly inserted: Value[][];
  /** In the order of the joined rows, for OUTPUT: which list, which place in it, and the FROM clause's rows. */
  readonly order: {
    readonly kind: CompiledClause['kind'];
    readonly at: number;
    readonly rows: readonly Row[];
  }[];
  identity: bigint | undefined;
};

export const compileMerge = (statement: Merge, outer: CompileContext): DataPlan => {
  const context =
    statement.with.length === 0 ? outer : bindCommonTables(statement.with, outer, statement.options);
  if (statement.top?.isPercent === true) throw new Refusal('TOP PERCENT in UPDATE and DELETE');
  const binding = new Binding(context, undefined);
  const { target, leaf, source } = bindMerge(statement, binding);
  const { slot } = leaf;
  const sourceSlots = slotsOf(source);
  const on = predicatesOf(statement.on, binding);
  const joined = planSource({ kind: 'join', type: 'full', left: leaf, right: source, on }, [], new Set(), {
    slot,
    isAlone: false,
  });
  const clauses = statement.clauses.map((clause) => compileClause(clause, target, slot, binding));
  const actionSlot = binding.newSlot();
  binding.addTable({ name: '', columns: [actionColumn], slot: actionSlot, isOptional: false });
  const output = compileOutput(statement.output, target.table, binding, { inserted: true, deleted: true });
  const top = compileTop(statement.top, new Binding(context, undefined), compileExpression);
  const assigned = new Set(
    clauses.flatMap((clause) => clause.assigned.map((ordinal) => target.table.columns[ordinal]?.id ?? 0)),
  );

  const whenOf = (frame: RowFrame): When => {
    if (frame.rows[slot]?.length === 0) return 'not-matched-by-target';
    const hasSource = sourceSlots.some((each) => (frame.rows[each]?.length ?? 0) > 0);
    return hasSource ? 'matched' : 'not-matched-by-source';
  };

  function* gather(execution: Execution, writer: TableWriter): Work<Gathered> {
    const frame: RowFrame = { runtime: execution, rows: [], outer: undefined };
    const most = top?.(execution)(Number.POSITIVE_INFINITY) ?? Number.POSITIVE_INFINITY;
    const gathered: Gathered = {
      updated: { rows: [], before: [], values: [] },
      deleted: { rows: [], before: [] },
      inserted: [],
      order: [],
      identity: undefined,
    };
    const seen = new Set<StoredRow>();
    let steps = 0;
    for (const isRow of joined.open(frame)) {
      if (!isRow || (++steps & 1023) === 0 || pace.isOverdue) yield;
      if (!isRow) continue;
      const when = whenOf(frame);
      const clause = clauses.find((each) => each.when === when && holds(each.and, frame));
      if (clause === undefined) continue;
      if (gathered.order.length >= most) break;
      const at = note(clause, frame, execution, writer, gathered, seen, slot);
      if (output === undefined) gathered.order.push({ kind: clause.kind, at, rows: [] });
      else gathered.order.push({ kind: clause.kind, at, rows: frame.rows.slice() });
    }
    return gathered;
  }

  function* run(execution: Execution): Work<DataOutcome> {
    const actual = target.resolve(execution);
    const writer = writerFor(actual, target.database, writerContext(execution));
    const gathered = yield* gather(execution, writer);
    // Keys that a statement gives up are free for the rows that it changes and adds.
    const deletions = yield* deleteRows(writer, gathered.deleted, execution);
    const updates = yield* updateRows(writer, gathered.updated, gathered.updated.values, assigned, execution);
    const inserted = yield* insertRows(writer, gathered.inserted, execution);
    if (output !== undefined) {
      const rowsOf: Record<
        CompiledClause['kind'],
        (at: number) => readonly [Row | undefined, Row | undefined]
      > = {
        insert: (at) => [inserted[at], undefined],
        update: (at) => [updates[0]?.inserted[at], gathered.updated.before[at]],
        delete: (at) => [undefined, gathered.deleted.before[at]],
      };
      for (const { kind, at, rows } of gathered.order) {
        const withAction = [...rows];
        withAction[actionSlot] = [kind.toUpperCase()];
        output.collect(execution, withAction, ...rowsOf[kind](at));
      }
    }
    const { result } = yield* answer(output, execution);
    const insertion: Change = {
      table: actual,
      database: target.database,
      event: 'insert',
      inserted,
      deleted: [],
      assigned: new Set(actual.columns.map((column) => column.id)),
    };
    // Triggers fire for the kinds of change that the statement names, also where no row was of that kind.
    const kinds = new Set(clauses.map((clause) => clause.kind));
    return {
      result,
      count: gathered.order.length,
      command: commands.merge,
      changes: [
        ...(kinds.has('insert') ? [insertion] : []),
        ...(kinds.has('update') ? updates : []),
        ...(kinds.has('delete') ? deletions : []),
      ],
      identity: gathered.identity,
    };
  }
  return { run };
};

const actionColumn = {
  name: '$action',
  type: { kind: 'nvarchar', length: 10 },
  isNullable: true,
} as const;

/** Puts what a clause does to a joined row where it belongs. Throws 8672 for a row of the target met twice. */
const note = (
  clause: CompiledClause,
  frame: RowFrame,
  execution: Execution,
  writer: TableWriter,
  gathered: Gathered,
  seen: Set<StoredRow>,
  slot: number,
): number => {
  if (clause.kind === 'insert') {
    const { row, identity } = clause.values(frame, writer);
    gathered.identity = identity ?? gathered.identity;
    return gathered.inserted.push(row) - 1;
  }
  const before = frame.rows[slot] ?? [];
  const stored = execution.targets.get(before);
  if (stored === undefined) throw new Error('a row of the target has no place');
  if (seen.has(stored)) throw metTwice();
  seen.add(stored);
  const found = clause.kind === 'update' ? gathered.updated : gathered.deleted;
  if (clause.kind === 'update') gathered.updated.values.push(clause.values(frame, writer).row);
  found.before.push(before);
  return found.rows.push(stored) - 1;
};

const metTwice = (): SqlError =>
  new SqlError(
    8672,
    'The MERGE statement attempted to UPDATE or DELETE the same row more than once. This happens when a target row matches more than one source row. A MERGE statement cannot UPDATE/DELETE the same row of the target table multiple times. Refine the ON clause to ensure a target row matches at most one source row, or use the GROUP BY clause to group the source rows.',
  );

const permissions = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;

const bindMerge = (statement: Merge, binding: Binding) => {
  const { context } = binding;
  const kinds = [...new Set(statement.clauses.map(({ action }) => action.kind))];
  const target = findTarget(statement.target, context, 'SELECT');
  for (const kind of kinds)
    if (context.checksAccess && statement.target.kind === 'table')
      context.accesses.push({
        permission: permissions[kind],
        database: target.database,
        object: target.table,
      });
  const leaf = addTarget(statement.target, target, statement.alias, binding);
  const source = bindFrom([statement.source], binding);
  if (source === undefined) throw new Error('USING names a table');
  for (const table of binding.tables) table.isOptional = true;
  return { target, leaf, source };
};
