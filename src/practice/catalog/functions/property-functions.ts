/** COLUMNPROPERTY, OBJECTPROPERTY(EX), INDEXPROPERTY, INDEX_COL. */

import type { BuiltinFunction, Runtime } from '../../engine/extension.ts';
import { type Column, foldName, type Index, type SchemaObject, type Table } from '../../engine/model.ts';
import { resolveType } from '../../engine/scalar/index.ts';
import type { SqlType, Value } from '../../engine/types.ts';
import { locate, objectById, objectType } from '../objects.ts';
import { hasPermission } from '../permissions.ts';
import { systemObjectById, systemSchemaId } from '../system-objects.ts';
import { facetsOf, isCharacterType } from '../system-types.ts';
import { variantInt, variantText } from '../view-definition.ts';
import {
  flag,
  INT,
  metadataFunction,
  NAME,
  numberOf,
  property,
  TEXT,
  textOf,
  VARIANT,
} from './metadata-function.ts';

type ColumnFacts = {
  readonly name: string;
  readonly id: number;
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly column: Column | undefined;
  readonly isOutput: boolean | null;
};

/** A column of a table or view, or a parameter of a routine. */
function columnFacts(object: SchemaObject, name: string, runtime: Runtime): ColumnFacts | undefined {
  const wanted = foldName(name);
  if (object.kind === 'table') {
    const column = object.columns.find((entry) => foldName(entry.name) === wanted);
    return column === undefined ? undefined : { ...column, column, isOutput: null };
  }
  if (object.kind === 'view' || object.kind === 'table-function') {
    const names = object.kind === 'view' ? object.columnNames : undefined;
    const index = object.columns.findIndex((entry, at) => foldName(names?.[at] ?? entry.name) === wanted);
    const found = object.columns[index];
    if (found !== undefined) return { ...found, id: index + 1, column: undefined, isOutput: null };
  }
  if (!('parameters' in object)) return undefined;
  const index = object.parameters.findIndex((entry) => foldName(entry.name) === wanted);
  const parameter = object.parameters[index];
  if (parameter === undefined) return undefined;
  const type = resolveType(parameter.type, runtime.database);
  return { name, id: index + 1, type, isNullable: true, column: undefined, isOutput: parameter.isOutput };
}

const isSized = (type: SqlType): boolean =>
  isCharacterType(type) || ['binary', 'varbinary', 'image'].includes(type.kind);

const columnProperty = property<ColumnFacts, number | null>({
  AllowsNull: (column) => flag(column.isNullable),
  ColumnId: (column) => column.id,
  Ordinal: (column) => column.id,
  IsComputed: (column) => flag(column.column?.computed !== undefined),
  IsIdentity: (column) => flag(column.column?.isIdentity === true),
  IsIdNotForRepl: () => 0,
  IsRowGuidCol: (column) => flag(column.column?.isRowGuid === true),
  IsOutParam: (column) => (column.isOutput === null ? null : flag(column.isOutput)),
  IsCursorType: (column) => (column.isOutput === null ? null : 0),
  IsSparse: () => 0,
  IsColumnSet: () => 0,
  IsFulltextIndexed: () => 0,
  IsHidden: () => 0,
  GeneratedAlwaysType: () => 0,
  Precision: ({ type }) => {
    if (!isSized(type)) return facetsOf(type).precision;
    return type.length === 'max' ? -1 : (type.length ?? facetsOf(type).maxLength);
  },
  Scale: ({ type }) => (isSized(type) ? null : facetsOf(type).scale),
  CharMaxLen: ({ type }) => (isSized(type) ? (type.length === 'max' ? -1 : (type.length ?? null)) : null),
  UsesAnsiTrim: ({ type }) => (isSized(type) ? 1 : null),
});

const isConstraint = (type: 'PK' | 'UQ' | 'C' | 'D' | 'F') => (object: SchemaObject) =>
  flag(object.kind === 'constraint' && object.type === type);
