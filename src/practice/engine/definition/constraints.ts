/** Constraints of a table: keys, checks, defaults, foreign keys. */

import type { Condition, ConstraintDefinition, Expression } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { type Column, type Constraint, foldName, type Table } from '../model.ts';
import { Binding } from '../query/binding.ts';
import { findObject } from '../query/objects.ts';
import { partsOf } from '../query/syntax-walk.ts';
import { columnsOfTable } from '../query/table-names.ts';
import { moduleContext } from '../query/views.ts';
import { withConstraintFailure } from '../run/several-errors.ts';
import { compileCondition, compileExpression, converter } from '../scalar/index.ts';
import type { BuildPlace, Undo } from './build-table.ts';
import { addIndex } from './indexes.ts';

const prefixes = {
  'primary-key': 'PK',
  unique: 'UQ',
  check: 'CK',
  default: 'DF',
  'foreign-key': 'FK',
} as const;
const types = { 'primary-key': 'PK', unique: 'UQ', check: 'C', default: 'D', 'foreign-key': 'F' } as const;

const columnOf = (table: Table, name: string): Column => {
  const column = table.columns.find((candidate) => foldName(candidate.name) === foldName(name));
  if (column === undefined) {
    throw new SqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
  }
  return column;
};

/** Adds the constraint to the table, with its index where it has one. `column`: the column it was written with. */
export const addConstraint = (
  ...[table, definition, place, undo, column]: Parameters<typeof buildConstraint>
): Constraint => withConstraintFailure(() => buildConstraint(table, definition, place, undo, column));

const buildConstraint = (
  table: Table,
  definition: ConstraintDefinition,
  place: BuildPlace,
  undo: Undo,
  column?: string,
): Constraint => {
  const { database } = place;
  const { schema } = table;
  const id = place.isVariable ? 0 : database.next.object++;
  const isSystemNamed = definition.name === undefined;
  const name = definition.name ?? systemName(prefixes[definition.kind], table, column, id);
  const taken = schema.objects.get(foldName(name));
  if (
    !place.isVariable &&
    (taken !== undefined || table.constraints.some((other) => foldName(other.name) === foldName(name)))
  ) {
    throw new SqlError(2714, `There is already an object named '${name}' in the database.`, 16, 5);
  }
  const now = new Date();
  const base = {
    kind: 'constraint' as const,
    name,
    id,
    schema,
    createdAt: now,
    modifiedAt: now,
    parentId: table.id,
    type: types[definition.kind],
    isSystemNamed,
    isDisabled: false,
    isTrusted: true,
    definition,
  };
  const constraint = makeConstraint(table, definition, base, place, undo, column);
  table.constraints.push(constraint);
  undo(() => {
    table.constraints.splice(table.constraints.indexOf(constraint), 1);
  });
  return constraint;
};

