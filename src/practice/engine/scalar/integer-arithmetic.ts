/** Arithmetic of the integer types, with their overflows. */

import type { BinaryOperator } from '../../language/syntax.ts';
import type { SqlType, Value } from '../types.ts';
import { isInRange } from './integer-conversion.ts';
import { divideByZero, overflow } from './scalar-errors.ts';

type NotNull = Exclude<Value, null>;

/** The operation on two values of one integer type. Throws 8115 and 8134. */
export function integerOperation(operator: BinaryOperator, type: SqlType): (a: NotNull, b: NotNull) => Value {
  if (type.kind === 'bigint') return bigintOperation(operator, type);
  if (type.kind === 'bit') return bitOperation(operator);
  const [low, high] =
    type.kind === 'tinyint'
      ? [0, 255]
      : type.kind === 'smallint'
        ? [-32_768, 32_767]
        : [-2_147_483_648, 2_147_483_647];
  const checked = (result: number): number => {
    if (result < low || result > high) throw overflow(type);
    return result;
  };
  switch (operator) {
    case '+':
      return (a, b) => checked((a as number) + (b as number));
    case '-':
      return (a, b) => checked((a as number) - (b as number));
    case '*':
      return (a, b) => checked((a as number) * (b as number));
    case '/':
      return (a, b) => {
        if (b === 0) throw divideByZero();
        // + 0 turns a negative zero into zero.
        return checked(Math.trunc((a as number) / (b as number)) + 0);
      };
    case '%':
      return (a, b) => {
        if (b === 0) throw divideByZero();
        return ((a as number) % (b as number)) + 0;
      };
    case '&':
      return (a, b) => (a as number) & (b as number);
    case '|':
      return (a, b) => (a as number) | (b as number);
    case '^':
      return (a, b) => (a as number) ^ (b as number);
  }
}

function bigintOperation(operator: BinaryOperator, type: SqlType): (a: NotNull, b: NotNull) => Value {
  const run = (a: bigint, b: bigint): bigint => {
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '&':
        return a & b;
      case '|':
        return a | b;
      case '^':
        return a ^ b;
      default:
        if (b === 0n) throw divideByZero();
        return operator === '/' ? a / b : a % b;
    }
  };
  return (a, b) => {
    const result = run(a as bigint, b as bigint);
    if (!isInRange(result, 'bigint')) throw overflow(type);
    return result;
  };
}

function bitOperation(operator: BinaryOperator): (a: NotNull, b: NotNull) => Value {
  if (operator === '&') return (a, b) => a === true && b === true;
  if (operator === '|') return (a, b) => a === true || b === true;
  return (a, b) => a !== b;
}
