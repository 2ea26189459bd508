/** Describing a metadata function: its parameters' types, its result, and how to find the answer. */

import type { BuiltinFunction, Runtime } from '../../engine/extension.ts';
import { convert } from '../../engine/scalar/index.ts';
import type { SqlType, Value } from '../../engine/types.ts';

export const NAME: SqlType = { kind: 'nvarchar', length: 128 };
export const TEXT: SqlType = { kind: 'nvarchar', length: 4000 };
export const INT: SqlType = { kind: 'int' };
export const SMALLINT: SqlType = { kind: 'smallint' };
export const VARIANT: SqlType = { kind: 'sql_variant' };
export const IDENTITY_NUMBER: SqlType = { kind: 'numeric', precision: 38, scale: 0 };
export const SID: SqlType = { kind: 'varbinary', length: 85 };

export type Arguments = readonly (Value | undefined)[];

/**
 * A function whose last `optional` arguments may be missing (they are undefined then). A NULL argument gives NULL
 * unless `takesNull`.
 */
export function metadataFunction(
  name: string,
  parameters: readonly SqlType[],
  result: SqlType,
  evaluate: (values: Arguments, runtime: Runtime) => Value,
  { optional = 0, takesNull = false }: { readonly optional?: number; readonly takesNull?: boolean } = {},
): BuiltinFunction {
  return {
    name,
    minArguments: parameters.length - optional,
    maxArguments: parameters.length,
    resultType: () => result,
    evaluate: (values, types, runtime) => {
      const converted = values.map((value, index): Value => {
        const [from, to] = [types[index], parameters[index]];
        if (value === null || from === undefined || to === undefined) return null;
        return convert(value, from, to, { explicit: false, session: runtime.session });
      });
      if (!takesNull && converted.includes(null)) return null;
      return evaluate(converted, runtime);
    },
  };
}

/** A function or @@variable without arguments. */
export const runtimeFunction = (
  name: string,
  result: SqlType,
  read: (runtime: Runtime) => Value,
): BuiltinFunction => metadataFunction(name, [], result, (_, runtime) => read(runtime));

/** An argument that was declared as text. */
export const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
/** An argument that was declared as int. */
export const numberOf = (value: Value | undefined): number => (typeof value === 'number' ? value : 0);
/** 1 and 0, as the property functions answer. */
export const flag = (value: boolean): 0 | 1 => (value ? 1 : 0);

/** The property of that name in any case; undefined when there is none. */
export const property = <Entity, Result>(
  properties: Readonly<Record<string, (entity: Entity) => Result>>,
): ((name: string) => ((entity: Entity) => Result) | undefined) => {
  const byName = new Map(Object.entries(properties).map(([name, read]) => [name.toLowerCase(), read]));
  return (name) => byName.get(name.toLowerCase());
};
