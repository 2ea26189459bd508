import { parseCondition } from './conditions.ts';
import type { VariableKind } from './declared-variables.ts';
import { parseExpression } from './expressions.ts';
import type { Token } from './lexer.ts';
import { isName } from './names.ts';
import { refusedFeature, refusedOption } from './refusals.ts';
import { parseBeginTransaction } from './session-statements.ts';
import { parseStatement, parseStatements, type StatementNode } from './statements.ts';
import type { ControlStatement, Expression, Position } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { parseTableDefinition } from './table-definitions.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

/** BEGIN of a block, of TRY or of a transaction. */
export function parseBegin(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('begin');
  if (input.is('tran') || input.is('transaction')) return parseBeginTransaction(input);
  if (input.is('distributed')) throw refusedFeature('distributed-transaction', at);
  if (input.is('dialog') || input.is('conversation')) throw refusedFeature('service-broker', at);
  if (input.is('atomic')) throw refusedFeature('natively-compiled', at);
  if (input.accept('try')) return parseTry(input);
  const statements = parseStatements(input, () => input.is('end'));
  // Nothing between BEGIN and END is an error at END.
  if (statements.length === 0) throw input.unexpected();
  input.expect('end');
  return { kind: 'block', statements };
}

function parseTry(input: TokenReader): ControlStatement {
  const body = parseStatements(input, () => input.is('end'));
  input.expect('end', 'try');
  input.expect('begin', 'catch');
  input.catchDepth++;
  const handler = parseStatements(input, () => input.is('end'));
  input.catchDepth--;
  input.expect('end', 'catch');
  return { kind: 'try', body, handler };
}

export function parseIf(input: TokenReader): ControlStatement {
  input.expect('if');
  const condition = parseCondition(input);
  const then = parseStatement(input, true);
  const following = input.ahead(1);
  if (input.isSymbol(';') && following.kind === 'word' && following.key === 'else') input.take();
  const otherwise = input.accept('else') ? { otherwise: parseStatement(input, true) } : {};
  return { kind: 'if', condition, then, ...otherwise };
}

export function parseWhile(input: TokenReader): ControlStatement {
  input.expect('while');
  const condition = parseCondition(input);
  input.loopDepth++;
  const body = parseStatement(input, true);
  input.loopDepth--;
  return { kind: 'while', condition, body };
}

export function parseBreak(input: TokenReader): ControlStatement {
  if (input.loopDepth === 0) throw syntaxProblem('break-outside-loop', input.current);
  input.expect('break');
  return { kind: 'break' };
}

export function parseContinue(input: TokenReader): ControlStatement {
  if (input.loopDepth === 0) throw syntaxProblem('continue-outside-loop', input.current);
  input.expect('continue');
  return { kind: 'continue' };
}

export function parseReturn(input: TokenReader): ControlStatement {
  const at = input.at;
  input.expect('return');
  if (!startsReturnValue(input)) return { kind: 'return' };
  if (input.surroundings !== 'procedure' && input.surroundings !== 'function') {
    throw syntaxProblem('return-value-not-here', at);
  }
  return { kind: 'return', value: parseExpression(input) };
}

const reservedOperands: ReadonlySet<string> = new Set([
  'null',
  'case',
  'coalesce',
  'nullif',
  'convert',
  'try_convert',
  'left',
  'right',
  'current_timestamp',
  'current_user',
  'session_user',
  'system_user',
  'user',
]);

function startsReturnValue(input: TokenReader): boolean {
  const { kind, key, isReserved } = input.current;
  if (kind === 'end') return false;
  if (kind === 'symbol') return ['(', '-', '+', '~'].includes(key);
  return !isReserved || reservedOperands.has(key);
}

/** THROW is no reserved word, so only a terminated statement before it keeps it from being a name there. */
export function parseThrow(input: TokenReader, isSeparated: boolean): ControlStatement {
  if (!isSeparated) throw input.unexpected();
  const at = input.at;
  input.expect('throw');
  if (input.current.kind !== 'integer' && input.current.kind !== 'variable') {
    if (input.catchDepth === 0) throw syntaxProblem('rethrow-outside-catch', at);
    return { kind: 'throw' };
  }
  const number = parseConstant(input);
  input.expectSymbol(',');
  const message = parseConstant(input);
  input.expectSymbol(',');
  return { kind: 'throw', arguments: [number, message, parseConstant(input)] };
}

