/** Building blocks of compiled expressions: constants, folding, conversion. */

import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { type ConvertOptions, converter, isSameType } from './convert.ts';
import type { Compiled, Frame, Scope } from './scope.ts';
import { isCharacter, isTemporal } from './type-facts.ts';

/** Constants never look at their frame, so folding needs none. */
const noFrame = {} as Frame;

export const constant = (type: SqlType, value: Value, literalDigits?: number): Compiled => ({
  type,
  isNullable: value === null,
  constant: value,
  ...(literalDigits === undefined ? {} : { literalDigits }),
  evaluate: () => value,
});

export const isConstant = (compiled: Compiled): compiled is Compiled & { readonly constant: Value } =>
  compiled.constant !== undefined;

/** An expression of inputs: computed now when all of them are constant and it does not fail. `evaluate` must depend on its inputs alone. */
export function folded(
  type: SqlType,
  isNullable: boolean,
  inputs: readonly Compiled[],
  evaluate: (frame: Frame) => Value,
): Compiled {
  if (!inputs.every(isConstant)) return { type, isNullable, evaluate };
  try {
    return constant(type, evaluate(noFrame));
  } catch (error) {
    // It fails again when it runs, if it runs at all: CASE WHEN 1=0 THEN 1/0 END is no error.
    if (error instanceof SqlError) return { type, isNullable, evaluate };
    throw error;
  }
}

/** The expression with another function in front of it that maps NULL to NULL. */
export function mapped(
  input: Compiled,
  type: SqlType,
  map: (value: Exclude<Value, null>) => Value,
): Compiled {
  const read = input.evaluate;
  return folded(type, input.isNullable, [input], (frame) => {
    const value = read(frame);
    return value === null ? null : map(value);
  });
}

/** The expression converted to a type; implicit rules unless said otherwise. */
export function convertTo(
  input: Compiled,
  type: SqlType,
  scope: Pick<Scope, 'session'>,
  options: Omit<ConvertOptions, 'session'> = { explicit: false },
): Compiled {
  if (input.type.kind === 'null') return constant(type, null);
  if (isSameType(input.type, type)) return { ...input, type };
  const convertValue = converter(input.type, type, { ...options, session: scope.session });
  const read = input.evaluate;
  const evaluate = (frame: Frame): Value => convertValue(read(frame));
  // What a text means as a date depends on SET DATEFORMAT at the time it runs.
  if (isCharacter(input.type) && isTemporal(type)) return { type, isNullable: input.isNullable, evaluate };
  return folded(type, input.isNullable, [input], evaluate);
}

/** The types of several texts that meet in one expression: where one is written with COLLATE, the others' collations give way. */
export function collatedTypes(inputs: readonly Compiled[]): readonly SqlType[] {
  if (!inputs.some((input) => input.isCollationExplicit)) return inputs.map((input) => input.type);
  return inputs.map((input) => {
    if (input.isCollationExplicit || input.type.collation === undefined) return input.type;
    const { collation: _, ...type } = input.type;
    return type;
  });
}
