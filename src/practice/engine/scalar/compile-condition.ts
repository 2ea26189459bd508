/** Conditions: three-valued logic over compiled expressions. */

import type { Comparison, Condition, Expression } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { collationOf } from './collation.ts';
import { commonType, mergeCollations } from './common-type.ts';
import { comparer, equalityKeyOf } from './compare.ts';
import { compileExpression } from './compile-expression.ts';
import { convertTo, isConstant } from './compiled.ts';
import { likePattern, type Pattern } from './like.ts';
import { tenTo } from './numeric.ts';
import { incompatible } from './scalar-errors.ts';
import type { Compiled, CompiledCondition, Frame, Scope } from './scope.ts';
import { isCharacter, isNumber, isScaled, isTemporal, isUnicode, scaleOf, typeName } from './type-facts.ts';

const comparisonNames: Readonly<Record<Comparison, string>> = {
  '=': 'equal to',
  '<>': 'not equal to',
  '<': 'less than',
  '<=': 'less than or equal to',
  '>': 'greater than',
  '>=': 'greater than or equal to',
};

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
      return negated(quantified('=', 'any', condition, scope), condition.isNegated);
    case 'quantified':
      return quantified(
        condition.operator,
        condition.quantifier,
        { operand: condition.left, query: condition.query },
        scope,
      );
    case 'like':
      return negated(like(condition, scope), condition.isNegated);
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

type Comparable = {
  readonly left: Compiled;
  readonly right: Compiled;
  readonly type: SqlType;
};

/** Brings two expressions to one type. Throws 206, 257, 402, 468. */
function comparable(left: Compiled, right: Compiled, operator: string, scope: Scope): Comparable {
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

function quantified(
  operator: Comparison,
  quantifier: 'all' | 'any',
  condition: { readonly operand: Expression; readonly query: Parameters<Scope['columnSubquery']>[0] },
  scope: Scope,
): CompiledCondition {
  const operand = compileExpression(condition.operand, scope);
  const column = scope.columnSubquery(condition.query);
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

/** Text for LIKE: other types are converted as + would. */
function asText(input: Compiled, index: number, scope: Scope): Compiled {
  if (isCharacter(input.type)) return input;
  if (input.type.kind === 'null') return convertTo(input, { kind: 'varchar', length: 1 }, scope);
  if (input.type.kind === 'image' || input.type.kind === 'sql_variant' || input.type.kind === 'xml')
    throw new SqlError(
      8116,
      `Argument data type ${typeName(input.type)} is invalid for argument ${index} of like function.`,
    );
  return convertTo(input, { kind: 'varchar', length: 8000 }, scope);
}

function like(condition: Extract<Condition, { kind: 'like' }>, scope: Scope): CompiledCondition {
  const operand = asText(compileExpression(condition.operand, scope), 1, scope);
  const pattern = asText(compileExpression(condition.pattern, scope), 2, scope);
  const escapeWith = condition.escape
    ? asText(compileExpression(condition.escape, scope), 3, scope)
    : undefined;
  const collation = collationOf(comparisonCollation(operand, pattern, scope));
  const ignoresBlanks = !isUnicode(operand.type) && !isUnicode(pattern.type);
  let lastPattern: string | undefined;
  let lastEscape: string | undefined;
  let compiled: Pattern | undefined;
  const patternOf = (text: string, escapeText: string | undefined): Pattern => {
    if (compiled && text === lastPattern && escapeText === lastEscape) return compiled;
    compiled = likePattern(text, escapeText, collation);
    lastPattern = text;
    lastEscape = escapeText;
    return compiled;
  };
  return (frame: Frame) => {
    const text = operand.evaluate(frame);
    const patternText = pattern.evaluate(frame);
    const escapeText = escapeWith ? escapeWith.evaluate(frame) : undefined;
    if (text === null || patternText === null || escapeText === null) return null;
    return patternOf(patternText as string, escapeText as string | undefined).matches(
      text as string,
      ignoresBlanks,
    );
  };
}
