/** Columns, their types, and the parameters of routines. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type { Column, Database, Table } from '../../engine/model.ts';
import { resolveType } from '../../engine/scalar/index.ts';
import type { SqlType, Value } from '../../engine/types.ts';
import type { Parameter } from '../../language/syntax.ts';
import { expressionDefinition } from '../definition-text.ts';
import { visibleObjects } from '../objects.ts';
import { systemObjects } from '../system-objects.ts';
import {
  facetsOf,
  isCharacterType,
  systemTypeId,
  type TypeRow,
  typesOf,
  userTypeId,
} from '../system-types.ts';
import {
  bit,
  type CatalogColumn,
  constants,
  defineView,
  definition,
  int,
  orNull,
  smallint,
  sysname,
  tinyint,
  variant,
} from '../view-definition.ts';

/** A column of a table, or of what a view or inline function returns. */
type ColumnRow = {
  readonly objectId: number;
  readonly name: string;
  readonly columnId: number;
  readonly type: SqlType;
  readonly userTypeId: number;
  readonly collation: string | null;
  readonly isNullable: boolean;
  /** Where it is a table's own column. */
  readonly column: Column | undefined;
  readonly table: Table | undefined;
};

const collationOf = (type: SqlType, database: Database): string | null =>
  isCharacterType(type) ? (type.collation ?? database.collation) : null;

function* tableColumns(table: Table, database: Database): Generator<ColumnRow> {
  for (const column of table.columns) {
    yield {
      objectId: table.id,
      name: column.name,
      columnId: column.id,
      type: column.type,
      userTypeId: userTypeId(column, database),
      collation: collationOf(column.type, database),
      isNullable: column.isNullable,
      column,
      table,
    };
  }
}

function* columnsOf(runtime: Runtime, database: Database): Generator<ColumnRow> {
  for (const object of visibleObjects(runtime, database)) {
    if (object.kind === 'table') yield* tableColumns(object, database);
    if (object.kind !== 'view' && object.kind !== 'table-function') continue;
    for (const [index, { name, type, isNullable }] of object.columns.entries()) {
      yield {
        objectId: object.id,
        name: (object.kind === 'view' ? object.columnNames?.[index] : undefined) ?? name,
        columnId: index + 1,
        type,
        userTypeId: systemTypeId(type),
        collation: collationOf(type, database),
        isNullable,
        column: undefined,
        table: undefined,
      };
    }
  }
}

function* systemColumns(database: Database): Generator<ColumnRow> {
  for (const object of systemObjects()) {
    for (const [index, { name, type, isNullable }] of (object.view?.columns ?? []).entries()) {
      yield {
        objectId: object.id,
        name,
        columnId: index + 1,
        type,
        userTypeId: systemTypeId(type),
        collation: collationOf(type, database),
        isNullable,
        column: undefined,
        table: undefined,
      };
    }
  }
}

const firstColumns: readonly CatalogColumn<ColumnRow>[] = [
  int('object_id', (row) => row.objectId),
  orNull(sysname('name', (row) => (row.name === '' ? null : row.name))),
  int('column_id', (row) => row.columnId),
  tinyint('system_type_id', (row) => systemTypeId(row.type)),
  int('user_type_id', (row) => row.userTypeId),
  smallint('max_length', (row) => facetsOf(row.type).maxLength),
  tinyint('precision', (row) => facetsOf(row.type).precision),
  tinyint('scale', (row) => facetsOf(row.type).scale),
  orNull(sysname('collation_name', (row) => row.collation)),
  orNull(bit('is_nullable', (row) => row.isNullable)),
  bit(
    'is_ansi_padded',
    (row) => isCharacterType(row.type) || row.type.kind === 'binary' || row.type.kind === 'varbinary',
  ),
  bit('is_rowguidcol', (row) => row.column?.isRowGuid ?? false),
  bit('is_identity', (row) => row.column?.isIdentity ?? false),
];
const isComputed = bit<ColumnRow>('is_computed', (row) => row.column?.computed !== undefined);
const middleColumns: readonly CatalogColumn<ColumnRow>[] = [
  ...constants<ColumnRow>(
    bit,
    'is_filestream=0 is_replicated=0 is_non_sql_subscribed=0 is_merge_published=0 is_dts_replicated=0 is_xml_document=0',
  ),
  ...constants<ColumnRow>(int, 'xml_collection_id=0'),
  int('default_object_id', (row) => row.column?.default?.id ?? 0),
  ...constants<ColumnRow>(int, 'rule_object_id=0'),
];
const lastColumns: readonly CatalogColumn<ColumnRow>[] = constants(bit, 'is_sparse=0 is_column_set=0');
const allColumns = [...firstColumns, isComputed, ...middleColumns, ...lastColumns];

function* ofTables(
  runtime: Runtime,
  database: Database,
): Generator<ColumnRow & { column: Column; table: Table }> {
  for (const row of columnsOf(runtime, database)) {
    const { column, table } = row;
    if (column !== undefined && table !== undefined) yield { ...row, column, table };
  }
}

