import { literalOf, parseExpression } from './expressions.ts';
import { isName, parseNameText, parseObjectName } from './names.ts';
import { refusedFeature, refusedOption, refusedStatement } from './refusals.ts';
import { acceptAssignment } from './selects.ts';
import type { StatementNode } from './statements.ts';
import type { Expression, SessionStatement } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/** https://learn.microsoft.com/sql/t-sql/statements/set-statements-transact-sql */
const switches: ReadonlySet<string> = new Set([
  'ansi_defaults',
  'ansi_null_dflt_off',
  'ansi_null_dflt_on',
  'ansi_nulls',
  'ansi_padding',
  'ansi_warnings',
  'arithabort',
  'arithignore',
  'concat_null_yields_null',
  'cursor_close_on_commit',
  'fmtonly',
  'forceplan',
  'implicit_transactions',
  'no_browsetable',
  'nocount',
  'noexec',
  'numeric_roundabort',
  'parseonly',
  'quoted_identifier',
  'remote_proc_transactions',
  'xact_abort',
]);
/** Real options that are not here. */
const refusedSwitches: ReadonlySet<string> = new Set([
  'fips_flagger',
  'offsets',
  'result_set_caching',
  'showplan_all',
  'showplan_text',
  'showplan_xml',
  'statistics',
]);
const valued: ReadonlySet<string> = new Set([
  'context_info',
  'datefirst',
  'dateformat',
  'deadlock_priority',
  'language',
  'lock_timeout',
  'query_governor_cost_limit',
  'rowcount',
  'textsize',
]);

export function parseSet(input: TokenReader): StatementNode {
  input.expect('set');
  if (input.current.kind === 'variable') return parseSetVariable(input);
  if (input.accept('transaction')) return parseIsolation(input);
  if (input.accept('identity_insert')) {
    const table = parseObjectName(input);
    return { kind: 'set-identity-insert', table, value: parseSwitch(input) };
  }
  const option = input.current;
  if (option.kind !== 'word') throw input.unexpected();
  if (valued.has(option.key)) {
    input.take();
    return { kind: 'set-value', option: option.key, value: parseOptionValue(input) };
  }
  return parseSwitches(input);
}

function parseSetVariable(input: TokenReader): StatementNode {
  const token = input.expectVariable();
  if (input.isSymbol('.')) throw refusedFeature('xml-method', token);
  const operator = acceptAssignment(input);
  if (operator === undefined) throw input.unexpected();
  if (input.is('cursor')) throw refusedFeature('cursors', token);
  input.variables.requireScalar(token, true);
  return { kind: 'set-variable', variable: token.key, operator, value: parseExpression(input) };
}

function parseSwitches(input: TokenReader): SessionStatement {
  const options = input.list(() => {
    const { kind, key, value } = input.current;
    if (kind !== 'word') throw input.unexpected();
    if (!switches.has(key)) {
      const isKnownKeyword = !input.current.isReserved || ['statistics', 'offsets'].includes(key);
      if (!isKnownKeyword) throw input.unexpected();
      const second = key === 'statistics' ? ` ${input.ahead(1).value.toUpperCase()}` : '';
      if (!refusedSwitches.has(key)) throw syntaxProblem('unknown-set-option', input.current, value);
      throw refusedOption(`SET ${value.toUpperCase()}${second}`, input.at);
    }
    return input.take().key;
  });
  const value = parseSwitch(input);
  const changesQuotes = options.includes('quoted_identifier') || options.includes('ansi_defaults');
  // Inside a module the setting of its creation holds.
  if (changesQuotes && input.surroundings === 'batch') input.quotedIdentifier = value;
  return { kind: 'set-option', options, value };
}

function parseSwitch(input: TokenReader): boolean {
  if (input.accept('on')) return true;
  input.expect('off');
  return false;
}

