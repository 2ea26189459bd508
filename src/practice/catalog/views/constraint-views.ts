/** Keys, foreign keys, defaults and checks. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type { Constraint, Database, Table } from '../../engine/model.ts';
import type { ReferentialAction } from '../../language/syntax.ts';
import { conditionDefinition, expressionDefinition } from '../definition-text.ts';
import { ofKind } from '../objects.ts';
import {
  bit,
  constants,
  defineView,
  definition,
  description,
  int,
  orNull,
  tinyint,
} from '../view-definition.ts';
import { objectColumns } from './object-views.ts';

const ofType = (...types: readonly Constraint['type'][]) =>
  function* (runtime: Runtime, database: Database): Generator<Constraint> {
    for (const constraint of ofKind('constraint')(runtime, database)) {
      if (types.includes(constraint.type)) yield constraint;
    }
  };

/** The definition of a check or default, as it is stored. */
export function constraintDefinition({ definition: written }: Constraint): string | null {
  if (written.kind === 'check') return conditionDefinition(written.condition);
  if (written.kind === 'default') return expressionDefinition(written.expression);
  return null;
}

type ForeignKey = Constraint & { readonly foreignKey: NonNullable<Constraint['foreignKey']> };

function* foreignKeys(runtime: Runtime, database: Database): Generator<ForeignKey> {
  for (const constraint of ofType('F')(runtime, database)) {
    const { foreignKey } = constraint;
    if (foreignKey !== undefined) yield { ...constraint, foreignKey };
  }
}

const actions: readonly ReferentialAction[] = ['no action', 'cascade', 'set null', 'set default'];
const actionCode = (action: ReferentialAction): number => actions.indexOf(action);
const actionName = (action: ReferentialAction): string => action.toUpperCase().replace(' ', '_');

/** The index of the referenced table that makes the referenced columns unique. */
function referencedIndexId({ foreignKey }: ForeignKey): number | null {
  const wanted = foreignKey.referencedColumnIds.toSorted((a, b) => a - b).join();
  const found = foreignKey.referencedTable.indexes.find(
    (index) =>
      index.isUnique &&
      index.columns
        .map((column) => column.columnId)
        .sort((a, b) => a - b)
        .join() === wanted,
  );
  return found?.id ?? null;
}

/** A check with one column belongs to it; one of the whole table has 0. */
function checkColumnId(constraint: Constraint): number {
  return constraint.columnId ?? 0;
}

export const constraintViews: readonly SystemView[] = [
  defineView(
    'sys.key_constraints',
    ofType('PK', 'UQ'),
  )([
    ...objectColumns<Constraint>(),
    orNull(int('unique_index_id', (constraint) => constraint.index?.id ?? null)),
    bit('is_system_named', (constraint) => constraint.isSystemNamed),
  ]),
  defineView(
    'sys.foreign_keys',
    foreignKeys,
  )([
    ...objectColumns<ForeignKey>(),
    orNull(int('referenced_object_id', ({ foreignKey }) => foreignKey.referencedTable.id)),
    orNull(int('key_index_id', referencedIndexId)),
    bit('is_disabled', (constraint) => constraint.isDisabled),
    ...constants(bit, 'is_not_for_replication=0'),
    bit('is_not_trusted', (constraint) => !constraint.isTrusted),
    orNull(tinyint('delete_referential_action', ({ foreignKey }) => actionCode(foreignKey.onDelete))),
    description('delete_referential_action_desc', ({ foreignKey }) => actionName(foreignKey.onDelete)),
    orNull(tinyint('update_referential_action', ({ foreignKey }) => actionCode(foreignKey.onUpdate))),
    description('update_referential_action_desc', ({ foreignKey }) => actionName(foreignKey.onUpdate)),
    bit('is_system_named', (constraint) => constraint.isSystemNamed),
  ]),
  defineView('sys.foreign_key_columns', function* (runtime, database) {
    for (const constraint of foreignKeys(runtime, database)) {
      const { columnIds, referencedColumnIds, referencedTable } = constraint.foreignKey;
      for (const [position, columnId] of columnIds.entries()) {
        yield {
          constraint,
          position: position + 1,
          columnId,
          referencedTable,
          referenced: referencedColumnIds[position] ?? 0,
        };
      }
    }
  })([
    int('constraint_object_id', ({ constraint }) => constraint.id),
    int('constraint_column_id', ({ position }) => position),
    int('parent_object_id', ({ constraint }) => constraint.parentId),
    int('parent_column_id', ({ columnId }) => columnId),
    int('referenced_object_id', ({ referencedTable }: { referencedTable: Table }) => referencedTable.id),
    int('referenced_column_id', ({ referenced }) => referenced),
  ]),
  defineView(
    'sys.default_constraints',
    ofType('D'),
  )([
    ...objectColumns<Constraint>(),
    int('parent_column_id', (constraint) => constraint.columnId ?? 0),
    orNull(definition('definition', constraintDefinition)),
    bit('is_system_named', (constraint) => constraint.isSystemNamed),
  ]),
  defineView(
    'sys.check_constraints',
    ofType('C'),
  )([
    ...objectColumns<Constraint>(),
    bit('is_disabled', (constraint) => constraint.isDisabled),
    ...constants(bit, 'is_not_for_replication=0'),
    bit('is_not_trusted', (constraint) => !constraint.isTrusted),
    int('parent_column_id', checkColumnId),
    orNull(definition('definition', constraintDefinition)),
    ...constants(bit, 'uses_database_collation=1'),
    bit('is_system_named', (constraint) => constraint.isSystemNamed),
  ]),
];
