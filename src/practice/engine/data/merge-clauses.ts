/** The WHEN clauses of MERGE. */

import type { MergeClause } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { assignmentOf, type VariableAssignment } from '../query/assignments.ts';
import { Binding } from '../query/binding.ts';
import { predicatesOf } from '../query/predicates.ts';
import type { Predicate } from '../query/row-source.ts';
import type { RowFrame } from '../run/context.ts';
import { compileExpression, storeConverter } from '../scalar/index.ts';
import type { Value } from '../types.ts';
import { assignedTwice, wrongWidth } from './data-errors.ts';
import { newRow } from './insert.ts';
import { insertColumns } from './insert-columns.ts';
import type { TableWriter } from './table-writer.ts';
import type { Target } from './targets.ts';
import { compileSetter } from './update.ts';

/** What a clause makes of a joined row: new values of the target's row, a new row, or nothing for a deletion. */
export type CompiledClause = {
  readonly when: MergeClause['when'];
  readonly and: readonly Predicate[];
  readonly kind: MergeClause['action']['kind'];
  values(
    frame: RowFrame,
    writer: TableWriter,
  ): { readonly row: Value[]; readonly identity: bigint | undefined };
  readonly assigned: readonly number[];
};

/** A scope of some of the statement's tables, in which an unknown name is an error at once. */
const scopeOf = (binding: Binding, has: (slot: number) => boolean): Binding => {
  const scope = new Binding({ ...binding.context, unbound: undefined }, undefined);
  for (const table of binding.tables) if (has(table.slot)) scope.addTable(table);
  return scope;
};

export const compileClause = (
  clause: MergeClause,
  target: Target,
  slot: number,
  binding: Binding,
): CompiledClause => {
  const { when, action } = clause;
  const compile = (scope: Binding): CompiledClause => {
    const and = predicatesOf(clause.and, scope);
    if (action.kind === 'delete')
      return { when, and, kind: 'delete', values: () => ({ row: [], identity: undefined }), assigned: [] };
    return action.kind === 'update'
      ? { when, and, kind: 'update', ...compileUpdate(action, target, slot, scope) }
      : { when, and, kind: 'insert', ...compileInsert(action, target, scope) };
  };
  if (when === 'matched') return compile(binding);
  // WHEN NOT MATCHED has no row of the target, BY SOURCE none of the source.
  const isOfTarget = when === 'not-matched-by-source';
  let unknown: SqlError;
  try {
    return compile(scopeOf(binding, (each) => (each === slot) === isOfTarget));
  } catch (problem) {
    if (!isUnknownName(problem)) throw problem;
    unknown = problem;
  }
  try {
    compile(scopeOf(binding, () => true));
  } catch (problem) {
    if (!isUnknownName(problem)) throw problem;
    return compile(binding);
  }
  throw outOfReach(unknown, isOfTarget);
};

const isUnknownName = (problem: unknown): problem is SqlError =>
  problem instanceof SqlError && (problem.number === 4104 || problem.number === 207);

/** A name that another clause of the statement may use. */
const outOfReach = (unknown: SqlError, isOfTarget: boolean): SqlError => {
  const name = /["'](.*)["']/.exec(unknown.message)?.[1] ?? '';
  const [number, side, clause] = isOfTarget
    ? ([5334, 'target', 'WHEN NOT MATCHED BY SOURCE'] as const)
    : ([5333, 'source', 'WHEN NOT MATCHED'] as const);
  return new SqlError(
    number,
    `The identifier '${name}' cannot be bound. Only ${side} columns and columns in the clause scope are allowed in the '${clause}' clause of a MERGE statement.`,
    15,
    2,
  );
};

const compileUpdate = (
  { set }: Extract<MergeClause['action'], { kind: 'update' }>,
  target: Target,
  slot: number,
  scope: Binding,
): Pick<CompiledClause, 'values' | 'assigned'> => {
  const assignments: VariableAssignment[] = [];
  const setters = set.flatMap((item) => {
    if (item.kind === 'column') return [compileSetter(item, target.table, scope, assignments)];
    assignments.push(assignmentOf(item, scope));
    return [];
  });
  const assigned = setters.map(({ ordinal }) => ordinal);
  const twice = assigned.find((ordinal, i) => assigned.indexOf(ordinal) !== i);
  if (twice !== undefined) {
    throw assignedTwice(target.table.columns[twice]?.name);
  }
  return {
    assigned,
    values(frame, writer) {
      const row = [...(frame.rows[slot] ?? [])];
      for (const { ordinal, value } of setters)
        row[ordinal] =
          value === undefined ? (writer.rules[ordinal]?.fallback?.(frame) ?? null) : value(frame);
      for (const assign of assignments) assign(frame);
      return { row, identity: undefined };
    },
  };
};

const compileInsert = (
  action: Extract<MergeClause['action'], { kind: 'insert' }>,
  target: Target,
  scope: Binding,
): Pick<CompiledClause, 'values' | 'assigned'> => {
  const { ordinals, problem } = insertColumns(action, target, scope.context);
  const cells = action.source.kind === 'values' ? (action.source.rows[0] ?? []) : [];
  if (action.source.kind === 'values' && cells.length !== ordinals.length) {
    throw wrongWidth(ordinals.length, cells.length, 'values');
  }
  const values = cells.map((cell, i) => {
    if (cell.kind === 'default') return undefined;
    const compiled = compileExpression(cell, scope);
    const type = target.table.columns[ordinals[i] ?? -1]?.type ?? ({ kind: 'null' } as const);
    const store = storeConverter(compiled.type, type, scope.session);
    return (frame: RowFrame): Value => store(compiled.evaluate(frame));
  });
  return {
    assigned: [],
    values(frame, writer) {
      if (problem !== undefined) throw problem;
      return newRow(
        writer,
        ordinals,
        values.map((value) => value?.(frame)),
        frame,
      );
    },
  };
};
