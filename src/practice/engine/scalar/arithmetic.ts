/** The binary operators + - * / % & | ^ on all types. */

import type { BinaryOperator } from '../../language/syntax.ts';
import type { SqlType, Value } from '../types.ts';
import { decimalResult } from './arithmetic-types.ts';
import { mergeCollations } from './common-type.ts';
import { integerOperation } from './integer-arithmetic.ts';
import { divideRounding, fits, rescale, tenTo } from './numeric.ts';
import { divideByZero, incompatible, invalidOperand, overflow, typeClash } from './scalar-errors.ts';
import {
  DATETIME,
  INT,
  isApproximate,
  isBinary,
  isCharacter,
  isDecimal,
  isInteger,
  isLegacyDate,
  isModernDate,
  isMoney,
  isNumber,
  isUnicode,
  lengthOf,
  numeric,
  precisionOf,
  rank,
  scaleOf,
} from './type-facts.ts';

type NotNull = Exclude<Value, null>;

/** An operation ready to run: what the operands are converted to first, and what comes of them. */
export type Operation = {
  readonly type: SqlType;
  readonly left: SqlType;
  readonly right: SqlType;
  compute(left: NotNull, right: NotNull): Value;
};

const operatorNames: Readonly<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '&': "'&'",
  '|': "'|'",
  '^': "'^'",
};

const isBitwise = (operator: BinaryOperator): boolean =>
  operator === '&' || operator === '|' || operator === '^';

/** The operation of two types. Integer literals come as numeric types of their own digits in `leftDigits` and `rightDigits`. Throws 206, 402, 8117. */
export function operation(
  operator: BinaryOperator,
  left: SqlType,
  right: SqlType,
  leftDigits?: number,
  rightDigits?: number,
): Operation {
  if (left.kind === 'null' || right.kind === 'null') {
    const other = left.kind === 'null' ? right : left;
    const known = other.kind === 'null' ? INT : other;
    return operation(operator, known, known);
  }
  if (operator === '+') {
    if (isCharacter(left) && isCharacter(right)) return concatenation(left, right);
    if (isBinary(left) && isBinary(right)) return binaryConcatenation(left, right);
  }
  if (isModernDate(left) || isModernDate(right)) throw modernDateError(operator, left, right);
  if (isLegacyDate(left) || isLegacyDate(right)) return dateArithmetic(operator, left, right);
  const [leftNumber, rightNumber] = asNumbers(operator, left, right);
  return numberOperation(operator, leftNumber, rightNumber, leftDigits, rightDigits);
}

function modernDateError(operator: BinaryOperator, left: SqlType, right: SqlType): Error {
  if (left.kind === right.kind) return invalidOperand(left, operatorNames[operator]);
  if (isModernDate(left) && isNumber(right)) return typeClash(left, right);
  if (isModernDate(right) && isNumber(left)) return typeClash(left, right);
  return incompatible(left, right, operatorNames[operator]);
}

/** Text and bytes beside a number become that number's type. */
function asNumbers(operator: BinaryOperator, left: SqlType, right: SqlType): [SqlType, SqlType] {
  const name = operatorNames[operator];
  if (isNumber(left) && isNumber(right)) return [left, right];
  if (isNumber(left) && (isCharacter(right) || (isBinary(right) && isInteger(left)))) return [left, left];
  if (isNumber(right) && (isCharacter(left) || (isBinary(left) && isInteger(right)))) return [right, right];
  if (left.kind === right.kind) throw invalidOperand(left, name);
  throw incompatible(left, right, name);
}

const longest = (left: SqlType, right: SqlType, limit: number): number | 'max' => {
  const [a, b] = [lengthOf(left), lengthOf(right)];
  return a === 'max' || b === 'max' ? 'max' : Math.min(limit, a + b);
};

function concatenation(left: SqlType, right: SqlType): Operation {
  if (left.kind === 'text' || left.kind === 'ntext' || right.kind === 'text' || right.kind === 'ntext')
    throw incompatible(left, right, 'add');
  const isWide = isUnicode(left) || isUnicode(right);
  const limit = isWide ? 4000 : 8000;
  const length = longest(left, right, limit);
  const isFixed =
    (left.kind === 'char' || left.kind === 'nchar') && (right.kind === 'char' || right.kind === 'nchar');
  const collation = mergeCollations(left.collation, right.collation);
  const facets = { length, ...(collation === undefined ? {} : { collation }) };
  const kind = isWide ? (isFixed ? 'nchar' : 'nvarchar') : isFixed ? 'char' : 'varchar';
  const join = (a: NotNull, b: NotNull): string => (a as string) + (b as string);
  const isBounded = length === limit;
  return {
    type: { kind, ...facets },
    left,
    right,
    compute: isBounded ? (a, b) => join(a, b).slice(0, limit) : join,
  };
}

function binaryConcatenation(left: SqlType, right: SqlType): Operation {
  const length = longest(left, right, 8000);
  return {
    type: { kind: 'varbinary', length },
    left,
    right,
    compute: (a, b) => {
      const joined = Buffer.concat([a as Uint8Array, b as Uint8Array]);
      return length === 'max' ? joined : joined.subarray(0, length);
    },
  };
}

