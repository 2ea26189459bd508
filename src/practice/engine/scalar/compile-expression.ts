/** From syntax to closures: every expression with its type. */

import type { Expression } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { operation } from './arithmetic.ts';
import { collationOf } from './collation.ts';
import { commonType } from './common-type.ts';
import { compare } from './comparison.ts';
import { compileCall, compileSystemVariable } from './compile-call.ts';
import { compileCondition } from './compile-condition.ts';
import { collatedTypes, constant, convertTo, folded, isConstant, mapped } from './compiled.ts';
import { type Converter, converter } from './convert.ts';
import { typedLiteral } from './literals.ts';
import { resolveType } from './resolve-type.ts';

import type { Compiled, CompiledCondition, Frame, Scope } from './scope.ts';
import { INT, isCharacter } from './type-facts.ts';
import { unaryOperation } from './unary-operators.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Compiles an expression. Throws SqlError for names, types and operators that do not fit. */
export function compileExpression(expression: Expression, scope: Scope): Compiled {
  const computed = scope.computed(expression);
  if (computed) return { type: computed.type, isNullable: computed.isNullable, evaluate: computed.read };
  switch (expression.kind) {
    case 'literal': {
      const { type, value, digits } = typedLiteral(expression.value);
      return constant(type, value, digits);
    }
    case 'column': {
      const { type, isNullable, read } = scope.column(expression.parts, expression.at);
      return { type, isNullable, evaluate: read };
    }
    case 'variable': {
      if (expression.name.startsWith('@@')) return compileSystemVariable(expression.name, scope);
      const { type, read } = scope.variable(expression.name, expression.at);
      return { type, isNullable: true, evaluate: read };
    }
    case 'unary':
      return unary(expression, scope);
    case 'binary':
      return binary(expression, scope);
    case 'collate':
      return collate(expression, scope);
    case 'simple-case':
      return simpleCase(expression, scope);
    case 'case':
      return searchedCase(expression, scope);
    case 'cast':
      return cast(expression, scope);
    case 'call':
      return compileCall(expression, scope);
    case 'subquery': {
      const { type, read } = scope.scalarSubquery(expression.query);
      return { type, isNullable: true, evaluate: read };
    }
    case 'at-time-zone':
      throw new Refusal('AT TIME ZONE');
    case 'default':
      throw new SqlError(156, "Incorrect syntax near the keyword 'DEFAULT'.", 15);
  }
}

function unary({ operator, operand }: Of<'unary'>, scope: Scope): Compiled {
  const input = compileExpression(operand, scope);
  const { type, compute } = unaryOperation(operator, input.type);
  const result = mapped(input, type, compute);
  return input.literalDigits === undefined || operator === '~'
    ? result
    : { ...result, literalDigits: input.literalDigits };
}

function binary({ operator, left, right }: Of<'binary'>, scope: Scope): Compiled {
  return combine(operator, compileExpression(left, scope), compileExpression(right, scope), scope);
}

/** An arithmetic operation on two compiled operands, as `@x += 1` needs it too. */
export function combine(
  operator: Of<'binary'>['operator'],
  left: Compiled,
  right: Compiled,
  scope: Pick<Scope, 'session'>,
): Compiled {
  const [firstType = left.type, secondType = right.type] = collatedTypes([left, right]);
  const {
    type,
    left: leftType,
    right: rightType,
    compute,
  } = operation(operator, firstType, secondType, left.literalDigits, right.literalDigits);
  const leftInput = convertTo(left, leftType, scope);
  const rightInput = convertTo(right, rightType, scope);
  const [readLeft, readRight] = [leftInput.evaluate, rightInput.evaluate];
  const result = folded(type, left.isNullable || right.isNullable, [leftInput, rightInput], (frame) => {
    const a = readLeft(frame);
    const b = readRight(frame);
    return a === null || b === null ? null : compute(a, b);
  });
  return left.isCollationExplicit || right.isCollationExplicit
    ? { ...result, isCollationExplicit: true }
    : result;
}

