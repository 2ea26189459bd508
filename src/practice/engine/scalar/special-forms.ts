/** Functions whose arguments are not all evaluated, or whose type follows their own rules. */

import type { Expression } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { compare } from './comparison.ts';
import { checkArguments } from './compile-call.ts';
import { compileExpression, resultType } from './compile-expression.ts';
import { constant, convertTo, isConstant } from './compiled.ts';
import type { Compiled, Scope } from './scope.ts';
import { INT } from './type-facts.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** COALESCE, ISNULL, NULLIF, CHOOSE; undefined for any other name. */
export function specialForm(name: string, call: Call, scope: Scope): Compiled | undefined {
  switch (name) {
    case 'COALESCE':
      return coalesce(argumentsOf(call, scope, 2, 254), scope);
    case 'ISNULL':
      return isNull(argumentsOf(call, scope, 2, 2), scope);
    case 'NULLIF':
      return nullIf(argumentsOf(call, scope, 2, 2), scope);
    case 'CHOOSE':
      return choose(argumentsOf(call, scope, 2, 254), scope);
    default:
      return undefined;
  }
}

function argumentsOf(
  call: Call,
  scope: Scope,
  least: number,
  most: number,
): readonly [Compiled, Compiled, ...Compiled[]] {
  checkArguments(call.name.name, call.arguments.length, least, most);
  const [first, second, ...rest] = call.arguments.map((node) => compileExpression(node, scope));
  if (!first || !second) throw new Error('the argument count was checked');
  return [first, second, ...rest];
}

function coalesce(args: readonly Compiled[], scope: Scope): Compiled {
  if (args.every((argument) => argument.type.kind === 'null'))
    throw new SqlError(
      4127,
      'At least one of the arguments to COALESCE must be an expression that is not the NULL constant.',
    );
  const type = resultType(args);
  const reads = args.map((argument) => convertTo(argument, type, scope));
  const isNullable = args.every((argument) => argument.isNullable);
  const [first] = reads;
  if (first && isConstant(first) && first.constant !== null) return constant(type, first.constant);
  return {
    type,
    isNullable,
    evaluate: (frame) => {
      for (const { evaluate } of reads) {
        const value = evaluate(frame);
        if (value !== null) return value;
      }
      return null;
    },
  };
}

/** The type is that of the first argument, and the second is cut to it. */
function isNull([first, second]: readonly [Compiled, Compiled, ...Compiled[]], scope: Scope): Compiled {
  if (first.type.kind === 'null') return second.type.kind === 'null' ? constant(INT, null) : second;
  const fallback = convertTo(second, first.type, scope);
  return {
    type: first.type,
    isNullable: first.isNullable && second.isNullable,
    evaluate: (frame) => first.evaluate(frame) ?? fallback.evaluate(frame),
  };
}

function nullIf([first, second]: readonly [Compiled, Compiled, ...Compiled[]], scope: Scope): Compiled {
  if (first.type.kind === 'null')
    throw new SqlError(
      4151,
      'The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.',
    );
  const isEqual = compare('=', first, second, scope);
  return {
    type: first.type,
    isNullable: true,
    evaluate: (frame) => (isEqual(frame) === true ? null : first.evaluate(frame)),
  };
}

function choose([indexInput, ...choices]: readonly [Compiled, ...Compiled[]], scope: Scope): Compiled {
  const type = resultType(choices);
  const index = convertTo(indexInput, INT, scope);
  const reads = choices.map((choice) => convertTo(choice, type, scope));
  return {
    type,
    isNullable: true,
    evaluate: (frame) => {
      const place = index.evaluate(frame);
      return place === null ? null : (reads[(place as number) - 1]?.evaluate(frame) ?? null);
    },
  };
}
