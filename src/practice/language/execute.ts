import { literalOf, parseExpression } from './expressions.ts';
import { isName, parseObjectName } from './names.ts';
import { refusedFeature } from './refusals.ts';
import type { Execute, ExecuteArgument, Expression, Impersonation, Position } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/** EXEC or EXECUTE of a procedure or of a text. */
export function parseExecute(input: TokenReader): Execute | ExecuteAs {
  const at = input.at;
  if (!input.accept('exec')) input.expect('execute');
  if (input.accept('as')) return parseExecuteAs(input);
  return parseExecuteRest(input, at);
}

type ExecuteAs = { readonly kind: 'execute-as'; readonly identity: Impersonation };

/** After EXECUTE AS. Sessions that give their identity up for good, and cookies, are refused. */
function parseExecuteAs(input: TokenReader): ExecuteAs {
  const at = input.at;
  if (input.is('caller') || input.is('self') || input.is('owner')) throw refusedFeature('execute-as', at);
  const principal = input.accept('login') ? 'login' : 'user';
  if (principal === 'user') input.expect('user');
  input.expectSymbol('=');
  const name = parseExpression(input);
  if (input.is('with', 'no') || input.is('with', 'cookie')) throw refusedFeature('execute-as', at);
  return { kind: 'execute-as', identity: { principal, name } };
}

/** EXEC of a procedure or text; the word itself has been taken. */
function parseExecuteRest(input: TokenReader, at: Position): Execute {
  if (input.acceptSymbol('(')) {
    const text = parseExpression(input);
    if (input.isSymbol(',')) throw refusedFeature('remote-execution', at);
    input.expectSymbol(')');
    if (input.is('as')) throw refusedFeature('execute-as', at);
    if (input.is('at')) throw refusedFeature('remote-execution', at);
    return { kind: 'execute', target: { kind: 'text', text }, arguments: [] };
  }
  return { ...parseReturnTarget(input), ...parseProcedureCall(input) };
}

function parseReturnTarget(input: TokenReader): { returnTo?: string } {
  if (input.current.kind !== 'variable' || !input.isSymbol('=', 1)) return {};
  const token = input.expectVariable();
  input.variables.requireScalar(token, true);
  input.take();
  return { returnTo: token.key };
}

/** A procedure and its arguments: what follows EXEC, or stands alone at the beginning of a batch. */
export function parseProcedureCall(input: TokenReader): Execute {
  const target = parseProcedure(input);
  const list = startsArgument(input) ? parseArguments(input) : [];
  if (input.is('with')) {
    if (input.is('with', 'result')) throw refusedFeature('result-sets', input.at);
    if (input.ahead(1).key !== 'recompile') throw syntaxProblem('with-needs-semicolon', input.current);
    // A fresh plan changes no result: there is nothing to record.
    input.expect('with', 'recompile');
  }
  return { kind: 'execute', target, arguments: list };
}

function parseProcedure(input: TokenReader): Execute['target'] {
  if (input.current.kind === 'variable') {
    const token = input.expectVariable();
    input.variables.requireScalar(token);
    return { kind: 'procedure-variable', name: token.key };
  }
  const name = parseObjectName(input);
  if (input.isSymbol(';') && input.ahead(1).kind === 'integer') {
    throw refusedFeature('numbered-procedure', input.at);
  }
  return { kind: 'procedure', name };
}

function startsArgument(input: TokenReader): boolean {
  const { kind } = input.current;
  if (kind === 'symbol') return input.isSymbol('-') || input.isSymbol('+');
  if (kind === 'word' && input.current.isReserved) return input.is('null') || input.is('default');
  return kind !== 'end';
}

function parseArguments(input: TokenReader): readonly ExecuteArgument[] {
  let position = 0;
  let isNamed = false;
  return input.list(() => {
    position++;
    const argument = parseArgument(input, isNamed ? position : undefined);
    isNamed ||= argument.name !== undefined;
    return argument;
  });
}

function parseArgument(input: TokenReader, mustBeNamedAs: number | undefined): ExecuteArgument {
  const at = input.at;
  const isNamed = input.current.kind === 'variable' && input.isSymbol('=', 1);
  if (!isNamed && mustBeNamedAs !== undefined) {
    throw syntaxProblem('argument-needs-name', at, String(mustBeNamedAs));
  }
  const name = isNamed ? { name: input.expectVariable().key } : {};
  if (isNamed) input.expectSymbol('=');
  const value = parseArgumentValue(input);
  const isOutput = input.accept('output') || input.accept('out');
  if (isOutput && value.kind !== 'variable') throw syntaxProblem('output-of-constant', at);
  return { ...name, value, isOutput };
}

/** A constant, a variable, DEFAULT or a bare word, which stands for itself as a string: no expressions here. */
function parseArgumentValue(input: TokenReader): Expression {
  const at = input.at;
  if (input.accept('default')) return { kind: 'default', at };
  const token = input.current;
  if (input.isSymbol('-') || input.isSymbol('+')) {
    input.take();
    const number = input.current;
    const value = literalOf(input, number);
    if (!['integer', 'decimal', 'float', 'money'].includes(number.kind) || value === undefined) {
      throw input.unexpected();
    }
    input.take();
    const operand: Expression = { kind: 'literal', value, at };
    return token.key === '-' ? { kind: 'unary', operator: '-', operand, at } : operand;
  }
  const value = literalOf(input, token);
  if (value !== undefined) {
    input.take();
    return { kind: 'literal', value, at };
  }
  if (token.kind === 'variable') {
    input.take();
    input.variables.requireScalar(token);
    return { kind: 'variable', name: token.key, at };
  }
  if (!isName(input)) throw input.unexpected();
  input.take();
  return { kind: 'literal', value: { type: 'string', text: token.value, isUnicode: true }, at };
}

/** EXEC where only a call may stand: INSERT ... EXEC. */
export function parseExecuteCall(input: TokenReader): Execute {
  const at = input.at;
  if (!input.accept('exec')) input.expect('execute');
  return parseExecuteRest(input, at);
}
