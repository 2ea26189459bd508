/** `@v = expression` in SELECT and UPDATE, `@v += expression` too. */

import type { AssignmentOperator, BinaryOperator, Expression, Position } from '../../language/syntax.ts';
import type { RowFrame } from '../run/context.ts';
import { compileExpression, converter } from '../scalar/index.ts';
import type { Binding } from './binding.ts';

export type VariableAssignment = (frame: RowFrame) => void;

/** `a += b` as the expression `a + b`. */
export const combined = (
  target: Expression,
  operator: AssignmentOperator,
  expression: Expression,
): Expression =>
  operator === '='
    ? expression
    : {
        kind: 'binary',
        operator: operator.slice(0, -1) as BinaryOperator,
        left: target,
        right: expression,
        at: expression.at,
      };

export const assignmentOf = (
  item: {
    readonly variable: string;
    readonly operator: AssignmentOperator;
    readonly expression: Expression;
    readonly at: Position;
  },
  binding: Binding,
): VariableAssignment => {
  const { type } = binding.variable(item.variable, item.at);
  const target: Expression = { kind: 'variable', name: item.variable, at: item.at };
  const compiled = compileExpression(combined(target, item.operator, item.expression), binding);
  const convert = converter(compiled.type, type, { explicit: false, session: binding.session });
  return (frame) => {
    const variable = frame.runtime.activation.variables.get(item.variable);
    if (variable !== undefined) variable.value = convert(compiled.evaluate(frame));
  };
};