const makeConstraint = (
  table: Table,
  definition: ConstraintDefinition,
  base: Constraint,
  place: BuildPlace,
  undo: Undo,
  column: string | undefined,
): Constraint => {
  const { context, database } = place;
  switch (definition.kind) {
    case 'primary-key':
    case 'unique': {
      const isPrimary = definition.kind === 'primary-key';
      if (isPrimary && table.constraints.some((other) => other.type === 'PK')) {
        throw new SqlError(1779, `Table '${table.name}' already has a primary key defined on it.`, 16, 0);
      }
      const columns =
        definition.columns.length > 0 ? definition.columns : [{ name: column ?? '', descending: false }];
      for (const key of columns) {
        if (isPrimary && columnOf(table, key.name).isNullable) {
          throw new SqlError(
            8111,
            `Cannot define PRIMARY KEY constraint on nullable column in table '${table.name}'.`,
          );
        }
      }
      const hasClustered = table.indexes.some((index) => index.isClustered);
      const index = addIndex(
        table,
        {
          name: base.name,
          isUnique: true,
          isClustered: definition.isClustered ?? (isPrimary && !hasClustered),
          columns,
          include: [],
          options: {},
        },
        context,
        database,
        undo,
        definition.kind,
      );
      return { ...base, index };
    }
    case 'check': {
      const binding = tableBinding(table, place);
      compileCondition(definition.condition, binding);
      const names = new Set(columnNames(definition.condition).map(foldName));
      const other = [...names].find((name) => column !== undefined && name !== foldName(column));
      if (column !== undefined && other !== undefined) {
        throw new SqlError(
          8141,
          `Column CHECK constraint for column '${column}' references another column, table '${table.name}'.`,
          16,
          0,
        );
      }
      const [only] = names;
      const columnId =
        names.size === 1 && only !== undefined
          ? table.columns.find((c) => foldName(c.name) === only)?.id
          : undefined;
      return columnId === undefined ? base : { ...base, columnId };
    }
    case 'default': {
      const target = columnOf(table, definition.column ?? column ?? '');
      if (target.default !== undefined) {
        throw new SqlError(1781, 'Column already has a DEFAULT bound to it.', 16, 1);
      }
      if (target.isIdentity) {
        throw new SqlError(
          1754,
          `Defaults cannot be created on columns with an IDENTITY attribute. Table '${table.name}', column '${target.name}'.`,
          16,
          0,
        );
      }
      if (target.type.kind === 'rowversion') {
        throw new SqlError(
          1755,
          `Defaults cannot be created on columns of data type timestamp. Table '${table.name}', column '${target.name}'.`,
          16,
          0,
        );
      }
      const [named] = columnNames(definition.expression);
      if (named !== undefined) throw noNameHere(named);
      const compiled = compileExpression(
        definition.expression,
        new Binding(moduleContext(context, database, table.schema), undefined),
      );
      converter(compiled.type, target.type, { explicit: false });
      const made = { ...base, definition, columnId: target.id };
      target.default = made;
      undo(() => {
        target.default = undefined;
      });
      return made;
    }
    case 'foreign-key':
      return { ...base, foreignKey: resolveForeignKey(table, definition, place, base.name, column) };
  }
};

/** Names of the columns in a condition or expression, subqueries left out. */
export const columnNames = (node: Condition | Expression): string[] => {
  if (node.kind === 'column') return [node.parts.at(-1) ?? ''];
  return [...partsOf(node)].flatMap(columnNames);
};

export const tableBinding = (
  table: Table,
  { context, database }: Pick<BuildPlace, 'context' | 'database'>,
): Binding => {
  const binding = new Binding(moduleContext(context, database, table.schema), undefined);
  binding.addTable({
    name: table.name,
    columns: columnsOfTable(table),
    slot: binding.newSlot(),
    isOptional: false,
  });
  return binding;
};

