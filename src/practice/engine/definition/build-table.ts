/** Builds a table with its columns, constraints and indexes from its definition; shows it to nobody yet. */

import type { ColumnDefinition, ConstraintDefinition, TableDefinition } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { type Column, type Database, foldName, type Schema, type Table } from '../model.ts';
import { Binding } from '../query/binding.ts';
import type { CompileContext } from '../query/compile-context.ts';
import { columnsOfTable } from '../query/table-names.ts';
import { TableRows } from '../rows/table-rows.ts';
import { compileExpression, resolveType, unknownType } from '../scalar/index.ts';
import type { SqlType } from '../types.ts';
import { addConstraint } from './constraints.ts';
import { addIndex } from './indexes.ts';

export type BuildPlace = {
  readonly context: CompileContext;
  readonly database: Database;
  readonly schema: Schema | undefined;
  /** A table variable: its constraints have no names that others could meet. */
  readonly isVariable: boolean;
};

/** Undo steps of a change; a table that nobody sees needs none. */
export type Undo = (step: () => void) => void;
const noUndo: Undo = () => undefined;

export const buildTable = (
  name: string,
  definition: TableDefinition,
  place: BuildPlace,
): { readonly table: Table } => {
  const { database, schema } = place;
  if (schema === undefined)
    throw new SqlError(
      2760,
      'The specified schema name either does not exist or you do not have permission to use it.',
    );
  const now = new Date();
  const table: Table = {
    kind: 'table',
    name,
    id: place.isVariable ? 0 : database.next.object++,
    schema,
    createdAt: now,
    modifiedAt: now,
    parentId: 0,
    columns: [],
    nextColumnId: 1,
    nextIndexId: 2,
    indexes: [],
    constraints: [],
    triggers: [],
    identity: undefined,
    storage: new TableRows(),
  };
  const keyColumns = primaryKeyColumns(definition);
  for (const column of definition.columns) addColumn(table, column, place, keyColumns);
  for (const column of definition.columns) {
    for (const constraint of column.constraints)
      addConstraint(table, constraint, place, noUndo, column.name.text);
  }
  for (const constraint of definition.constraints) addConstraint(table, constraint, place, noUndo);
  for (const index of definition.indexes) addIndex(table, index, place.context, database, noUndo);
  return { table };
};

const primaryKeyColumns = (definition: TableDefinition): ReadonlySet<string> => {
  const keys: (ConstraintDefinition & { readonly kind: 'primary-key' | 'unique' })[] = [];
  for (const constraint of [
    ...definition.constraints,
    ...definition.columns.flatMap((column) => column.constraints),
  ]) {
    if (constraint.kind === 'primary-key') keys.push(constraint as (typeof keys)[number]);
  }
  const inline = definition.columns
    .filter((column) => column.constraints.some((constraint) => constraint.kind === 'primary-key'))
    .map((column) => foldName(column.name.text));
  return new Set([...keys.flatMap((key) => key.columns.map((column) => foldName(column.name))), ...inline]);
};

/** Adds a column at the end; its constraints are added by the caller. Throws 2705, 2715, 2749, 2744, 8147. */
export const addColumn = (
  table: Table,
  definition: ColumnDefinition,
  place: BuildPlace,
  keyColumns: ReadonlySet<string>,
  isAlteration = false,
): Column => {
  const name = definition.name.text;
  const folded = foldName(name);
  if (table.columns.some((column) => foldName(column.name) === folded)) {
    throw new SqlError(
      2705,
      `Column names in each table must be unique. Column name '${name}' in table '${table.name}' is specified more than once.`,
      16,
      isAlteration ? 4 : 3,
    );
  }
  const type = columnType(table, definition, place);
  const isRowversion = type.kind === 'rowversion';
  if (isRowversion && table.columns.some((column) => column.type.kind === 'rowversion')) {
    throw new SqlError(
      2738,
      `A table can only have one timestamp column. Because table '${table.name}' already has one, the column '${name}' cannot be added.`,
      16,
      2,
    );
  }
  const isKey = keyColumns.has(folded);
  if (isKey && definition.isNullable === true) {
    throw new SqlError(
      8111,
      `Cannot define PRIMARY KEY constraint on nullable column in table '${table.name}'.`,
    );
  }
  const isIdentity = definition.identity !== undefined;
  const computedNullable = definition.computed !== undefined && !isKey;
  const column: Column = {
    name,
    id: table.nextColumnId++,
    type,
    declaredType: definition.type?.name ?? '',
    isNullable: isKey || isIdentity ? false : (definition.isNullable ?? (computedNullable || !isRowversion)),
    isIdentity,
    isRowGuid: definition.isRowGuid,
    default: undefined,
    computed: definition.computed,
  };
  if (definition.identity !== undefined) {
    if (table.identity !== undefined) {
      throw new SqlError(
        2744,
        `Multiple identity columns specified for table '${table.name}'. Only one identity column per table is allowed.`,
        16,
        2,
      );
    }
    const isWhole =
      ['tinyint', 'smallint', 'int', 'bigint'].includes(type.kind) ||
      ((type.kind === 'numeric' || type.kind === 'decimal') && (type.scale ?? 0) === 0);
    if (!isWhole) {
      throw new SqlError(
        2749,
        `Identity column '${name}' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.`,
        16,
        2,
      );
    }
    if (definition.isNullable === true) {
      throw new SqlError(
        8147,
        `Could not create IDENTITY attribute on nullable column '${name}', table '${table.name}'.`,
      );
    }
    table.identity = {
      columnId: column.id,
      seed: definition.identity.seed,
      increment: definition.identity.increment,
      last: undefined,
    };
  }
  table.columns.push(column);
  return column;
};

const columnType = (table: Table, definition: ColumnDefinition, place: BuildPlace): SqlType => {
  if (definition.computed !== undefined) {
    const binding = new Binding(place.context, undefined);
    binding.addTable({
      name: table.name,
      columns: columnsOfTable(table),
      slot: binding.newSlot(),
      isOptional: false,
    });
    return compileExpression(definition.computed.expression, binding).type;
  }
  if (definition.type === undefined) {
    throw new SqlError(
      173,
      `The definition for column '${definition.name.text}' must include a data type.`,
      15,
    );
  }
  try {
    return withCollation(
      resolveType(definition.type, place.database),
      definition.collation ?? place.database.collation,
    );
  } catch (problem) {
    if (problem instanceof SqlError && problem.number === 243) {
      throw unknownType(definition.type, { index: table.columns.length + 1, name: definition.name.text });
    }
    throw problem;
  }
};

/** A character column always has a collation. */
export const withCollation = (type: SqlType, collation: string): SqlType =>
  ['char', 'varchar', 'nchar', 'nvarchar', 'text', 'ntext'].includes(type.kind)
    ? { ...type, collation }
    : type;
