/** Splits a condition at its ANDs and compiles the parts, so that each can be tested as early as possible. */

import type { Condition, Expression } from '../../language/syntax.ts';
import { compileCondition, compileExpression } from '../scalar/index.ts';
import type { Binding } from './binding.ts';
import { compileInSubquery } from './in-subquery.ts';
import type { Predicate, Side } from './row-source.ts';
import { conjuncts } from './syntax-walk.ts';

export const predicatesOf = (condition: Condition | undefined, binding: Binding): Predicate[] =>
  conjuncts(condition).map((part) => {
    const { result: test, slots } = binding.track(
      () => compileInSubquery(part, binding) ?? compileCondition(part, binding),
    );
    const equality =
      part.kind === 'comparison' && part.operator === '='
        ? { left: sideOf(part.left, binding), right: sideOf(part.right, binding) }
        : undefined;
    return { test, slots, equality };
  });

const sideOf = (expression: Expression, binding: Binding): Side => {
  const { result, slots } = binding.track(() => compileExpression(expression, binding));
  const found = expression.kind === 'column' ? binding.resolve(expression.parts) : undefined;
  return {
    expression: result,
    slots,
    column: found === undefined ? undefined : { slot: found.table.slot, ordinal: found.ordinal },
  };
};
