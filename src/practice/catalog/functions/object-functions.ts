/** Names and ids of objects, schemas, columns and types. */

import type { BuiltinFunction, Runtime } from '../../engine/extension.ts';
import { foldName, type SchemaObject, type Table } from '../../engine/model.ts';
import { locate, objectById, objectType, splitName } from '../objects.ts';
import { type SystemObject, systemObject, systemObjectById } from '../system-objects.ts';
import { facetsOf, typesOf } from '../system-types.ts';
import { constraintDefinition } from '../views/constraint-views.ts';
import {
  IDENTITY_NUMBER,
  INT,
  metadataFunction,
  NAME,
  numberOf,
  runtimeFunction,
  SMALLINT,
  TEXT,
  textOf,
} from './metadata-function.ts';

/** A view or procedure of the system by a written name; procedures need no schema. */
export function locateSystemObject(text: string): SystemObject | undefined {
  const [name = '', schema = ''] = (splitName(text) ?? []).toReversed();
  if (schema !== '') return systemObject(schema, name) ?? systemProcedure(schema, name);
  const found = systemObject('sys', name);
  return found?.code === 'P' ? found : undefined;
}

/** master.dbo.xp_fixeddrives: the procedures of master show under dbo as well. */
const systemProcedure = (schema: string, name: string): SystemObject | undefined => {
  const found = foldName(schema) === 'DBO' ? systemObject('sys', name) : undefined;
  return found?.code === 'P' ? found : undefined;
};

function objectId(text: string, type: string | undefined, runtime: Runtime): number | null {
  const object = locate(text, runtime)?.object;
  const system = object === undefined ? locateSystemObject(text) : undefined;
  const code = object === undefined ? system?.code : objectType(object)[0];
  if (code === undefined || (type !== undefined && code !== type.trim().toUpperCase())) return null;
  return object?.id ?? system?.id ?? null;
}

/** The table that IDENT_CURRENT and its kin name. */
const tableNamed = (text: string, runtime: Runtime): Table | undefined => {
  const object = locate(text, runtime)?.object;
  return object?.kind === 'table' ? object : undefined;
};

/** Columns of tables, views, inline functions and system views, by position and name. */
function columnsOfObject(object: SchemaObject | SystemObject | undefined): readonly {
  readonly name: string;
  readonly id: number;
  readonly type: Table['columns'][number]['type'];
}[] {
  if (object === undefined) return [];
  if ('view' in object) {
    return (object.view?.columns ?? []).map((column, index) => ({ ...column, id: index + 1 }));
  }
  if (object.kind === 'table') return object.columns;
  if (object.kind !== 'view' && object.kind !== 'table-function') return [];
  const names = object.kind === 'view' ? object.columnNames : undefined;
  return object.columns.map((column, index) => ({
    name: names?.[index] ?? column.name,
    id: index + 1,
    type: column.type,
  }));
}

const typeNamed = (text: string, runtime: Runtime) => {
  const name = (splitName(text) ?? []).at(-1) ?? '';
  // 'rowversion' is the parser's other word for timestamp and no type of its own here.
  const wanted = foldName(name);
  return typesOf(runtime.database).find((row) => foldName(row.name) === wanted);
};

