/** Conditions: three-valued logic over compiled expressions. */

import type { Comparison, Condition, Expression } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { Value } from '../types.ts';
import { equalityKeyOf } from './compare.ts';
import { comparable, compare } from './comparison.ts';
import { compileExpression } from './compile-expression.ts';
import { compileLike } from './compile-like.ts';
import { isConstant } from './compiled.ts';
import type { Compiled, CompiledCondition, Scope } from './scope.ts';
import { isCharacter, isNumber, isScaled, isTemporal } from './type-facts.ts';

/** Compiles a condition; the result is true, false or null (UNKNOWN). */
export function compileCondition(condition: Condition, scope: Scope): CompiledCondition {
  switch (condition.kind) {
    case 'comparison':
      return compare(
        condition.operator,
        compileExpression(condition.left, scope),
        compileExpression(condition.right, scope),
        scope,
      );
    case 'and':
      return and(compileCondition(condition.left, scope), compileCondition(condition.right, scope));
    case 'or':
      return or(compileCondition(condition.left, scope), compileCondition(condition.right, scope));
    case 'not':
      return not(compileCondition(condition.operand, scope));
    case 'is-null': {
      const operand = compileExpression(condition.operand, scope);
      const { isNegated } = condition;
      return (frame) => (operand.evaluate(frame) === null) !== isNegated;
    }
    case 'between': {
      const operand = compileExpression(condition.operand, scope);
      const low = compare('>=', operand, compileExpression(condition.low, scope), scope);
      const high = compare('<=', operand, compileExpression(condition.high, scope), scope);
      return negated(and(low, high), condition.isNegated);
    }
    case 'in-list':
      return negated(inList(condition.operand, condition.list, scope), condition.isNegated);
    case 'in-query':
      return negated(inQuery(condition, scope), condition.isNegated);
    case 'quantified':
      return quantified(
        condition.operator,
        condition.quantifier,
        { operand: condition.left, query: condition.query },
        scope,
      );
    case 'like':
      return negated(compileLike(condition, scope), condition.isNegated);
    case 'exists':
      return scope.exists(condition.query);
    case 'update-of': {
      const test = scope.updateOf?.(condition.column);
      if (!test) throw new SqlError(140, 'Can only use IF UPDATE within a CREATE TRIGGER statement.', 15);
      return test;
    }
  }
}

const and =
  (left: CompiledCondition, right: CompiledCondition): CompiledCondition =>
  (frame) => {
    const first = left(frame);
    if (first === false) return false;
    const second = right(frame);
    if (second === false) return false;
    return first === null || second === null ? null : true;
  };

const or =
  (left: CompiledCondition, right: CompiledCondition): CompiledCondition =>
  (frame) => {
    const first = left(frame);
    if (first === true) return true;
    const second = right(frame);
    if (second === true) return true;
    return first === null || second === null ? null : false;
  };

const not =
  (operand: CompiledCondition): CompiledCondition =>
  (frame) => {
    const value = operand(frame);
    return value === null ? null : !value;
  };

const negated = (condition: CompiledCondition, isNegated: boolean): CompiledCondition =>
  isNegated ? not(condition) : condition;

function inList(operandNode: Expression, list: readonly Expression[], scope: Scope): CompiledCondition {
  const operand = compileExpression(operandNode, scope);
  const items = list.map((item) => compileExpression(item, scope));
  const hashed = hashedList(operand, items, scope);
  if (hashed) return hashed;
  const tests = items.map((item) => compare('=', operand, item, scope));
  return (frame) => {
    let result: boolean | null = false;
    for (const isEqual of tests) {
      const value = isEqual(frame);
      if (value === true) return true;
      if (value === null) result = null;
    }
    return result;
  };
}

