/** WITH SCHEMABINDING: modules that hold on to what they name. */

import { SqlError } from '../extension.ts';
import { type Column, type Database, foldName, type SchemaObject } from '../model.ts';

/** The schema-bound modules that name the object, with two parts as they must. */
export const boundModules = (object: SchemaObject, database: Database): readonly SchemaObject[] =>
  [...database.objects.values()].filter(
    (module) =>
      module !== object && 'isSchemaBound' in module && module.isSchemaBound && names(module, object),
  );

/** Those of them that name the column as well. */
export const modulesBoundTo = (
  object: SchemaObject,
  column: Column,
  database: Database,
): readonly SchemaObject[] =>
  boundModules(object, database).filter((module) =>
    someNode(bodyOf(module), (node) => {
      const { parts } = node as { readonly parts?: unknown };
      return Array.isArray(parts) && foldName(String(parts.at(-1))) === foldName(column.name);
    }),
  );

/** Throws 3729 for an object that a schema-bound module names. */
export const requireUnbound = (object: SchemaObject, database: Database, name: string): void => {
  const [module] = boundModules(object, database);
  if (module === undefined) return;
  throw new SqlError(
    3729,
    `Cannot DROP ${object.kind.replace(/^.*-/, '').toUpperCase()} '${name}' because it is being referenced by object '${module.name}'.`,
  );
};

const bodyOf = (module: SchemaObject): unknown =>
  module.kind === 'scalar-function' ? module.body : 'query' in module ? module.query : undefined;

const names = (module: SchemaObject, object: SchemaObject): boolean =>
  someNode(bodyOf(module), (node) => {
    const { name, schema } = node as { readonly name?: unknown; readonly schema?: unknown };
    return (
      typeof name === 'string' &&
      typeof schema === 'string' &&
      foldName(name) === foldName(object.name) &&
      foldName(schema) === foldName(object.schema.name)
    );
  });

const someNode = (node: unknown, test: (node: object) => boolean): boolean => {
  if (typeof node !== 'object' || node === null) return false;
  if (test(node)) return true;
  return Object.values(node).some((part) => someNode(part, test));
};