/** A constant or a variable: no expression may stand here. */
function parseConstant(input: TokenReader): Expression {
  const isSigned = input.isSymbol('-') || input.isSymbol('+');
  const { kind } = input.ahead(isSigned ? 1 : 0);
  if (['symbol', 'end', 'bracketed'].includes(kind) || isName(input)) throw input.unexpected();
  const expression = parseExpression(input);
  const isConstant = ['literal', 'variable', 'unary'].includes(expression.kind);
  if (!isConstant) throw syntaxProblem('syntax-near', expression.at, input.previous.value);
  return expression;
}

export function parseRaiserror(input: TokenReader): ControlStatement {
  const at = input.at;
  input.expect('raiserror');
  if (!input.isSymbol('(')) throw refusedFeature('old-raiserror', at);
  input.expectSymbol('(');
  const message = parseConstant(input);
  input.expectSymbol(',');
  const severity = parseConstant(input);
  input.expectSymbol(',');
  const state = parseConstant(input);
  const list: Expression[] = [];
  while (input.acceptSymbol(',')) list.push(parseConstant(input));
  input.expectSymbol(')');
  const options = input.accept('with') ? input.list(() => parseRaiserrorOption(input)) : [];
  return { kind: 'raiserror', message, severity, state, arguments: list, options };
}

function parseRaiserrorOption(input: TokenReader): 'nowait' | 'log' | 'seterror' {
  const option = (['nowait', 'log', 'seterror'] as const).find((word) => input.accept(word));
  if (option !== undefined) return option;
  if (input.current.kind !== 'word') throw input.unexpected();
  throw refusedOption(`RAISERROR WITH ${input.current.value.toUpperCase()}`, input.at);
}

export function parsePrint(input: TokenReader): ControlStatement {
  input.expect('print');
  return { kind: 'print', message: parseExpression(input) };
}

export function parseWaitfor(input: TokenReader): ControlStatement {
  const at = input.at;
  input.expect('waitfor');
  if (!input.accept('delay')) throw refusedFeature('waitfor-time', at);
  return { kind: 'waitfor-delay', delay: parseConstant(input) };
}

type DeclareStatement = Extract<ControlStatement, { kind: 'declare' | 'declare-table' }>;
type Declared = {
  readonly token: Token;
  readonly kind: VariableKind;
  readonly at: Position;
  readonly text: string;
} & (
  | { readonly statement: Extract<ControlStatement, { kind: 'declare-table' }> }
  | { readonly variable: Extract<ControlStatement, { kind: 'declare' }>['variables'][number] }
);

/** One DECLARE may hold scalar variables and tables: where both stand, the tree has a block of several statements. */
export function parseDeclare(input: TokenReader): StatementNode {
  input.expect('declare');
  if (isName(input)) throw refusedFeature('cursors', input.at);
  const declared = input.list(() => parseDeclared(input));
  // Known from here on only: a value in the same DECLARE cannot use them, as
  // learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-develop-variable-assignment says.
  for (const { token, kind } of declared) input.variables.declare(token, kind);
  const statements: (DeclareStatement & { at: Position; text: string })[] = [];
  const variables = declared.flatMap((one) => ('variable' in one ? [one.variable] : []));
  const [first] = declared;
  if (variables.length > 0 && first !== undefined) {
    statements.push({ kind: 'declare', variables, at: first.at, text: first.text });
  }
  for (const one of declared) {
    if ('statement' in one) statements.push({ ...one.statement, at: one.at, text: one.text });
  }
  const [only] = statements;
  return statements.length === 1 && only !== undefined ? only : { kind: 'block', statements };
}

function parseDeclared(input: TokenReader): Declared {
  const at = input.at;
  const token = input.expectVariable();
  input.accept('as');
  if (input.accept('table')) {
    const definition = parseTableDefinition(input);
    const statement = { kind: 'declare-table', name: token.key, definition } as const;
    return { token, kind: 'table', at, text: input.sourceFrom(at), statement };
  }
  const type = parseTypeName(input);
  const value = input.acceptSymbol('=') ? { value: parseExpression(input) } : {};
  const kind = type.schema === undefined ? 'scalar' : 'either';
  return { token, kind, at, text: input.sourceFrom(at), variable: { name: token.key, type, ...value } };
}
