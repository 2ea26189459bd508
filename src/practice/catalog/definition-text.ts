/**
 * Expressions as SQL Server stores them for defaults, checks, computed columns and filters: `([a]>(0))`, `((1))`,
 * `(getdate())`. Names in brackets, numbers in parentheses, keywords of conditions in capitals.
 */

import type { BinaryOperator, Condition, Expression, TypeName } from '../language/syntax.ts';

/** The stored form of a default or computed column, in its outer parentheses. */
export const expressionDefinition = (expression: Expression): string => `(${expressionText(expression)})`;

/** The stored form of a check or filter, in its outer parentheses. */
export const conditionDefinition = (condition: Condition): string => `(${conditionText(condition, 0)})`;

const bracket = (name: string): string => `[${name.replaceAll(']', ']]')}]`;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return literalText(expression.value);
    case 'column':
      return expression.parts.map(bracket).join('.');
    case 'variable':
      return expression.name.startsWith('@@') ? expression.name.toUpperCase() : expression.name;
    case 'unary': {
      const { operand, operator } = expression;
      // A sign in front of a number becomes part of it.
      if (operand.kind === 'literal' && operator === '-' && 'text' in operand.value)
        return `(-${operand.value.text})`;
      return `${operator}${operandText(operand, '*', true)}`;
    }
    case 'binary':
      return (
        operandText(expression.left, expression.operator, false) +
        expression.operator +
        operandText(expression.right, expression.operator, true)
      );
    case 'collate':
      return `${expressionText(expression.operand)} collate ${expression.collation}`;
    case 'simple-case':
      return caseText(
        ` ${expressionText(expression.operand)}`,
        expression.branches.map(({ when, result }) => [expressionText(when), result]),
        expression.otherwise,
      );
    case 'case':
      return caseText(
        '',
        expression.branches.map(({ when, result }) => [conditionText(when, 0), result]),
        expression.otherwise,
      );
    case 'cast': {
      const style = expression.style === undefined ? '' : `,${expressionText(expression.style)}`;
      const word = expression.isTry ? 'TRY_CAST' : 'CONVERT';
      if (expression.isTry)
        return `${word}(${expressionText(expression.operand)} AS ${typeText(expression.type)})`;
      return `${word}(${typeText(expression.type)},${expressionText(expression.operand)}${style})`;
    }
    case 'call':
      return callText(expression);
    case 'at-time-zone':
      return `${expressionText(expression.operand)} AT TIME ZONE ${expressionText(expression.zone)}`;
    case 'default':
      return 'DEFAULT';
    case 'subquery':
      // Subqueries are not allowed in any of these definitions.
      return '(select ...)';
  }
}

const precedence = (operator: BinaryOperator): number => ('*/%'.includes(operator) ? 2 : 1);

/** An operand keeps the parentheses that the order of operations needs. */
function operandText(operand: Expression, operator: BinaryOperator, isRight: boolean): string {
  if (operand.kind !== 'binary') return expressionText(operand);
  const [outer, inner] = [precedence(operator), precedence(operand.operator)];
  return inner < outer || (isRight && inner === outer)
    ? `(${expressionText(operand)})`
    : expressionText(operand);
}

function literalText(literal: Extract<Expression, { kind: 'literal' }>['value']): string {
  switch (literal.type) {
    case 'null':
      return 'NULL';
    case 'string':
      return `${literal.isUnicode ? 'N' : ''}${quoted(literal.text)}`;
    case 'binary':
      return `0x${literal.hex}`;
    default:
      return `(${literal.text})`;
  }
}

const typeText = (type: TypeName): string => {
  const name =
    type.schema === undefined ? bracket(type.name) : `${bracket(type.schema)}.${bracket(type.name)}`;
  return type.arguments.length === 0 ? name : `${name}(${type.arguments.join(',')})`;
};