const isKind =
  (...kinds: readonly SchemaObject['kind'][]) =>
  (object: SchemaObject) =>
    flag(kinds.includes(object.kind));

/** A property of tables: NULL for anything else. */
const ofTable =
  (read: (table: Table) => boolean | number) =>
  (object: SchemaObject): number | null => {
    if (object.kind !== 'table') return null;
    const value = read(object);
    return typeof value === 'number' ? value : flag(value);
  };
const hasConstraint = (type: 'PK' | 'UQ' | 'C' | 'D' | 'F') =>
  ofTable((table) => table.constraints.some((constraint) => constraint.type === type));
const ofTrigger =
  (read: (trigger: Extract<SchemaObject, { kind: 'trigger' }>) => boolean) => (object: SchemaObject) =>
    object.kind === 'trigger' ? flag(read(object)) : null;
const hasTrigger = (event: 'insert' | 'update' | 'delete') =>
  ofTable((table) => table.triggers.some((trigger) => trigger.events.includes(event)));

const objectProperty = property<SchemaObject, number | null>({
  IsTable: isKind('table'),
  IsUserTable: isKind('table'),
  IsSystemTable: () => 0,
  IsView: isKind('view'),
  IsProcedure: isKind('procedure'),
  IsExtendedProc: () => 0,
  IsTrigger: isKind('trigger'),
  IsScalarFunction: isKind('scalar-function'),
  IsInlineFunction: isKind('table-function'),
  IsTableFunction: isKind('table-function'),
  IsConstraint: isKind('constraint'),
  IsPrimaryKey: isConstraint('PK'),
  IsUniqueCnst: isConstraint('UQ'),
  IsCheckCnst: isConstraint('C'),
  IsDefaultCnst: isConstraint('D'),
  IsForeignKey: isConstraint('F'),
  IsDefault: () => 0,
  IsRule: () => 0,
  IsMSShipped: () => 0,
  IsExecuted: isKind('procedure', 'view', 'trigger', 'scalar-function', 'table-function'),
  IsEncrypted: (object) => ('text' in object ? 0 : null),
  IsSchemaBound: (object) => (object.kind === 'view' || object.kind === 'scalar-function' ? 0 : null),
  IsQuotedIdentOn: (object) => ('text' in object || object.kind === 'table' ? 1 : null),
  IsAnsiNullsOn: (object) => ('text' in object || object.kind === 'table' ? 1 : null),
  ExecIsQuotedIdentOn: (object) => ('text' in object ? 1 : null),
  ExecIsAnsiNullsOn: (object) => ('text' in object ? 1 : null),
  ExecIsStartup: (object) => (object.kind === 'procedure' ? 0 : null),
  ExecIsTriggerDisabled: ofTrigger((trigger) => trigger.isDisabled),
  ExecIsAfterTrigger: ofTrigger((trigger) => trigger.timing === 'after'),
  ExecIsInsteadOfTrigger: ofTrigger((trigger) => trigger.timing === 'instead-of'),
  ExecIsInsertTrigger: ofTrigger((trigger) => trigger.events.includes('insert')),
  ExecIsUpdateTrigger: ofTrigger((trigger) => trigger.events.includes('update')),
  ExecIsDeleteTrigger: ofTrigger((trigger) => trigger.events.includes('delete')),
  CnstIsDisabled: (object) => (object.kind === 'constraint' ? flag(object.isDisabled) : null),
  CnstIsNotTrusted: (object) => (object.kind === 'constraint' ? flag(!object.isTrusted) : null),
  CnstIsNotRepl: (object) => (object.kind === 'constraint' ? 0 : null),
  CnstIsColumn: (object) => (object.kind === 'constraint' ? flag(object.columnId !== undefined) : null),
  CnstIsClustKey: (object) =>
    object.kind === 'constraint' ? flag(object.index?.isClustered === true) : null,
  CnstIsNonclustKey: (object) =>
    object.kind === 'constraint' ? flag(object.index?.isClustered === false) : null,
  CnstIsDeleteCascade: (object) =>
    object.kind === 'constraint' ? flag(object.foreignKey?.onDelete === 'cascade') : null,
  CnstIsUpdateCascade: (object) =>
    object.kind === 'constraint' ? flag(object.foreignKey?.onUpdate === 'cascade') : null,
  IsIndexed: ofTable((table) => table.indexes.length > 0),
  IsIndexable: (object) =>
    object.kind === 'table' || object.kind === 'view' ? flag(object.kind === 'table') : null,
  TableHasPrimaryKey: hasConstraint('PK'),
  TableHasUniqueCnst: hasConstraint('UQ'),
  TableHasCheckCnst: hasConstraint('C'),
  TableHasDefaultCnst: hasConstraint('D'),
  TableHasForeignKey: hasConstraint('F'),
  TableHasIdentity: ofTable((table) => table.identity !== undefined),
  TableHasIndex: ofTable((table) => table.indexes.length > 0),
  TableHasClustIndex: ofTable((table) => table.indexes.some((index) => index.isClustered)),
  TableHasNonclustIndex: ofTable((table) => table.indexes.some((index) => !index.isClustered)),
  TableHasTimestamp: ofTable((table) => table.columns.some(({ type }) => type.kind === 'rowversion')),
  TableHasRowGuidCol: ofTable((table) => table.columns.some((column) => column.isRowGuid)),
  TableHasTextImage: ofTable((table) =>
    table.columns.some(({ type }) => ['text', 'ntext', 'image'].includes(type.kind)),
  ),
  TableHasDeleteTrigger: hasTrigger('delete'),
  TableHasInsertTrigger: hasTrigger('insert'),
  TableHasUpdateTrigger: hasTrigger('update'),
  TableHasVarDecimalStorageFormat: ofTable(() => false),
  TableHasActiveFulltextIndex: ofTable(() => false),
  TableIsFake: ofTable(() => false),
  TableIsPinned: ofTable(() => false),
  OwnerId: (object) => object.schema.ownerId,
  SchemaId: (object) => object.schema.id,
});

