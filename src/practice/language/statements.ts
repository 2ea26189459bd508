import { refusedWords } from '../features.ts';
import * as control from './control-statements.ts';
import { parseDelete, parseInsert, parseTruncate, parseUpdate } from './data-statements.ts';
import { parseAlter, parseCreate, parseDrop } from './definition-statements.ts';
import { parseExecute, parseProcedureCall } from './execute.ts';
import { parseInsertBulk } from './insert-bulk.ts';
import { parseMerge } from './merge.ts';
import { isName } from './names.ts';
import { parseCommonTables, parseQuery } from './queries.ts';
import { refusedFeature, refusedStatement } from './refusals.ts';
import { parseEnableTrigger, parsePermission } from './security-statements.ts';
import * as session from './session-statements.ts';
import type { CommonTable, Statement } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/** A statement before it knows where it stood. */
export type StatementNode = Statement extends infer Each
  ? Each extends Statement
    ? Omit<Each, 'at' | 'text'>
    : never
  : never;

/** Statements up to where `isEnd` says so; the terminators between them are optional. */
export function parseStatements(input: TokenReader, isEnd: () => boolean): readonly Statement[] {
  const statements: Statement[] = [];
  for (let isSeparated = true; ; ) {
    while (input.acceptSymbol(';')) isSeparated = true;
    if (isEnd()) return statements;
    statements.push(parseStatement(input, isSeparated));
    isSeparated = false;
  }
}

/** One statement. `isSeparated`: a semicolon or the beginning of a block stands before it (WITH and THROW need one). */
export function parseStatement(input: TokenReader, isSeparated: boolean): Statement {
  const at = input.at;
  input.statementCount++;
  const node = input.nested(() => parseStatementNode(input, isSeparated));
  const text = isModule(node) ? input.text.slice(at.offset) : input.sourceFrom(at);
  return { ...node, at, text } as Statement;
}

/** A module is its batch: what follows its last word (comments, blanks) belongs to it in sys.sql_modules too. */
function isModule(node: StatementNode): boolean {
  return /^create-(?:view|procedure|function|trigger)$/.test(node.kind);
}

function parseStatementNode(input: TokenReader, isSeparated: boolean): StatementNode {
  const parse = input.current.kind === 'word' ? parsers.get(input.current.key) : undefined;
  if (parse !== undefined) return parse(input, isSeparated);
  if (input.isSymbol('(')) return { kind: 'query', query: parseQuery(input) };
  return parseUnreserved(input, isSeparated);
}

type Parse = (input: TokenReader, isSeparated: boolean) => StatementNode;

/** The statements by their first word, all reserved. */
const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['select', (input) => ({ kind: 'query', query: parseQuery(input) })],
  ['with', parseWith],
  ['insert', (input) => (input.is('insert', 'bulk') ? parseInsertBulk(input) : parseInsert(input, []))],
  ['update', (input) => parseUpdate(input, [])],
  ['delete', (input) => parseDelete(input, [])],
  ['merge', (input) => parseMerge(input, [])],
  ['truncate', parseTruncate],
  ['create', parseCreate],
  ['alter', parseAlter],
  ['drop', parseDrop],
  ['grant', parsePermission],
  ['deny', parsePermission],
  ['revoke', parsePermission],
  ['exec', parseExecute],
  ['execute', parseExecute],
  ['begin', control.parseBegin],
  ['if', control.parseIf],
  ['while', control.parseWhile],
  ['break', control.parseBreak],
  ['continue', control.parseContinue],
  ['return', control.parseReturn],
  ['raiserror', control.parseRaiserror],
  ['print', control.parsePrint],
  ['declare', control.parseDeclare],
  ['waitfor', control.parseWaitfor],
  ['set', session.parseSet],
  ['use', session.parseUse],
  ['commit', session.parseCommit],
  ['rollback', session.parseRollback],
  ['save', session.parseSaveTransaction],
  ['dbcc', session.parseDbcc],
  ['checkpoint', session.parseCheckpoint],
]);

const cursorWords: ReadonlySet<string> = new Set(['open', 'fetch', 'close', 'deallocate']);

function parseUnreserved(input: TokenReader, isSeparated: boolean): StatementNode {
  const { key } = input.current;
  if (input.current.kind === 'word') {
    if (key === 'throw') return control.parseThrow(input, isSeparated);
    if (key === 'go') throw input.unexpected();
    if (input.is('enable', 'trigger') || input.is('disable', 'trigger')) return parseEnableTrigger(input);
    if (key === 'goto' || input.isSymbol(':', 1)) throw refusedFeature('goto', input.at);
    if (key === 'revert') return session.parseRevert(input);
    if (cursorWords.has(key)) throw refusedFeature('cursors', input.at);
    if (input.is('bulk', 'insert')) throw refusedFeature('bulk-insert', input.at);
    const refused = refusedWords.find((word) => word.toLowerCase() === key);
    if (refused !== undefined) throw refusedStatement(refused, input.at);
    const isBroker = ['receive', 'send', 'get', 'move'].includes(key) && input.ahead(1).kind === 'word';
    if (isBroker && input.statementCount > 1) throw refusedFeature('service-broker', input.at);
  }
  if (input.statementCount === 1 && isName(input)) return parseProcedureCall(input);
  throw input.unexpected();
}

function parseWith(input: TokenReader, isSeparated: boolean): StatementNode {
  if (!isSeparated) throw syntaxProblem('with-needs-semicolon', input.current);
  input.expect('with');
  const commonTables: readonly CommonTable[] = parseCommonTables(input);
  if (input.is('insert')) return parseInsert(input, commonTables);
  if (input.is('update')) return parseUpdate(input, commonTables);
  if (input.is('delete')) return parseDelete(input, commonTables);
  if (input.is('merge')) return parseMerge(input, commonTables);
  return { kind: 'query', query: parseQuery(input, commonTables) };
}
