/** What the levels of an extended property name: `SCHEMA dbo, TABLE t, COLUMN a`. */

import { SqlError } from '../../engine/extension.ts';
import { type Database, foldName, type SchemaObject } from '../../engine/model.ts';

export type Level = { readonly type: string | undefined; readonly name: string | undefined };
export type Levels = readonly [Level, Level, Level];

/** Where a property is kept: class, major and minor id of sys.extended_properties. */
export type PropertyPlace = {
  readonly class: number;
  readonly majorId: number;
  readonly minorId: number;
  /** The object to alter; undefined for the database itself. */
  readonly object: SchemaObject | undefined;
  /** As fn_listextendedproperty shows it. */
  readonly type: string | undefined;
  readonly name: string | undefined;
};

const level1Kinds: Readonly<Record<string, readonly SchemaObject['kind'][]>> = {
  TABLE: ['table'],
  VIEW: ['view'],
  PROCEDURE: ['procedure'],
  FUNCTION: ['scalar-function', 'table-function'],
  SYNONYM: ['synonym'],
};

const matches = (name: string, wanted: string | undefined): boolean =>
  wanted === undefined || foldName(name) === foldName(wanted);

/** Every place that the levels name; a level without a name stands for all of its type. Throws 15600 for types that do not fit. */
export function* placesOf(database: Database, [first, second, third]: Levels): Generator<PropertyPlace> {
  const type = first.type?.toUpperCase();
  if (type === undefined) {
    yield { class: 0, majorId: 0, minorId: 0, object: undefined, type: undefined, name: undefined };
    return;
  }
  if (type === 'USER' && second.type === undefined) {
    for (const principal of database.principals.values()) {
      if (principal.type !== 'R' && matches(principal.name, first.name)) {
        yield { class: 4, majorId: principal.id, minorId: 0, object: undefined, type, name: principal.name };
      }
    }
    return;
  }
  // USER before a level 1 is the old word for SCHEMA.
  if (type !== 'SCHEMA' && type !== 'USER') throw invalidLevel();
  for (const schema of database.schemas.values()) {
    if (!matches(schema.name, first.name)) continue;
    if (second.type === undefined) {
      yield { class: 3, majorId: schema.id, minorId: 0, object: undefined, type, name: schema.name };
      continue;
    }
    const level1 = second.type.toUpperCase();
    const kinds = level1Kinds[level1];
    if (kinds === undefined) throw invalidLevel();
    for (const object of schema.objects.values()) {
      if (!kinds.includes(object.kind) || !matches(object.name, second.name)) continue;
      if (third.type === undefined) {
        yield { class: 1, majorId: object.id, minorId: 0, object, type: level1, name: object.name };
      } else {
        yield* partsOf(object, third.type.toUpperCase(), third.name);
      }
    }
  }
}

function* partsOf(object: SchemaObject, type: string, name: string | undefined): Generator<PropertyPlace> {
  const place = (
    entry: { readonly name: string },
    at: Pick<PropertyPlace, 'class' | 'majorId' | 'minorId'>,
  ) => ({
    ...at,
    object,
    type,
    name: entry.name,
  });
  switch (type) {
    case 'COLUMN': {
      if (object.kind !== 'table' && object.kind !== 'view') return;
      for (const [index, column] of object.columns.entries()) {
        const minorId = 'id' in column && typeof column.id === 'number' ? column.id : index + 1;
        if (matches(column.name, name)) yield place(column, { class: 1, majorId: object.id, minorId });
      }
      return;
    }
    case 'INDEX': {
      if (object.kind !== 'table') return;
      for (const index of object.indexes) {
        if (matches(index.name, name))
          yield place(index, { class: 7, majorId: object.id, minorId: index.id });
      }
      return;
    }
    case 'CONSTRAINT':
    case 'TRIGGER': {
      if (object.kind !== 'table') return;
      for (const part of type === 'TRIGGER' ? object.triggers : object.constraints) {
        if (matches(part.name, name)) yield place(part, { class: 1, majorId: part.id, minorId: 0 });
      }
      return;
    }
    case 'PARAMETER': {
      if (!('parameters' in object)) return;
      for (const [index, parameter] of object.parameters.entries()) {
        if (matches(parameter.name, name))
          yield place(parameter, { class: 2, majorId: object.id, minorId: index + 1 });
      }
      return;
    }
    default:
      throw invalidLevel();
  }
}

const invalidLevel = (): SqlError =>
  new SqlError(
    15600,
    "An invalid parameter or option was specified for procedure 'sp_addextendedproperty'.",
    15,
  );

/** `dbo.t.a`, as messages name the place. */
export const placeText = (levels: Levels): string => {
  const names = levels.map((level) => level.name).filter((name) => name !== undefined);
  return names.length === 0 ? 'object specified' : names.join('.');
};
