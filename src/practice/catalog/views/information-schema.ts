/** INFORMATION_SCHEMA, the catalog views of the SQL standard. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type {
  Column,
  Constraint,
  Database,
  Procedure,
  ScalarFunction,
  Table,
  TableFunction,
  View,
} from '../../engine/model.ts';
import type { ResultColumn } from '../../engine/types.ts';
import { ofKind, visibleObjects } from '../objects.ts';
import {
  type CatalogColumn,
  datetime,
  datetimeOf,
  defineView,
  int,
  nvarchar,
  orNull,
  sysname,
  varchar,
} from '../view-definition.ts';
import { constraintDefinition } from './constraint-views.ts';
import { typeColumns } from './information-schema-types.ts';

type WithDatabase<Entity> = { readonly database: Database; readonly entity: Entity };

const within = <Entity>(source: (runtime: Runtime, database: Database) => Iterable<Entity>) =>
  function* (runtime: Runtime, database: Database): Generator<WithDatabase<Entity>> {
    for (const entity of source(runtime, database)) yield { database, entity };
  };

function* tablesAndViews(runtime: Runtime, database: Database): Generator<Table | View> {
  for (const object of visibleObjects(runtime, database)) {
    if (object.kind === 'table' || object.kind === 'view') yield object;
  }
}

type ColumnRow = {
  readonly database: Database;
  readonly table: Table | View;
  readonly position: number;
  readonly column: Pick<ResultColumn, 'name' | 'type' | 'isNullable'> & Partial<Pick<Column, 'default'>>;
};

function* columns(runtime: Runtime, database: Database): Generator<ColumnRow> {
  for (const table of tablesAndViews(runtime, database)) {
    if (table.kind === 'table') {
      // Positions are column ids; they keep the gaps that dropped columns leave.
      for (const column of table.columns) yield { database, table, position: column.id, column };
      continue;
    }
    for (const [index, column] of table.columns.entries()) {
      const name = table.columnNames?.[index] ?? column.name;
      yield { database, table, position: index + 1, column: { ...column, name } };
    }
  }
}

const constraintTypes = {
  PK: 'PRIMARY KEY',
  UQ: 'UNIQUE',
  F: 'FOREIGN KEY',
  C: 'CHECK',
  D: 'DEFAULT',
} as const;

type ConstraintRow = { readonly database: Database; readonly constraint: Constraint; readonly table: Table };

/** Defaults are no constraints in the standard. */
function* tableConstraints(runtime: Runtime, database: Database): Generator<ConstraintRow> {
  for (const constraint of ofKind('constraint')(runtime, database)) {
    const table = database.objects.get(constraint.parentId);
    if (constraint.type !== 'D' && table?.kind === 'table') yield { database, constraint, table };
  }
}

const constraintName = <Row extends ConstraintRow>(): readonly CatalogColumn<Row>[] => [
  nvarchar('CONSTRAINT_CATALOG', 128, ({ database }) => database.name),
  nvarchar('CONSTRAINT_SCHEMA', 128, ({ constraint }) => constraint.schema.name),
  sysname('CONSTRAINT_NAME', ({ constraint }) => constraint.name),
];
const tableName = <Row extends ConstraintRow>(): readonly CatalogColumn<Row>[] => [
  nvarchar('TABLE_CATALOG', 128, ({ database }) => database.name),
  nvarchar('TABLE_SCHEMA', 128, ({ table }) => table.schema.name),
  sysname('TABLE_NAME', ({ table }) => table.name),
];

type KeyRow = ConstraintRow & { readonly column: string; readonly position: number };

function* keyColumns(runtime: Runtime, database: Database): Generator<KeyRow> {
  for (const row of tableConstraints(runtime, database)) {
    const { index, foreignKey } = row.constraint;
    const ids = foreignKey?.columnIds ?? index?.columns.map((column) => column.columnId) ?? [];
    for (const [position, id] of ids.entries()) {
      const column = row.table.columns.find((entry) => entry.id === id)?.name ?? '';
      yield { ...row, column, position: position + 1 };
    }
  }
}

type Routine = Procedure | ScalarFunction | TableFunction;
function* routines(runtime: Runtime, database: Database): Generator<Routine> {
  for (const object of visibleObjects(runtime, database)) {
    if (object.kind === 'procedure' || object.kind === 'scalar-function' || object.kind === 'table-function')
      yield object;
  }
}

const refersTo = (database: Database, constraint: Constraint): Constraint | undefined => {
  const table = constraint.foreignKey?.referencedTable;
  const wanted = constraint.foreignKey?.referencedColumnIds.join();
  for (const object of database.objects.values()) {
    if (object.kind !== 'constraint' || object.parentId !== table?.id || object.index === undefined) continue;
    if (object.index.columns.map((column) => column.columnId).join() === wanted) return object;
  }
  return undefined;
};