/** An identity's number in the type of its column, as sys.identity_columns shows it. */
const identityValue = (value: bigint | undefined, type: SqlType): Value => {
  if (value === undefined) return null;
  if (type.kind === 'bigint') return { type, value };
  if (type.kind === 'numeric' || type.kind === 'decimal') {
    return { type, value: value * 10n ** BigInt(type.scale ?? 0) };
  }
  return { type, value: Number(value) };
};

type ParameterRow = {
  readonly objectId: number;
  readonly id: number;
  readonly name: string;
  readonly type: SqlType;
  readonly parameter: Parameter | undefined;
};

function* parametersOf(runtime: Runtime, database: Database): Generator<ParameterRow> {
  for (const object of visibleObjects(runtime, database)) {
    if (!('parameters' in object)) continue;
    if (object.kind === 'scalar-function') {
      // The result counts as a parameter without a name.
      yield { objectId: object.id, id: 0, name: '', type: object.returns, parameter: undefined };
    }
    for (const [index, parameter] of object.parameters.entries()) {
      const type = resolveType(parameter.type, database);
      yield { objectId: object.id, id: index + 1, name: parameter.name, type, parameter };
    }
  }
}

export const columnViews: readonly SystemView[] = [
  defineView('sys.columns', columnsOf)(allColumns),
  defineView('sys.all_columns', function* (runtime, database) {
    yield* columnsOf(runtime, database);
    yield* systemColumns(database);
  })(allColumns),
  defineView('sys.computed_columns', function* (runtime, database) {
    for (const row of ofTables(runtime, database)) {
      const { computed } = row.column;
      if (computed !== undefined) yield { ...row, computed };
    }
  })([
    ...firstColumns,
    ...middleColumns,
    definition('definition', ({ computed }) => expressionDefinition(computed.expression)),
    ...constants(bit, 'uses_database_collation=1'),
    bit('is_persisted', ({ computed }) => computed.isPersisted),
    isComputed,
    ...lastColumns,
  ]),
  defineView('sys.identity_columns', function* (runtime, database) {
    for (const row of ofTables(runtime, database)) {
      const { identity } = row.table;
      if (row.column.isIdentity && identity !== undefined) yield { ...row, identity };
    }
  })([
    ...firstColumns,
    ...middleColumns,
    orNull(variant('seed_value', ({ identity, type }) => identityValue(identity.seed, type))),
    orNull(variant('increment_value', ({ identity, type }) => identityValue(identity.increment, type))),
    orNull(variant('last_value', ({ identity, type }) => identityValue(identity.last, type))),
    orNull(bit('is_not_for_replication', () => false)),
    isComputed,
    ...lastColumns,
  ]),
  defineView('sys.types', function* (_runtime, database): Generator<TypeRow & { collation: string | null }> {
    for (const row of typesOf(database)) {
      yield { ...row, collation: row.hasCollation ? database.collation : null };
    }
  })([
    sysname('name', (row) => row.name),
    tinyint('system_type_id', (row) => row.systemTypeId),
    int('user_type_id', (row) => row.userTypeId),
    int('schema_id', (row) => row.schemaId),
    ...constants(int, 'principal_id=null'),
    smallint('max_length', (row) => row.maxLength),
    tinyint('precision', (row) => row.precision),
    tinyint('scale', (row) => row.scale),
    orNull(sysname('collation_name', (row) => row.collation)),
    orNull(bit('is_nullable', (row) => row.isNullable)),
    bit('is_user_defined', (row) => row.isUserDefined),
    ...constants(bit, 'is_assembly_type=0'),
    ...constants(int, 'default_object_id=0 rule_object_id=0'),
    ...constants(bit, 'is_table_type=0'),
  ]),
  defineView(
    'sys.parameters',
    parametersOf,
  )([
    int('object_id', (row) => row.objectId),
    orNull(sysname('name', (row) => row.name)),
    int('parameter_id', (row) => row.id),
    tinyint('system_type_id', (row) => systemTypeId(row.type)),
    int('user_type_id', (row) => (row.parameter?.type.name === 'sysname' ? 256 : systemTypeId(row.type))),
    smallint('max_length', (row) => facetsOf(row.type).maxLength),
    tinyint('precision', (row) => facetsOf(row.type).precision),
    tinyint('scale', (row) => facetsOf(row.type).scale),
    bit('is_output', (row) => row.parameter?.isOutput ?? true),
    // SQL Server fills the default of CLR routines only.
    ...constants(bit, 'is_cursor_ref=0 has_default_value=0 is_xml_document=0'),
    orNull(variant('default_value', () => null)),
    ...constants(int, 'xml_collection_id=0'),
    bit('is_readonly', (row) => row.parameter?.isReadOnly ?? false),
  ]),
];
