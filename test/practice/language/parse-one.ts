import { type ParseOptions, parseBatch, SyntaxProblem } from '../../../src/practice/language/parser.ts';
import type { Condition, Expression, Query, Statement } from '../../../src/practice/language/syntax.ts';

/** The only statement of a batch. */
export function statement(text: string, options?: ParseOptions): Statement {
  const { statements } = parseBatch(text, options);
  if (statements.length !== 1) throw new Error(`expected one statement, got ${statements.length}: ${text}`);
  return statements[0]!;
}

export function query(text: string): Query {
  const parsed = statement(text);
  if (parsed.kind !== 'query') throw new Error(`no query: ${text}`);
  return parsed.query;
}

/** The expression that `SELECT <text>` selects. */
export function expression(text: string, options?: ParseOptions): Expression {
  const parsed = statement(`SELECT ${text}`, options);
  const body = parsed.kind === 'query' ? parsed.query.body : undefined;
  const item = body?.kind === 'select' ? body.items[0] : undefined;
  if (item?.kind !== 'expression') throw new Error(`no expression: ${text}`);
  return item.expression;
}

export function condition(text: string): Condition {
  const parsed = statement(`IF ${text} SELECT 1`);
  if (parsed.kind !== 'if') throw new Error(`no condition: ${text}`);
  return parsed.condition;
}

/** What the parser says against a text: the number, or with the line before it as `2:102`. */
export function problem(text: string, options: ParseOptions = { variables: [] }): SyntaxProblem {
  try {
    parseBatch(text, options);
  } catch (error) {
    if (error instanceof SyntaxProblem) return error;
    throw error;
  }
  throw new Error(`parsed without a problem: ${text}`);
}

/** An expression or condition with every operator in parentheses, so that a test can show what binds to what. */
export function shape(node: Expression | Condition): string {
  switch (node.kind) {
    case 'literal':
      return node.value.type === 'null'
        ? 'null'
        : node.value.type === 'binary'
          ? node.value.hex
          : node.value.text;
    case 'column':
      return node.parts.join('.');
    case 'variable':
      return node.name;
    case 'unary':
      return `(${node.operator}${shape(node.operand)})`;
    case 'binary':
    case 'comparison':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`;
    case 'and':
    case 'or':
      return `(${shape(node.left)} ${node.kind} ${shape(node.right)})`;
    case 'not':
      return `(not ${shape(node.operand)})`;
    case 'collate':
      return `(${shape(node.operand)} collate ${node.collation})`;
    case 'call':
      return `${node.name.name}(${node.star ? '*' : node.arguments.map(shape).join(', ')})`;
    case 'between':
      return `(${shape(node.operand)} between ${shape(node.low)} and ${shape(node.high)})`;
    case 'is-null':
      return `(${shape(node.operand)} is ${node.isNegated ? 'not ' : ''}null)`;
    default:
      return `<${node.kind}>`;
  }
}