/** datetime counts days, so it adds and subtracts with numbers, texts and itself. */
function dateArithmetic(operator: BinaryOperator, left: SqlType, right: SqlType): Operation {
  if (operator !== '+' && operator !== '-')
    throw invalidOperand(isLegacyDate(left) ? left : right, operatorNames[operator]);
  const isSmall =
    (left.kind === 'smalldatetime' || !isLegacyDate(left)) &&
    (right.kind === 'smalldatetime' || !isLegacyDate(right));
  const first = Math.round(-53_690 * 25_920_000);
  const last = 2_958_464 * 25_920_000;
  const compute = (a: NotNull, b: NotNull): number => {
    const result = operator === '+' ? (a as number) + (b as number) : (a as number) - (b as number);
    if (result < first || result >= last) throw overflow(DATETIME);
    return result;
  };
  if (!isSmall) return { type: DATETIME, left: DATETIME, right: DATETIME, compute };
  const small: SqlType = { kind: 'smalldatetime' };
  return {
    type: small,
    left: DATETIME,
    right: DATETIME,
    compute: (a, b) => {
      const minutes = Math.round(compute(a, b) / 18_000);
      if (minutes < 0 || minutes >= 65_536 * 1440) throw overflow(small);
      return minutes;
    },
  };
}

function numberOperation(
  operator: BinaryOperator,
  left: SqlType,
  right: SqlType,
  leftDigits: number | undefined,
  rightDigits: number | undefined,
): Operation {
  const high = rank(left.kind) <= rank(right.kind) ? left : right;
  if (isBitwise(operator) && !isInteger(high)) throw incompatible(left, right, operatorNames[operator]);
  if (isApproximate(high)) return approximate(operator, left, right, high);
  if (isDecimal(high)) return decimals(operator, asDecimal(left, leftDigits), asDecimal(right, rightDigits));
  if (isMoney(high)) return { type: high, left: high, right: high, compute: moneyOperation(operator, high) };
  if (high.kind === 'bit' && !isBitwise(operator)) throw incompatible(left, right, operatorNames[operator]);
  return { type: high, left: high, right: high, compute: integerOperation(operator, high) };
}

const asDecimal = (type: SqlType, digits: number | undefined): SqlType =>
  isDecimal(type) ? type : numeric(digits ?? precisionOf(type), scaleOf(type));

function approximate(operator: BinaryOperator, left: SqlType, right: SqlType, type: SqlType): Operation {
  if (operator === '%') throw incompatible(left, right, operatorNames[operator]);
  const raw = (a: number, b: number): number => {
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      default:
        if (b === 0) throw divideByZero();
        return a / b;
    }
  };
  return {
    type,
    left: type,
    right: type,
    compute: (a, b) => {
      const result = raw(a as number, b as number);
      const stored = type.kind === 'real' ? Math.fround(result) : result;
      if (!Number.isFinite(stored)) throw overflow(type);
      return stored;
    },
  };
}

/** Products and sums that must be cut to the result's scale are rounded; quotients are cut off. */
function decimals(operator: BinaryOperator, left: SqlType, right: SqlType): Operation {
  const type = decimalResult(operator, left, right);
  const scale = scaleOf(type);
  const [s1, s2] = [scaleOf(left), scaleOf(right)];
  const checked = (value: bigint): bigint => {
    if (!fits(value, 38)) throw overflow(type);
    return value;
  };
  const common = Math.max(s1, s2);
  const [leftUnit, rightUnit] = [tenTo(common - s1), tenTo(common - s2)];
  const compute = (): ((a: bigint, b: bigint) => bigint) => {
    switch (operator) {
      case '+':
        return (a, b) => rescale(a * leftUnit + b * rightUnit, common, scale);
      case '-':
        return (a, b) => rescale(a * leftUnit - b * rightUnit, common, scale);
      case '*':
        return (a, b) => rescale(a * b, s1 + s2, scale);
      case '%':
        return (a, b) => {
          if (b === 0n) throw divideByZero();
          return (a * leftUnit) % (b * rightUnit);
        };
      default: {
        const shift = scale + s2 - s1;
        return (a, b) => {
          if (b === 0n) throw divideByZero();
          return shift >= 0 ? (a * tenTo(shift)) / b : a / (b * tenTo(-shift));
        };
      }
    }
  };
  const run = compute();
  return { type, left, right, compute: (a, b) => checked(run(a as bigint, b as bigint)) };
}

function moneyOperation(operator: BinaryOperator, type: SqlType): (a: NotNull, b: NotNull) => Value {
  const bits = type.kind === 'money' ? 64 : 32;
  const run = (a: bigint, b: bigint): bigint => {
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return divideRounding(a * b, 10_000n);
      default:
        if (b === 0n) throw divideByZero();
        return operator === '/' ? (a * 10_000n) / b : a % b;
    }
  };
  return (a, b) => {
    const result = run(a as bigint, b as bigint);
    if (BigInt.asIntN(bits, result) !== result) throw overflow(type);
    return result;
  };
}