/** A constant, a variable, or a bare word (SET LANGUAGE us_english), which stands for itself as a string. */
function parseOptionValue(input: TokenReader): Expression {
  const at = input.at;
  const token = input.current;
  if (isName(input)) {
    input.take();
    return { kind: 'literal', value: { type: 'string', text: token.value, isUnicode: true }, at };
  }
  if (input.acceptSymbol('-')) {
    const value = literalOf(input, input.current);
    if (value === undefined) throw input.unexpected();
    input.take();
    return { kind: 'unary', operator: '-', operand: { kind: 'literal', value, at }, at };
  }
  const value = literalOf(input, token);
  if (value !== undefined) {
    input.take();
    return { kind: 'literal', value, at };
  }
  if (token.kind !== 'variable') throw input.unexpected();
  input.take();
  input.variables.requireScalar(token);
  return { kind: 'variable', name: token.key, at };
}

const levels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable', 'snapshot'] as const;

function parseIsolation(input: TokenReader): SessionStatement {
  input.expect('isolation', 'level');
  const level = levels.find((one) => input.accept(...one.split(' ')));
  if (level === undefined) throw input.unexpected();
  return { kind: 'set-isolation', level };
}

export function parseUse(input: TokenReader): SessionStatement {
  input.expect('use');
  return { kind: 'use', database: parseNameText(input) };
}

/** The rest of BEGIN TRANSACTION. */
export function parseBeginTransaction(input: TokenReader): SessionStatement {
  input.take();
  const name = parseTransactionName(input);
  if (input.is('with', 'mark')) throw refusedFeature('transaction-mark', input.at);
  return { kind: 'begin-transaction', ...name };
}

export function parseCommit(input: TokenReader): SessionStatement {
  const at = input.at;
  input.expect('commit');
  const name = parseTransactionEnding(input);
  if (input.is('with') && input.isSymbol('(', 1)) throw refusedFeature('delayed-durability', at);
  return { kind: 'commit', ...name };
}

export function parseRollback(input: TokenReader): SessionStatement {
  input.expect('rollback');
  return { kind: 'rollback', ...parseTransactionEnding(input) };
}

export function parseSaveTransaction(input: TokenReader): SessionStatement {
  input.expect('save');
  if (!input.accept('tran')) input.expect('transaction');
  const name = parseTransactionName(input);
  if (name.name === undefined) throw input.unexpected();
  return { kind: 'save-transaction', ...name };
}

type TransactionName = { name?: string | { variable: string } };

/** TRAN and a name, WORK, or nothing: only TRAN has a name after it. */
function parseTransactionEnding(input: TokenReader): TransactionName {
  if (input.accept('work')) return {};
  return input.accept('tran') || input.accept('transaction') ? parseTransactionName(input) : {};
}

function parseTransactionName(input: TokenReader): TransactionName {
  if (input.current.kind === 'variable') {
    const token = input.expectVariable();
    input.variables.requireScalar(token);
    return { name: { variable: token.key } };
  }
  return isName(input) ? { name: parseNameText(input) } : {};
}

/** DBCC commands that have a meaning without pages and files. */
const dbccCommands = new Set(['useroptions', 'checkident']);

export function parseDbcc(input: TokenReader): SessionStatement {
  const at = input.at;
  input.expect('dbcc');
  const command = input.take();
  if (!dbccCommands.has(command.key)) throw refusedStatement(`DBCC ${command.value.toUpperCase()}`, at);
  const list = input.isSymbol('(') ? input.parenthesized(() => parseOptionValue(input)) : [];
  const options = input.accept('with') ? input.list(() => parseDbccOption(input)) : [];
  return { kind: 'dbcc', command: command.key, arguments: list, options };
}

function parseDbccOption(input: TokenReader): string {
  if (!input.is('no_infomsgs'))
    throw refusedOption(`DBCC WITH ${input.current.value.toUpperCase()}`, input.at);
  return input.take().key;
}

export function parseCheckpoint(input: TokenReader): SessionStatement {
  input.expect('checkpoint');
  return { kind: 'checkpoint' };
}

/** REVERT; WITH COOKIE is refused. */
export function parseRevert(input: TokenReader): SessionStatement {
  const at = input.at;
  input.expect('revert');
  if (input.is('with', 'cookie')) throw refusedFeature('execute-as', at);
  return { kind: 'revert' };
}