function collate({ operand, collation }: Of<'collate'>, scope: Scope): Compiled {
  const input = compileExpression(operand, scope);
  const name = collation.toLowerCase() === 'database_default' ? scope.session.database.collation : collation;
  collationOf(name);
  if (input.type.kind === 'null') return constant({ kind: 'varchar', length: 1, collation: name }, null);
  if (!isCharacter(input.type))
    throw new SqlError(447, `Expression type ${input.type.kind} is invalid for COLLATE clause.`);
  return { ...input, type: { ...input.type, collation: name }, isCollationExplicit: true };
}

type Branch = { readonly when: CompiledCondition; readonly result: Compiled };

function simpleCase(expression: Of<'simple-case'>, scope: Scope): Compiled {
  const operand = compileExpression(expression.operand, scope);
  return cases(
    expression.branches.map(({ when, result }) => ({
      when: compare('=', operand, compileExpression(when, scope), scope),
      result: compileExpression(result, scope),
    })),
    expression.otherwise,
    scope,
  );
}

function searchedCase(expression: Of<'case'>, scope: Scope): Compiled {
  return cases(
    expression.branches.map(({ when, result }) => ({
      when: compileCondition(when, scope),
      result: compileExpression(result, scope),
    })),
    expression.otherwise,
    scope,
  );
}

function cases(branches: readonly Branch[], otherwiseNode: Expression | undefined, scope: Scope): Compiled {
  const otherwise = otherwiseNode ? compileExpression(otherwiseNode, scope) : undefined;
  const results = branches.map((branch) => branch.result);
  const all = otherwise ? [...results, otherwise] : results;
  if (all.every((result) => result.type.kind === 'null'))
    throw new SqlError(
      8133,
      'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.',
    );
  const type = resultType(all);
  const converted = branches.map(({ when, result }) => ({
    when,
    read: convertTo(result, type, scope).evaluate,
  }));
  const fallback = otherwise ? convertTo(otherwise, type, scope).evaluate : undefined;
  return {
    type,
    isNullable: otherwise === undefined || all.some((result) => result.isNullable),
    evaluate: (frame) => {
      for (const { when, read } of converted) if (when(frame) === true) return read(frame);
      return fallback ? fallback(frame) : null;
    },
  };
}

/** The common type of expressions, as CASE and COALESCE have it. */
export function resultType(expressions: readonly Compiled[]): SqlType {
  return commonType(collatedTypes(expressions));
}

function cast(expression: Of<'cast'>, scope: Scope): Compiled {
  const { operand, style: styleNode, isTry } = expression;
  const input = compileExpression(operand, scope);
  const resolved = resolveType(expression.type, scope.session.database, 30);
  const collation = isCharacter(resolved) && isCharacter(input.type) ? input.type.collation : undefined;
  const type = collation === undefined ? resolved : { ...resolved, collation };
  const style = styleNode ? convertTo(compileExpression(styleNode, scope), INT, scope) : undefined;
  if (style && !isConstant(style)) return castWithVariableStyle(input, type, style, isTry, scope);
  if (style?.constant === null) return constant(type, null);
  const options =
    style?.constant === undefined ? { explicit: true } : { explicit: true, style: Number(style.constant) };
  if (!isTry) return convertTo(input, type, scope, options);
  // A pair of types without conversion is an error in TRY_CAST too, so this is outside the try.
  const convertValue = converter(input.type, type, { ...options, session: scope.session });
  return { type, isNullable: true, evaluate: trying((frame) => convertValue(input.evaluate(frame))) };
}

const trying =
  (evaluate: (frame: Frame) => Value): ((frame: Frame) => Value) =>
  (frame) => {
    try {
      return evaluate(frame);
    } catch (error) {
      if (error instanceof SqlError && !(error instanceof Refusal)) return null;
      throw error;
    }
  };

function castWithVariableStyle(
  input: Compiled,
  type: SqlType,
  style: Compiled,
  isTry: boolean,
  scope: Scope,
): Compiled {
  const converters = new Map<number, Converter>();
  const converterOf = (number: number): Converter => {
    let found = converters.get(number);
    if (!found) {
      found = converter(input.type, type, { explicit: true, style: number, session: scope.session });
      converters.set(number, found);
    }
    return found;
  };
  converterOf(0);
  const evaluate = (frame: Frame): Value => {
    const number = style.evaluate(frame);
    return number === null ? null : converterOf(number as number)(input.evaluate(frame));
  };
  return { type, isNullable: true, evaluate: isTry ? trying(evaluate) : evaluate };
}