export const informationSchema: readonly SystemView[] = [
  defineView('information_schema.SCHEMATA', (_runtime, database) =>
    [...database.schemas.values()].map((schema) => ({ database, schema })),
  )([
    nvarchar('CATALOG_NAME', 128, ({ database }) => database.name),
    nvarchar('SCHEMA_NAME', 128, ({ schema }) => schema.name),
    nvarchar('SCHEMA_OWNER', 128, ({ database, schema }) => {
      for (const principal of database.principals.values())
        if (principal.id === schema.ownerId) return principal.name;
      return null;
    }),
  ]),
  defineView(
    'information_schema.TABLES',
    within(tablesAndViews),
  )([
    nvarchar('TABLE_CATALOG', 128, ({ database }) => database.name),
    nvarchar('TABLE_SCHEMA', 128, ({ entity }) => entity.schema.name),
    sysname('TABLE_NAME', ({ entity }) => entity.name),
    varchar('TABLE_TYPE', 10, ({ entity }) => (entity.kind === 'view' ? 'VIEW' : 'BASE TABLE')),
  ]),
  defineView(
    'information_schema.VIEWS',
    within(ofKind('view')),
  )([
    nvarchar('TABLE_CATALOG', 128, ({ database }) => database.name),
    nvarchar('TABLE_SCHEMA', 128, ({ entity }) => entity.schema.name),
    sysname('TABLE_NAME', ({ entity }) => entity.name),
    orNull(
      nvarchar('VIEW_DEFINITION', 4000, ({ entity }) => (entity.text.length > 4000 ? null : entity.text)),
    ),
    varchar('CHECK_OPTION', 7, () => 'NONE'),
    varchar('IS_UPDATABLE', 2, () => 'NO'),
  ]),
  defineView(
    'information_schema.COLUMNS',
    columns,
  )([
    nvarchar('TABLE_CATALOG', 128, ({ database }) => database.name),
    nvarchar('TABLE_SCHEMA', 128, ({ table }) => table.schema.name),
    sysname('TABLE_NAME', ({ table }) => table.name),
    orNull(sysname('COLUMN_NAME', ({ column }) => column.name)),
    orNull(int('ORDINAL_POSITION', ({ position }) => position)),
    orNull(
      nvarchar('COLUMN_DEFAULT', 4000, ({ column }) =>
        column.default === undefined ? null : constraintDefinition(column.default),
      ),
    ),
    orNull(varchar('IS_NULLABLE', 3, ({ column }) => (column.isNullable ? 'YES' : 'NO'))),
    ...typeColumns<ColumnRow>(
      ({ column }) => column.type,
      ({ database }) => database.collation,
    ),
  ]),
  defineView(
    'information_schema.TABLE_CONSTRAINTS',
    tableConstraints,
  )([
    ...constraintName(),
    ...tableName(),
    varchar('CONSTRAINT_TYPE', 11, ({ constraint }) => constraintTypes[constraint.type]),
    varchar('IS_DEFERRABLE', 2, () => 'NO'),
    varchar('INITIALLY_DEFERRED', 2, () => 'NO'),
  ]),
  defineView(
    'information_schema.KEY_COLUMN_USAGE',
    keyColumns,
  )([
    ...constraintName<KeyRow>(),
    ...tableName<KeyRow>(),
    orNull(sysname('COLUMN_NAME', ({ column }) => column)),
    int('ORDINAL_POSITION', ({ position }) => position),
  ]),
  defineView(
    'information_schema.CONSTRAINT_COLUMN_USAGE',
    keyColumns,
  )([
    ...tableName<KeyRow>(),
    orNull(sysname('COLUMN_NAME', ({ column }) => column)),
    ...constraintName<KeyRow>(),
  ]),
  defineView('information_schema.CHECK_CONSTRAINTS', function* (runtime, database): Generator<ConstraintRow> {
    for (const row of tableConstraints(runtime, database)) if (row.constraint.type === 'C') yield row;
  })([
    ...constraintName(),
    orNull(nvarchar('CHECK_CLAUSE', 4000, ({ constraint }) => constraintDefinition(constraint))),
  ]),
  defineView('information_schema.REFERENTIAL_CONSTRAINTS', function* (runtime, database) {
    for (const row of tableConstraints(runtime, database)) {
      const { foreignKey } = row.constraint;
      if (foreignKey !== undefined) yield { ...row, foreignKey, unique: refersTo(database, row.constraint) };
    }
  })([
    ...constraintName(),
    orNull(
      nvarchar('UNIQUE_CONSTRAINT_CATALOG', 128, ({ database, unique }) =>
        unique === undefined ? null : database.name,
      ),
    ),
    orNull(nvarchar('UNIQUE_CONSTRAINT_SCHEMA', 128, ({ unique }) => unique?.schema.name ?? null)),
    orNull(sysname('UNIQUE_CONSTRAINT_NAME', ({ unique }) => unique?.name ?? null)),
    varchar('MATCH_OPTION', 7, () => 'SIMPLE'),
    varchar('UPDATE_RULE', 11, ({ foreignKey }) => foreignKey.onUpdate.toUpperCase()),
    varchar('DELETE_RULE', 11, ({ foreignKey }) => foreignKey.onDelete.toUpperCase()),
  ]),
  defineView(
    'information_schema.ROUTINES',
    within(routines),
  )([
    nvarchar('SPECIFIC_CATALOG', 128, ({ database }) => database.name),
    nvarchar('SPECIFIC_SCHEMA', 128, ({ entity }) => entity.schema.name),
    sysname('SPECIFIC_NAME', ({ entity }) => entity.name),
    nvarchar('ROUTINE_CATALOG', 128, ({ database }) => database.name),
    nvarchar('ROUTINE_SCHEMA', 128, ({ entity }) => entity.schema.name),
    sysname('ROUTINE_NAME', ({ entity }) => entity.name),
    nvarchar('ROUTINE_TYPE', 20, ({ entity }) => (entity.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION')),
    ...typeColumns<WithDatabase<Routine>>(
      ({ entity }) => (entity.kind === 'scalar-function' ? entity.returns : undefined),
      ({ database }) => database.collation,
    ),
    nvarchar('ROUTINE_BODY', 30, () => 'SQL'),
    orNull(nvarchar('ROUTINE_DEFINITION', 4000, ({ entity }) => entity.text.slice(0, 4000))),
    nvarchar('IS_DETERMINISTIC', 10, () => 'NO'),
    datetime('CREATED', ({ entity }) => datetimeOf(entity.createdAt)),
    datetime('LAST_ALTERED', ({ entity }) => datetimeOf(entity.modifiedAt)),
  ]),
];
