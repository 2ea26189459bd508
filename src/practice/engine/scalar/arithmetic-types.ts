/** Result types of exact arithmetic: https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql */

import type { BinaryOperator } from '../../language/syntax.ts';
import type { SqlType } from '../types.ts';
import { numeric, precisionOf, scaleOf } from './type-facts.ts';

const MAX = 38;

/** Products and quotients wider than 38 digits give up fractional digits, but keep six where they have them. */
function reduced(precision: number, scale: number): SqlType {
  if (precision <= MAX) return numeric(precision, scale);
  const whole = precision - scale;
  return numeric(MAX, Math.min(scale, Math.max(MAX - whole, 6)));
}

/** The numeric type of an operation on two exact types. */
export function decimalResult(operator: BinaryOperator, left: SqlType, right: SqlType): SqlType {
  const [p1, s1, p2, s2] = [precisionOf(left), scaleOf(left), precisionOf(right), scaleOf(right)];
  const scale = Math.max(s1, s2);
  const whole = Math.max(p1 - s1, p2 - s2);
  switch (operator) {
    case '*':
      return reduced(p1 + p2 + 1, s1 + s2);
    case '/': {
      const quotientScale = Math.max(6, s1 + p2 + 1);
      return reduced(p1 - s1 + s2 + quotientScale, quotientScale);
    }
    case '%':
      return numeric(Math.min(p1 - s1, p2 - s2) + scale, scale);
    default: {
      // A sum keeps room for the whole digits of its operands; the carry has no right to a place of its own.
      const precision = Math.min(MAX, whole + scale + 1);
      return numeric(precision, Math.min(scale, precision - whole));
    }
  }
}
