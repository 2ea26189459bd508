/** The comparison operators on compiled expressions. */

import type { Comparison } from '../../language/syntax.ts';
import type { SqlType } from '../types.ts';
import { commonType, mergeCollations } from './common-type.ts';
import { comparer, equalityKeyOf } from './compare.ts';
import { convertTo, isConstant } from './compiled.ts';
import { tenTo } from './numeric.ts';
import { incompatible } from './scalar-errors.ts';
import type { Compiled, CompiledCondition, Scope } from './scope.ts';
import { isCharacter, isScaled, scaleOf } from './type-facts.ts';

const comparisonNames: Readonly<Record<Comparison, string>> = {
  '=': 'equal to',
  '<>': 'not equal to',
  '<': 'less than',
  '<=': 'less than or equal to',
  '>': 'greater than',
  '>=': 'greater than or equal to',
};

/** The collation that a comparison of two texts follows. */
export function comparisonCollation(left: Compiled, right: Compiled, scope: Scope): string {
  const chosen =
    left.isCollationExplicit === right.isCollationExplicit
      ? mergeCollations(left.type.collation, right.type.collation)
      : left.isCollationExplicit
        ? left.type.collation
        : right.type.collation;
  return chosen ?? scope.session.database.collation;
}

export type Comparable = {
  readonly left: Compiled;
  readonly right: Compiled;
  readonly type: SqlType;
};

/** Brings two expressions to one type. Throws 206, 257, 402, 468. */
export function comparable(left: Compiled, right: Compiled, operator: string, scope: Scope): Comparable {
  for (const { type } of [left, right]) {
    if (type.kind === 'text' || type.kind === 'ntext' || type.kind === 'image' || type.kind === 'xml')
      throw incompatible(left.type, right.type, operator);
  }
  if (isCharacter(left.type) && isCharacter(right.type)) {
    const collation = comparisonCollation(left, right, scope);
    return { left, right, type: { kind: 'nvarchar', length: 'max', collation } };
  }
  const { kind: leftKind } = left.type;
  const { kind: rightKind } = right.type;
  if ((leftKind === 'date' && rightKind === 'time') || (leftKind === 'time' && rightKind === 'date'))
    throw incompatible(left.type, right.type, operator);
  const type = commonType([left.type, right.type]);
  const collated = isCharacter(type)
    ? { ...type, collation: type.collation ?? scope.session.database.collation }
    : type;
  return { left: convertTo(left, type, scope), right: convertTo(right, type, scope), type: collated };
}

const test: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Compiles left OPERATOR right. */
export function compare(
  operator: Comparison,
  left: Compiled,
  right: Compiled,
  scope: Scope,
): CompiledCondition {
  if (isScaled(left.type) && isScaled(right.type)) return compareScaled(operator, left, right);
  const pair = comparable(left, right, comparisonNames[operator], scope);
  if (operator === '=' || operator === '<>') return compareEqual(operator === '=', pair);
  const order = comparer(pair.type);
  const holds = test[operator];
  const [readLeft, readRight] = [pair.left.evaluate, pair.right.evaluate];
  return (frame) => {
    const a = readLeft(frame);
    if (a === null) return null;
    const b = readRight(frame);
    return b === null ? null : holds(order(a, b));
  };
}

function compareEqual(wanted: boolean, pair: Comparable): CompiledCondition {
  const key = equalityKeyOf(pair.type);
  const readLeft = pair.left.evaluate;
  if (isConstant(pair.right)) {
    const { constant } = pair.right;
    if (constant === null) return () => null;
    const rightKey = key(constant);
    return (frame) => {
      const a = readLeft(frame);
      return a === null ? null : (key(a) === rightKey) === wanted;
    };
  }
  const readRight = pair.right.evaluate;
  return (frame) => {
    const a = readLeft(frame);
    if (a === null) return null;
    const b = readRight(frame);
    return b === null ? null : (key(a) === key(b)) === wanted;
  };
}

/** numeric and money at different scales compare exactly, without a type that might not hold both. */
function compareScaled(operator: Comparison, left: Compiled, right: Compiled): CompiledCondition {
  const scale = Math.max(scaleOf(left.type), scaleOf(right.type));
  const leftUnit = tenTo(scale - scaleOf(left.type));
  const rightUnit = tenTo(scale - scaleOf(right.type));
  const holds = test[operator];
  return (frame) => {
    const a = left.evaluate(frame);
    if (a === null) return null;
    const b = right.evaluate(frame);
    if (b === null) return null;
    const [x, y] = [(a as bigint) * leftUnit, (b as bigint) * rightUnit];
    return holds(x < y ? -1 : x > y ? 1 : 0);
  };
}
