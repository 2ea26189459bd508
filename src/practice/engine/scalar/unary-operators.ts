/** The unary operators - + ~. */

import type { SqlType, Value } from '../types.ts';
import { invalidOperand, overflow } from './scalar-errors.ts';
import { INT, isApproximate, isDecimal, isInteger, isMoney, isNumber } from './type-facts.ts';

type NotNull = Exclude<Value, null>;
export type UnaryOperation = { readonly type: SqlType; compute(value: NotNull): Value };

/** The operation of a sign or of ~ on a type. Throws 8117. */
export function unaryOperation(operator: '-' | '+' | '~', operand: SqlType): UnaryOperation {
  const type: SqlType = operand.kind === 'null' ? INT : operand;
  if (operator === '~') return complement(type);
  if (operator === '+') return { type, compute: (value) => value };
  if (!isNumber(type) || type.kind === 'bit') throw invalidOperand(type, 'minus');
  if (type.kind === 'tinyint')
    return { type: { kind: 'smallint' }, compute: (value) => -(value as number) + 0 };
  if (isDecimal(type)) return { type, compute: (value) => -(value as bigint) };
  if (isApproximate(type)) return { type, compute: (value) => -(value as number) };
  if (type.kind === 'bigint' || isMoney(type)) {
    const bits = type.kind === 'smallmoney' ? 32 : 64;
    return {
      type,
      compute: (value) => {
        const result = -(value as bigint);
        if (BigInt.asIntN(bits, result) !== result) throw overflow(type);
        return result;
      },
    };
  }
  const highest = type.kind === 'smallint' ? 32_767 : 2_147_483_647;
  return {
    type,
    compute: (value) => {
      const result = -(value as number) + 0;
      if (result > highest) throw overflow(type);
      return result;
    },
  };
}

function complement(type: SqlType): UnaryOperation {
  if (!isInteger(type)) throw invalidOperand(type, "'~'");
  if (type.kind === 'bit') return { type, compute: (value) => value !== true };
  if (type.kind === 'tinyint') return { type, compute: (value) => 255 - (value as number) };
  if (type.kind === 'bigint') return { type, compute: (value) => ~(value as bigint) };
  return { type, compute: (value) => ~(value as number) };
}