export const objectFunctions: readonly BuiltinFunction[] = [
  metadataFunction(
    'OBJECT_ID',
    [TEXT, TEXT],
    INT,
    ([name, type], runtime) => objectId(textOf(name), type === undefined ? undefined : textOf(type), runtime),
    { optional: 1 },
  ),
  metadataFunction(
    'OBJECT_NAME',
    [INT, INT],
    NAME,
    ([id, database], runtime) =>
      objectById(runtime, numberOf(id), database === undefined ? undefined : numberOf(database))?.name ??
      systemObjectById(numberOf(id))?.name ??
      null,
    { optional: 1 },
  ),
  metadataFunction(
    'OBJECT_SCHEMA_NAME',
    [INT, INT],
    NAME,
    ([id, database], runtime) =>
      objectById(runtime, numberOf(id), database === undefined ? undefined : numberOf(database))?.schema
        .name ??
      systemObjectById(numberOf(id))?.schema ??
      null,
    { optional: 1 },
  ),
  metadataFunction('OBJECT_DEFINITION', [INT], { kind: 'nvarchar', length: 'max' }, ([id], runtime) => {
    const object = objectById(runtime, numberOf(id));
    if (object === undefined) return null;
    if (object.kind === 'constraint') return constraintDefinition(object);
    return 'text' in object ? object.text : null;
  }),
  metadataFunction(
    'SCHEMA_ID',
    [NAME],
    INT,
    ([name], { database, session }) =>
      database.schemas.get(
        foldName(name === undefined ? (session.user.defaultSchema ?? 'dbo') : textOf(name)),
      )?.id ?? null,
    { optional: 1 },
  ),
  metadataFunction(
    'SCHEMA_NAME',
    [INT],
    NAME,
    ([id], { database, session }) => {
      if (id === undefined) return session.user.defaultSchema ?? 'dbo';
      for (const schema of database.schemas.values()) if (schema.id === numberOf(id)) return schema.name;
      return null;
    },
    { optional: 1 },
  ),
  metadataFunction('COL_LENGTH', [TEXT, TEXT], SMALLINT, ([table, column], runtime) => {
    const object = locate(textOf(table), runtime)?.object ?? locateSystemObject(textOf(table));
    const found = columnsOfObject(object).find((entry) => foldName(entry.name) === foldName(textOf(column)));
    return found === undefined ? null : facetsOf(found.type).maxLength;
  }),
  metadataFunction('COL_NAME', [INT, INT], NAME, ([table, column], runtime) => {
    const object = objectById(runtime, numberOf(table)) ?? systemObjectById(numberOf(table));
    return columnsOfObject(object).find((entry) => entry.id === numberOf(column))?.name ?? null;
  }),
  metadataFunction(
    'TYPE_ID',
    [TEXT],
    INT,
    ([name], runtime) => typeNamed(textOf(name), runtime)?.userTypeId ?? null,
  ),
  metadataFunction(
    'TYPE_NAME',
    [INT],
    NAME,
    ([id], runtime) => typesOf(runtime.database).find((row) => row.userTypeId === numberOf(id))?.name ?? null,
  ),
  metadataFunction('TYPEPROPERTY', [TEXT, TEXT], INT, ([name, asked], runtime) => {
    const row = typeNamed(textOf(name), runtime);
    if (row === undefined) return null;
    switch (textOf(asked).toLowerCase()) {
      case 'allowsnull':
        return row.isNullable ? 1 : 0;
      case 'precision':
        return row.precision === 0 ? row.maxLength : row.precision;
      case 'scale':
        return row.precision === 0 ? null : row.scale;
      case 'ownerid':
        return row.schemaId;
      default:
        return null;
    }
  }),
  metadataFunction('IDENT_CURRENT', [TEXT], IDENTITY_NUMBER, ([name], runtime) => {
    const identity = tableNamed(textOf(name), runtime)?.identity;
    return identity === undefined ? null : (identity.last ?? identity.seed);
  }),
  metadataFunction(
    'IDENT_SEED',
    [TEXT],
    IDENTITY_NUMBER,
    ([name], runtime) => tableNamed(textOf(name), runtime)?.identity?.seed ?? null,
  ),
  metadataFunction(
    'IDENT_INCR',
    [TEXT],
    IDENTITY_NUMBER,
    ([name], runtime) => tableNamed(textOf(name), runtime)?.identity?.increment ?? null,
  ),
  metadataFunction('PARSENAME', [TEXT, INT], NAME, ([name, part]) => {
    const parts = splitName(textOf(name));
    const found = parts?.toReversed()[numberOf(part) - 1];
    return found === undefined || found === '' || found.length > 128 ? null : found;
  }),
  runtimeFunction('@@MAX_PRECISION', { kind: 'tinyint' }, () => 38),
];