/** A list of constants of one family is a set: looked up, not compared one by one. */
function hashedList(
  operand: Compiled,
  items: readonly Compiled[],
  scope: Scope,
): CompiledCondition | undefined {
  if (items.length < 4 || isTemporal(operand.type) || !items.every(isConstant)) return undefined;
  const isSameFamily = items.every(
    (item) =>
      (isCharacter(item.type) && isCharacter(operand.type) && item.isCollationExplicit !== true) ||
      (item.type.kind === operand.type.kind && isNumber(item.type) && !isScaled(item.type)),
  );
  if (!isSameFamily) return undefined;
  const collation = operand.type.collation ?? scope.session.database.collation;
  const key = equalityKeyOf(isCharacter(operand.type) ? { ...operand.type, collation } : operand.type);
  const keys = new Set<string | number | bigint>();
  let hasNull = false;
  for (const { constant } of items) {
    if (constant === null || constant === undefined) hasNull = true;
    else keys.add(key(constant));
  }
  return (frame) => {
    const value = operand.evaluate(frame);
    if (value === null) return null;
    if (keys.has(key(value))) return true;
    return hasNull ? null : false;
  };
}

type Membership = { readonly operand: Expression; readonly query: Parameters<Scope['columnSubquery']>[0] };
type Column = ReturnType<Scope['columnSubquery']>;

/** IN over a subquery is a lookup: the set of its values is made again only when other values come. */
function inQuery(condition: Membership, scope: Scope): CompiledCondition {
  const operand = compileExpression(condition.operand, scope);
  const column = scope.columnSubquery(condition.query);
  // Numerics of different scales might not share a type that holds both; those are compared one by one.
  if (isScaled(operand.type) && isScaled(column.type)) return overRows('=', 'any', operand, column, scope);
  let current: Value = null;
  const item: Compiled = { type: column.type, isNullable: true, evaluate: () => current };
  const pair = comparable(operand, item, 'equal to', scope);
  const key = equalityKeyOf(pair.type);
  let lastValues: Iterable<Value> | undefined;
  let keys = new Set<string | number | bigint>();
  let hasNull = false;
  return (frame) => {
    const values = column.values(frame);
    if (values !== lastValues) {
      keys = new Set();
      hasNull = false;
      for (const value of values) {
        current = value;
        const converted = pair.right.evaluate(frame);
        if (converted === null) hasNull = true;
        else keys.add(key(converted));
      }
      lastValues = values;
    }
    if (keys.size === 0 && !hasNull) return false;
    const value = pair.left.evaluate(frame);
    if (value === null) return null;
    if (keys.has(key(value))) return true;
    return hasNull ? null : false;
  };
}

function quantified(
  operator: Comparison,
  quantifier: 'all' | 'any',
  condition: Membership,
  scope: Scope,
): CompiledCondition {
  const operand = compileExpression(condition.operand, scope);
  return overRows(operator, quantifier, operand, scope.columnSubquery(condition.query), scope);
}

/** Compares the operand with one row of the subquery after the other, until one of them decides. */
function overRows(
  operator: Comparison,
  quantifier: 'all' | 'any',
  operand: Compiled,
  column: Column,
  scope: Scope,
): CompiledCondition {
  let current: Value = null;
  const item: Compiled = { type: column.type, isNullable: true, evaluate: () => current };
  // The operand is read once for the whole subquery, the item anew for each of its rows.
  let operandValue: Value = null;
  const test = compare(operator, { ...withoutConstant(operand), evaluate: () => operandValue }, item, scope);
  const decisive = quantifier === 'any';
  return (frame) => {
    const outerOperand = operand.evaluate(frame);
    let result: boolean | null = !decisive;
    for (const value of column.values(frame)) {
      operandValue = outerOperand;
      current = value;
      const holds = test(frame);
      if (holds === decisive) return decisive;
      if (holds === null) result = null;
    }
    return result;
  };
}

const withoutConstant = ({
  type,
  isNullable,
  isCollationExplicit,
}: Compiled): Omit<Compiled, 'evaluate' | 'constant'> => ({
  type,
  isNullable,
  ...(isCollationExplicit === undefined ? {} : { isCollationExplicit }),
});
