/** The shape of the built-in functions of this folder. */

import type { Runtime } from '../../extension.ts';
import type { SqlType, Value } from '../../types.ts';
import { type Converter, converter } from '../convert.ts';
import type { DateSettings } from '../scope.ts';

type NotNull = Exclude<Value, null>;

/** A call whose argument types are known. */
export type Bound = {
  readonly type: SqlType;
  /** Whether the result may be NULL; the same as "an argument may be NULL" where it is not said. */
  readonly isNullable?: boolean;
  evaluate(values: readonly Value[], runtime: Runtime): Value;
};

export type Binding = {
  readonly types: readonly SqlType[];
  /** Values of the arguments that are constant. */
  readonly constants: readonly (Value | undefined)[];
  readonly session: DateSettings & { readonly database: { readonly collation: string } };
};

/** A built-in function. `name` is upper case. */
export type ScalarFunction = {
  readonly name: string;
  readonly minArguments: number;
  readonly maxArguments: number;
  /** Checks the argument types and makes the call. Throws 206, 8116, ... */
  bind(binding: Binding): Bound;
  /** The result depends on nothing but the arguments, so constants are folded. */
  readonly isPure: boolean;
};

/** Pure functions of values that give NULL as soon as one argument is NULL. */
export function strict(
  name: string,
  minArguments: number,
  maxArguments: number,
  bind: (binding: Binding) => {
    readonly type: SqlType;
    readonly isNullable?: boolean;
    compute(values: readonly NotNull[]): Value;
  },
): ScalarFunction {
  return {
    name,
    minArguments,
    maxArguments,
    isPure: true,
    bind: (binding) => {
      const { compute, ...bound } = bind(binding);
      return {
        ...bound,
        evaluate: (values) => {
          for (const value of values) if (value === null) return null;
          return compute(values as readonly NotNull[]);
        },
      };
    },
  };
}

/** Functions of the session and the clock, without arguments. */
export function ofRuntime(
  name: string,
  type: SqlType,
  read: (runtime: Runtime) => Value,
  isNullable = true,
): ScalarFunction {
  return {
    name,
    minArguments: 0,
    maxArguments: 0,
    isPure: false,
    bind: () => ({ type, isNullable, evaluate: (_, runtime) => read(runtime) }),
  };
}

/** The implicit conversion of argument `index` (from 0) to a type. */
export function argument(binding: Binding, index: number, to: SqlType): Converter {
  const from = binding.types[index] ?? { kind: 'null' };
  return converter(from, to, { explicit: false, session: binding.session });
}

/** The type of argument `index` (from 0), or the bare NULL's. */
export const typeAt = (binding: Binding, index: number): SqlType => binding.types[index] ?? { kind: 'null' };