function caseText(
  operand: string,
  branches: readonly (readonly [string, Expression])[],
  otherwise: Expression | undefined,
): string {
  const whens = branches.map(([when, result]) => ` when ${when} then ${expressionText(result)}`).join('');
  const rest = otherwise === undefined ? '' : ` else ${expressionText(otherwise)}`;
  return `case${operand}${whens}${rest} end`;
}

/** Functions whose first argument is a word. */
const datePartFunctions = new Set(['dateadd', 'datediff', 'datepart', 'datename', 'datediff_big']);

function callText(call: Extract<Expression, { kind: 'call' }>): string {
  const { schema, name } = call.name;
  if (schema !== undefined) {
    return `${bracket(schema)}.${bracket(name)}(${call.arguments.map(expressionText).join(',')})`;
  }
  const lower = name.toLowerCase();
  if (lower === 'current_timestamp') return 'getdate()';
  if (lower === 'current_user' || lower === 'session_user' || lower === 'user') return 'user_name()';
  if (lower === 'system_user') return 'suser_sname()';
  if (lower === 'coalesce') return coalesceText(call.arguments);
  const args = call.arguments.map((argument, index) =>
    index === 0 && datePartFunctions.has(lower) && argument.kind === 'column'
      ? (argument.parts[0] ?? '').toLowerCase()
      : expressionText(argument),
  );
  return `${lower}(${args.join(',')})`;
}

/** COALESCE is stored as the CASE that it stands for. */
function coalesceText(args: readonly Expression[]): string {
  const texts = args.map(expressionText);
  const whens = texts.slice(0, -1).map((text) => ` when ${text} IS NOT NULL then ${text}`);
  return `case${whens.join('')} else ${texts.at(-1) ?? ''} end`;
}

/** `strength`: 0 stands alone, 1 under OR, 2 under AND, 3 under NOT. */
function conditionText(condition: Condition, strength: number): string {
  const group = (own: number, text: string): string => (own < strength ? `(${text})` : text);
  const not = (isNegated: boolean): string => (isNegated ? 'NOT ' : '');
  switch (condition.kind) {
    case 'comparison':
      return `${expressionText(condition.left)}${condition.operator}${expressionText(condition.right)}`;
    case 'or':
      return group(1, `${conditionText(condition.left, 1)} OR ${conditionText(condition.right, 1)}`);
    case 'and':
      return group(2, `${conditionText(condition.left, 2)} AND ${conditionText(condition.right, 2)}`);
    case 'not':
      return `NOT ${conditionText(condition.operand, 3)}`;
    case 'is-null':
      return `${expressionText(condition.operand)} IS ${not(condition.isNegated)}NULL`;
    case 'between': {
      const operand = expressionText(condition.operand);
      const [low, high] = [expressionText(condition.low), expressionText(condition.high)];
      return condition.isNegated
        ? group(1, `${operand}<${low} OR ${operand}>${high}`)
        : group(2, `${operand}>=${low} AND ${operand}<=${high}`);
    }
    case 'in-list': {
      // The server writes a list as comparisons, the last one first.
      const operand = expressionText(condition.operand);
      const parts = condition.list.map((item) => expressionText(item)).reverse();
      return condition.isNegated
        ? `NOT ${parts.length > 1 ? '(' : ''}${parts.map((part) => `${operand}=${part}`).join(' OR ')}${parts.length > 1 ? ')' : ''}`
        : group(parts.length > 1 ? 1 : 3, parts.map((part) => `${operand}=${part}`).join(' OR '));
    }
    case 'like': {
      const escaping = condition.escape === undefined ? '' : ` escape ${expressionText(condition.escape)}`;
      return `${not(condition.isNegated)}${expressionText(condition.operand)} like ${expressionText(condition.pattern)}${escaping}`;
    }
    case 'update-of':
      return `UPDATE(${bracket(condition.column)})`;
    case 'quantified':
    case 'in-query':
    case 'exists':
      // Subqueries are not allowed in any of these definitions.
      return '(select ...)';
  }
}
