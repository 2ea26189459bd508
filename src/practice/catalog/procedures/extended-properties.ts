/** sp_addextendedproperty, sp_updateextendedproperty, sp_dropextendedproperty. */

import { type ProcedureInvocation, SqlError, type SystemProcedure } from '../../engine/extension.ts';
import { type ExtendedProperty, foldName } from '../../engine/model.ts';
import type { Value, Variant } from '../../engine/types.ts';
import { hasPermission } from '../permissions.ts';
import { type Levels, type PropertyPlace, placesOf, placeText } from './extended-property-levels.ts';
import { invalidParameter, nameArgument, textArgument } from './procedure-arguments.ts';

const levelParameters = [0, 1, 2].flatMap((level) => [`level${level}type?`, `level${level}name?`]);

const levelsOf = (invocation: ProcedureInvocation): Levels => {
  const level = (index: number) => ({
    type: textArgument(invocation, `level${index}type`),
    name: textArgument(invocation, `level${index}name`),
  });
  return [level(0), level(1), level(2)];
};

/** The one place that the levels name. Throws 15600 for half a level, 15135 when it is not there. */
function placeFor(invocation: ProcedureInvocation, procedure: string): PropertyPlace {
  const levels = levelsOf(invocation);
  let isEnded = false;
  for (const { type, name } of levels) {
    if ((type === undefined) !== (name === undefined) || (isEnded && type !== undefined))
      throw invalidParameter(procedure);
    isEnded ||= type === undefined;
  }
  const { database, session } = invocation.runtime;
  const [place] = placesOf(database, levels);
  const may =
    place !== undefined &&
    hasPermission(
      session,
      database,
      'ALTER',
      place.object === undefined ? { kind: 'database' } : { kind: 'object', object: place.object },
    );
  if (place === undefined || !may) {
    throw new SqlError(
      15135,
      `Object is invalid. Extended properties are not permitted on '${placeText(levels)}', or the object does not exist.`,
    );
  }
  return place;
}

const isAt =
  (place: PropertyPlace, name: string) =>
  (property: ExtendedProperty): boolean =>
    property.class === place.class &&
    property.majorId === place.majorId &&
    property.minorId === place.minorId &&
    foldName(property.name) === foldName(name);

/** The value with its type, as sql_variant keeps it. */
function propertyValue({ arguments: given }: ProcedureInvocation): Value {
  const argument = given.get('VALUE');
  if (argument === undefined || argument.value === null) return null;
  return argument.type.kind === 'sql_variant'
    ? argument.value
    : { type: argument.type, value: argument.value as Variant['value'] };
}

const missing = (name: string, levels: Levels): SqlError =>
  new SqlError(
    15217,
    `Property cannot be updated or deleted. Property '${name}' does not exist for '${placeText(levels)}'.`,
  );

const add: SystemProcedure = {
  name: 'sp_addextendedproperty',
  parameters: ['name', 'value?', ...levelParameters],
  execute: async (invocation) => {
    const name = nameArgument(invocation, 'sp_addextendedproperty', 'name');
    const place = placeFor(invocation, 'sp_addextendedproperty');
    const { extendedProperties } = invocation.runtime.database;
    if (extendedProperties.some(isAt(place, name))) {
      throw new SqlError(
        15233,
        `Property cannot be added. Property '${name}' already exists for '${placeText(levelsOf(invocation))}'.`,
      );
    }
    const added: ExtendedProperty = {
      class: place.class,
      majorId: place.majorId,
      minorId: place.minorId,
      name,
      value: propertyValue(invocation),
    };
    extendedProperties.push(added);
    invocation.undo(() => {
      extendedProperties.splice(extendedProperties.indexOf(added), 1);
    });
    return 0;
  },
};

const update: SystemProcedure = {
  name: 'sp_updateextendedproperty',
  parameters: ['name', 'value?', ...levelParameters],
  execute: async (invocation) => {
    const name = nameArgument(invocation, 'sp_updateextendedproperty', 'name');
    const place = placeFor(invocation, 'sp_updateextendedproperty');
    const property = invocation.runtime.database.extendedProperties.find(isAt(place, name));
    if (property === undefined) throw missing(name, levelsOf(invocation));
    const before = property.value;
    property.value = propertyValue(invocation);
    invocation.undo(() => {
      property.value = before;
    });
    return 0;
  },
};

const drop: SystemProcedure = {
  name: 'sp_dropextendedproperty',
  parameters: ['name', ...levelParameters],
  execute: async (invocation) => {
    const name = nameArgument(invocation, 'sp_dropextendedproperty', 'name');
    const place = placeFor(invocation, 'sp_dropextendedproperty');
    const { extendedProperties } = invocation.runtime.database;
    const index = extendedProperties.findIndex(isAt(place, name));
    const [removed] = index < 0 ? [] : extendedProperties.splice(index, 1);
    if (removed === undefined) throw missing(name, levelsOf(invocation));
    invocation.undo(() => {
      extendedProperties.splice(index, 0, removed);
    });
    return 0;
  },
};

export const extendedPropertyProcedures: readonly SystemProcedure[] = [add, update, drop];
