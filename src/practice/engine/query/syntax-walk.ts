/** Finds nodes in expressions and conditions without going into subqueries. */

import type { Condition, Expression } from '../../language/syntax.ts';

type Node = Expression | Condition;

/** The expressions and conditions directly inside a node. Windows count as parts of their call. */
export function* partsOf(node: Node): Generator<Node, void> {
  switch (node.kind) {
    case 'unary':
    case 'collate':
    case 'not':
    case 'is-null':
      yield node.operand;
      return;
    case 'cast':
      yield node.operand;
      if (node.style !== undefined) yield node.style;
      return;
    case 'at-time-zone':
      yield node.operand;
      yield node.zone;
      return;
    case 'binary':
    case 'comparison':
    case 'and':
    case 'or':
      yield node.left;
      yield node.right;
      return;
    case 'simple-case':
      yield node.operand;
      for (const branch of node.branches) {
        yield branch.when;
        yield branch.result;
      }
      if (node.otherwise !== undefined) yield node.otherwise;
      return;
    case 'case':
      for (const branch of node.branches) {
        yield branch.when;
        yield branch.result;
      }
      if (node.otherwise !== undefined) yield node.otherwise;
      return;
    case 'call':
      yield* node.arguments;
      for (const item of node.withinGroup ?? []) yield item.expression;
      if (node.over !== undefined) {
        yield* node.over.partitionBy;
        for (const item of node.over.orderBy) yield item.expression;
      }
      return;
    case 'between':
      yield node.operand;
      yield node.low;
      yield node.high;
      return;
    case 'in-list':
      yield node.operand;
      yield* node.list;
      return;
    case 'in-query':
      yield node.operand;
      return;
    case 'quantified':
      yield node.left;
      return;
    case 'like':
      yield node.operand;
      yield node.pattern;
      if (node.escape !== undefined) yield node.escape;
      return;
    default:
      return;
  }
}

/** Whether the node or a part of it satisfies the test. */
export const contains = (node: Node, test: (node: Node) => boolean): boolean => {
  if (test(node)) return true;
  for (const part of partsOf(node)) if (contains(part, test)) return true;
  return false;
};

/** The operands of nested ANDs, in order. */
export function conjuncts(condition: Condition | undefined): Condition[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'and') return [condition];
  return [...conjuncts(condition.left), ...conjuncts(condition.right)];
}

/**
 * Equal for expressions that say the same, whatever their place and the case of their names. `column` may give a
 * column's parts a name of their own.
 */
export const shapeOf = (node: Node, column?: (parts: readonly string[]) => string | undefined): string =>
  JSON.stringify(node, (key, value: unknown) => {
    if (key === 'at') return undefined;
    if (typeof value === 'bigint') return value.toString();
    if ((key === 'name' || key === 'schema') && typeof value === 'string') return value.toUpperCase();
    if (key === 'parts' && Array.isArray(value)) {
      const parts = value.map(String);
      return column?.(parts) ?? parts.map((part) => part.toUpperCase());
    }
    return value;
  });