const systemName = (prefix: string, table: Table, column: string | undefined, id: number): string => {
  const hex = (id >>> 0).toString(16).toUpperCase().padStart(8, '0');
  const tableName = table.name.replace(/^[#@]+/, '').slice(0, 9);
  if (prefix === 'PK' || prefix === 'UQ') return `${prefix}__${tableName}__${hex.padStart(16, '0')}`;
  return column === undefined
    ? `${prefix}__${tableName}__${hex}`
    : `${prefix}__${tableName}__${column.slice(0, 5)}__${hex}`;
};

const resolveForeignKey = (
  table: Table,
  definition: ConstraintDefinition & { readonly kind: 'foreign-key' },
  place: BuildPlace,
  name: string,
  column: string | undefined,
): NonNullable<Constraint['foreignKey']> => {
  const written = definition.references;
  const isSelf =
    foldName(written.name) === foldName(table.name) &&
    (written.schema === undefined || foldName(written.schema) === foldName(table.schema.name));
  const found = isSelf ? { object: table, database: place.database } : findObject(written, place.context);
  if (found?.object.kind !== 'table') {
    throw new SqlError(
      1767,
      `Foreign key '${name}' references invalid table '${written.schema === undefined ? '' : `${written.schema}.`}${written.name}'.`,
      16,
      0,
    );
  }
  if (found.database !== place.database) {
    throw new SqlError(
      1763,
      `Cross-database foreign key references are not supported. Foreign key '${written.name}'.`,
      16,
      0,
    );
  }
  const referenced = found.object;
  const columns = definition.columns.length > 0 ? definition.columns : [column ?? ''];
  const own = columns.map((columnName) => {
    const ownColumn = table.columns.find((candidate) => foldName(candidate.name) === foldName(columnName));
    if (ownColumn === undefined) {
      throw new SqlError(
        1769,
        `Foreign key '${name}' references invalid column '${columnName}' in referencing table '${table.name}'.`,
      );
    }
    return ownColumn;
  });
  const primary = referenced.constraints.find((constraint) => constraint.type === 'PK')?.index;
  const targets: Column[] =
    definition.referencedColumns.length > 0
      ? definition.referencedColumns.map((columnName) => {
          const target = referenced.columns.find(
            (candidate) => foldName(candidate.name) === foldName(columnName),
          );
          if (target === undefined) {
            throw new SqlError(
              1770,
              `Foreign key '${name}' references invalid column '${columnName}' in referenced table '${referenced.name}'.`,
              16,
              0,
            );
          }
          return target;
        })
      : (primary?.columns ?? []).flatMap(({ columnId }) =>
          referenced.columns.filter((candidate) => candidate.id === columnId),
        );
  if (definition.referencedColumns.length === 0 && primary === undefined) {
    throw new SqlError(
      1773,
      `Foreign key '${name}' has implicit reference to object '${referenced.schema.name}.${referenced.name}' which does not have a primary key defined on it.`,
      16,
      0,
    );
  }
  if (targets.length !== own.length) {
    throw new SqlError(
      8139,
      `Number of referencing columns in foreign key differs from number of referenced columns, table '${table.name}'.`,
      16,
      0,
    );
  }
  const targetIds = new Set(targets.map((target) => target.id));
  const isKey = referenced.indexes.some(
    (index) =>
      index.isUnique &&
      index.filter === undefined &&
      index.columns.length === targetIds.size &&
      index.columns.every(({ columnId }) => targetIds.has(columnId)),
  );
  if (!isKey) {
    throw new SqlError(
      1776,
      `There are no primary or candidate keys in the referenced table '${referenced.schema.name}.${referenced.name}' that match the referencing column list in the foreign key '${name}'.`,
      16,
      0,
    );
  }
  own.forEach((ownColumn, i) => {
    const target = targets[i];
    if (target === undefined) return;
    const family = (kind: string): string => (kind === 'decimal' ? 'numeric' : kind);
    const isText = ['char', 'varchar', 'nchar', 'nvarchar'];
    const isSame =
      family(ownColumn.type.kind) === family(target.type.kind) &&
      (isText.includes(target.type.kind) ||
        (ownColumn.type.length === target.type.length &&
          ownColumn.type.precision === target.type.precision &&
          ownColumn.type.scale === target.type.scale));
    if (!isSame) {
      throw new SqlError(
        1778,
        `Column '${referenced.schema.name}.${referenced.name}.${target.name}' is not the same data type as referencing column '${table.name}.${ownColumn.name}' in foreign key '${name}'.`,
        16,
        0,
      );
    }
  });
  return {
    columnIds: own.map((ownColumn) => ownColumn.id),
    referencedTable: referenced,
    referencedColumnIds: targets.map((target) => target.id),
    onDelete: definition.onDelete,
    onUpdate: definition.onUpdate,
  };
};

const noNameHere = (name: string): SqlError =>
  new SqlError(
    128,
    `The name "${name}" is not permitted in this context. Valid expressions are constants, constant expressions, and (in some contexts) variables. Column names are not permitted.`,
    15,
  );