const systemProperty = property<NonNullable<ReturnType<typeof systemObjectById>>, number>({
  IsMSShipped: () => 1,
  IsView: (object) => flag(object.code === 'V'),
  IsProcedure: (object) => flag(object.code === 'P'),
  IsTable: () => 0,
  IsUserTable: () => 0,
  SchemaId: systemSchemaId,
});

/** What OBJECTPROPERTYEX knows beyond OBJECTPROPERTY. */
const extendedProperty = property<SchemaObject, Value>({
  BaseType: (object) => ({ type: { kind: 'char', length: 2 }, value: objectType(object)[0].padEnd(2) }),
  Cardinality: (object) =>
    object.kind === 'table' ? { type: { kind: 'bigint' }, value: BigInt(object.storage.rowCount) } : null,
  SystemDataAccess: () => null,
  UserDataAccess: () => null,
  IsPrecise: () => null,
});

const indexProperty = property<Index, number | null>({
  IndexID: (index) => index.id,
  IsUnique: (index) => flag(index.isUnique),
  IsClustered: (index) => flag(index.isClustered),
  IsDisabled: (index) => flag(index.isDisabled),
  IsAutoStatistics: () => 0,
  IsStatistics: () => 0,
  IsHypothetical: () => 0,
  IsFulltextKey: () => 0,
  IsColumnstore: () => 0,
  IsPadIndex: (index) => flag(index.options.pad_index === true),
  IndexFillFactor: (index) => Number(index.options.fillfactor ?? 0),
  IndexDepth: () => 1,
  IsPageLockDisallowed: (index) => flag(index.options.allow_page_locks === false),
  IsRowLockDisallowed: (index) => flag(index.options.allow_row_locks === false),
});

