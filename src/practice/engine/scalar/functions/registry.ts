/** Finding built-in functions by name. */

import type { BuiltinFunction } from '../../extension.ts';
import type { ScalarFunction } from './definition.ts';
import { scalarFunctions } from './scalar-functions.ts';

const functions = new Map<string, ScalarFunction>(scalarFunctions.map((entry) => [entry.name, entry]));

/** Adds functions of others (the catalog's); one with a known name replaces it. */
export function registerFunctions(builtins: readonly BuiltinFunction[]): void {
  for (const builtin of builtins) functions.set(builtin.name.toUpperCase(), adapted(builtin));
}

/** The names of every function that is known, upper case, in order. */
export const functionNames = (): readonly string[] => [...functions.keys()].sort();

/** The built-in function or @@variable of that name in any case. */
export const lookupFunction = (name: string): ScalarFunction | undefined => functions.get(name.toUpperCase());

const adapted = (builtin: BuiltinFunction): ScalarFunction => ({
  name: builtin.name.toUpperCase(),
  minArguments: builtin.minArguments,
  maxArguments: builtin.maxArguments,
  // What the catalog answers depends on the session and the databases.
  isPure: false,
  bind: ({ types, constants }) => ({
    type: builtin.resultType(types, constants),
    isNullable: true,
    evaluate: (values, runtime) => builtin.evaluate(values, types, runtime),
  }),
});