const tableById = (runtime: Runtime, id: number): Table | undefined => {
  const object = objectById(runtime, id);
  return object?.kind === 'table' ? object : undefined;
};

export const propertyFunctions: readonly BuiltinFunction[] = [
  metadataFunction('COLUMNPROPERTY', [INT, NAME, TEXT], INT, ([id, name, asked], runtime) => {
    const object = objectById(runtime, numberOf(id));
    const facts = object === undefined ? undefined : columnFacts(object, textOf(name), runtime);
    return facts === undefined ? null : (columnProperty(textOf(asked))?.(facts) ?? null);
  }),
  metadataFunction('OBJECTPROPERTY', [INT, TEXT], INT, ([id, asked], runtime) => {
    const object = objectById(runtime, numberOf(id));
    if (object !== undefined) return objectProperty(textOf(asked))?.(object) ?? null;
    const system = systemObjectById(numberOf(id));
    return system === undefined ? null : (systemProperty(textOf(asked))?.(system) ?? null);
  }),
  metadataFunction('OBJECTPROPERTYEX', [INT, TEXT], VARIANT, ([id, asked], runtime) => {
    const object = objectById(runtime, numberOf(id));
    if (object === undefined) return null;
    const extended = extendedProperty(textOf(asked));
    if (extended !== undefined) return extended(object);
    const value = objectProperty(textOf(asked))?.(object) ?? null;
    return value === null ? null : variantInt(value);
  }),
  metadataFunction('INDEXPROPERTY', [INT, NAME, TEXT], INT, ([id, name, asked], runtime) => {
    const index = tableById(runtime, numberOf(id))?.indexes.find(
      (entry) => foldName(entry.name) === foldName(textOf(name)),
    );
    return index === undefined ? null : (indexProperty(textOf(asked))?.(index) ?? null);
  }),
  metadataFunction('INDEXKEY_PROPERTY', [INT, INT, INT, TEXT], INT, ([id, indexId, key, asked], runtime) => {
    const index = tableById(runtime, numberOf(id))?.indexes.find((entry) => entry.id === numberOf(indexId));
    const column = index?.columns[numberOf(key) - 1];
    if (column === undefined) return null;
    const wanted = textOf(asked).toLowerCase();
    return wanted === 'columnid'
      ? column.columnId
      : wanted === 'isdescending'
        ? flag(column.descending)
        : null;
  }),
  metadataFunction('INDEX_COL', [TEXT, INT, INT], NAME, ([name, indexId, key], runtime) => {
    const table = locate(textOf(name), runtime)?.object;
    if (table?.kind !== 'table') return null;
    const index = table.indexes.find((entry) => entry.id === numberOf(indexId));
    const columnId = index?.columns[numberOf(key) - 1]?.columnId;
    return table.columns.find((column) => column.id === columnId)?.name ?? null;
  }),
  metadataFunction('SESSIONPROPERTY', [TEXT], VARIANT, ([asked], { session }) => {
    const option = textOf(asked).toLowerCase();
    const known = [
      'ansi_nulls',
      'ansi_padding',
      'ansi_warnings',
      'arithabort',
      'concat_null_yields_null',
      'numeric_roundabort',
      'quoted_identifier',
    ];
    return known.includes(option) ? variantInt(flag(session.options.has(option))) : null;
  }),
  metadataFunction('CONNECTIONPROPERTY', [TEXT], VARIANT, ([asked], { session, database }) => {
    switch (textOf(asked).toLowerCase()) {
      case 'net_transport':
        return variantText('TCP');
      case 'protocol_type':
        return variantText('TSQL');
      case 'auth_scheme':
        return variantText('SQL');
      case 'client_net_address':
      case 'local_net_address':
        return hasPermission(session, database, 'VIEW SERVER STATE', { kind: 'server' })
          ? variantText('127.0.0.1')
          : null;
      default:
        return null;
    }
  }),
];
