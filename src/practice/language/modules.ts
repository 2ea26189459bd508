import { DeclaredVariables } from './declared-variables.ts';
import { parseNameText, parseObjectName, parseOptionalColumnList } from './names.ts';
import { parseParameters } from './parameters.ts';
import { parseCommonTables, parseInnerQuery } from './queries.ts';
import { refusedFeature, refusedOption } from './refusals.ts';
import { parseStatements } from './statements.ts';
import type { DefinitionStatement, FunctionReturns, ModuleIdentity, Query, Statement } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { Surroundings, TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

type DefinitionOf<Kind> = Extract<DefinitionStatement, { kind: Kind }>;
/** CREATE, ALTER or CREATE OR ALTER. */
export type Creation = { readonly isAlter: boolean; readonly isOrAlter: boolean };

/** Throws 111 unless nothing stands before the statement that is being parsed. */
export function requireFirstInBatch(input: TokenReader, statement: string): void {
  if (input.statementCount > 1) throw syntaxProblem('not-first-in-batch', input.previous, statement);
}

/** Variables of the batch do not reach into a module, nor do its loops. */
function enterModule(input: TokenReader, surroundings: Surroundings): void {
  input.variables = new DeclaredVariables([]);
  input.surroundings = surroundings;
}

/** A module is the whole batch: anything after it is an error. */
function expectEnd(input: TokenReader): void {
  input.acceptSymbol(';');
  if (!input.isAtEnd) throw input.unexpected();
}

function parseBody(input: TokenReader): readonly Statement[] {
  input.expect('as');
  if (input.is('external')) throw refusedFeature('clr', input.at);
  return parseStatements(input, () => input.isAtEnd);
}

/** After CREATE VIEW. */
export function parseView(input: TokenReader, creation: Creation): DefinitionOf<'create-view'> {
  requireFirstInBatch(input, creation.isAlter ? 'ALTER VIEW' : 'CREATE VIEW');
  enterModule(input, 'view');
  const name = parseObjectName(input);
  const columns = parseOptionalColumnList(input);
  const options = parseModuleOptions(input, ['schemabinding', 'view_metadata']);
  input.expect('as');
  const query: Query = parseInnerQuery(input, input.accept('with') ? parseCommonTables(input) : []);
  if (input.is('with', 'check')) throw refusedFeature('view-check-option', input.at);
  expectEnd(input);
  const isSchemaBound = options.includes('schemabinding');
  return {
    kind: 'create-view',
    name,
    ...(columns === undefined ? {} : { columns }),
    query,
    ...creation,
    isSchemaBound,
  };
}

/** After CREATE PROCEDURE. */
export function parseProcedure(input: TokenReader, creation: Creation): DefinitionOf<'create-procedure'> {
  requireFirstInBatch(input, 'CREATE/ALTER PROCEDURE');
  enterModule(input, 'procedure');
  const name = parseObjectName(input);
  if (input.isSymbol(';')) throw refusedFeature('numbered-procedure', input.at);
  const parameters = parseParameters(input, false);
  const { options, runAs } = splitIdentity(parseModuleOptions(input, ['recompile'], true));
  if (input.is('for')) throw refusedFeature('not-for-replication', input.at);
  return {
    kind: 'create-procedure',
    name,
    parameters,
    body: parseBody(input),
    ...creation,
    options,
    ...runAs,
  };
}

/** After CREATE TRIGGER. */
export function parseTrigger(input: TokenReader, creation: Creation): DefinitionOf<'create-trigger'> {
  requireFirstInBatch(input, creation.isAlter ? 'ALTER TRIGGER' : 'CREATE TRIGGER');
  enterModule(input, 'trigger');
  const name = parseObjectName(input);
  input.expect('on');
  if (input.is('database') || input.is('all', 'server')) throw refusedFeature('ddl-trigger', input.at);
  const table = parseObjectName(input);
  const { runAs } = splitIdentity(parseModuleOptions(input, [], true));
  let timing: 'after' | 'instead-of' = 'after';
  if (input.accept('instead', 'of')) timing = 'instead-of';
  else if (!input.accept('for')) input.expect('after');
  const events = input.list(() => parseEvent(input));
  if (input.is('not', 'for')) throw refusedFeature('not-for-replication', input.at);
  const body = parseBody(input);
  if (body.length === 0) throw input.unexpected();
  return { kind: 'create-trigger', name, table, timing, events, body, ...creation, ...runAs };
}

function parseEvent(input: TokenReader): 'insert' | 'update' | 'delete' {
  const event = (['insert', 'update', 'delete'] as const).find((word) => input.accept(word));
  if (event === undefined) throw input.unexpected();
  return event;
}

/** After CREATE FUNCTION. */
export function parseFunction(input: TokenReader, creation: Creation): DefinitionOf<'create-function'> {
  requireFirstInBatch(input, creation.isAlter ? 'ALTER FUNCTION' : 'CREATE FUNCTION');
  enterModule(input, 'function');
  const name = parseObjectName(input);
  const parameters = parseParameters(input, true);
  input.expect('returns');
  if (input.current.kind === 'variable') throw refusedFeature('multi-statement-function', input.at);
  const isTable = input.accept('table');
  const type = isTable ? undefined : parseTypeName(input);
  const options = parseModuleOptions(input, [
    'schemabinding',
    'returns null on null input',
    'called on null input',
  ]);
  input.accept('as');
  if (input.is('external')) throw refusedFeature('clr', input.at);
  const returns: FunctionReturns =
    type === undefined
      ? { kind: 'inline-table', query: parseReturnedQuery(input) }
      : { kind: 'scalar', type, body: parseFunctionBody(input) };
  expectEnd(input);
  return { kind: 'create-function', name, parameters, returns, ...creation, options };
}

function parseReturnedQuery(input: TokenReader): Query {
  input.expect('return');
  const hasParenthesis =
    input.isSymbol('(') && (input.ahead(1).key === 'select' || input.ahead(1).key === 'with');
  if (hasParenthesis) input.take();
  const query = parseInnerQuery(input, input.accept('with') ? parseCommonTables(input) : []);
  if (hasParenthesis) input.expectSymbol(')');
  return query;
}

function parseFunctionBody(input: TokenReader): readonly Statement[] {
  input.expect('begin');
  const body = parseStatements(input, () => input.is('end'));
  if (body[body.length - 1]?.kind !== 'return')
    throw syntaxProblem('function-must-end-with-return', input.at);
  input.expect('end');
  return body;
}

/** WITH and the options of a module; those that change nothing here are taken too, others are refused. */
function parseModuleOptions(input: TokenReader, known: readonly string[]): readonly string[];
function parseModuleOptions(
  input: TokenReader,
  known: readonly string[],
  mayRunAs: true,
): readonly (string | ModuleIdentity)[];
function parseModuleOptions(
  input: TokenReader,
  known: readonly string[],
  mayRunAs = false,
): readonly (string | ModuleIdentity)[] {
  return input.accept('with') ? input.list(() => parseModuleOption(input, known, mayRunAs)) : [];
}

/** The options that are words, and the identity among them. */
function splitIdentity(given: readonly (string | ModuleIdentity)[]): {
  readonly options: readonly string[];
  readonly runAs: { readonly runAs?: ModuleIdentity };
} {
  const runAs = given.find((option) => typeof option !== 'string');
  return {
    options: given.filter((option) => typeof option === 'string'),
    runAs: runAs === undefined ? {} : { runAs },
  };
}

function parseModuleOption(
  input: TokenReader,
  known: readonly string[],
  mayRunAs: boolean,
): string | ModuleIdentity {
  const option = known.find((words) => input.accept(...words.split(' ')));
  if (option !== undefined) return option;
  if (input.is('encryption')) throw refusedFeature('encryption', input.at);
  if (input.is('native_compilation')) throw refusedFeature('natively-compiled', input.at);
  if (input.is('exec') || input.is('execute')) return parseIdentity(input, mayRunAs);
  if (input.current.kind !== 'word') throw input.unexpected();
  throw refusedOption(`A module WITH ${parseNameText(input).toUpperCase()}`, input.previous);
}

function parseIdentity(input: TokenReader, mayRunAs: boolean): string | ModuleIdentity {
  const at = input.at;
  input.take();
  input.expect('as');
  // The caller is who modules run as anyway.
  if (input.accept('caller')) return 'execute as caller';
  if (!mayRunAs) throw refusedFeature('execute-as', at);
  if (input.accept('owner')) return { kind: 'owner' };
  if (input.accept('self')) return { kind: 'self' };
  if (!input.current.kind.endsWith('string')) throw input.unexpected();
  return { kind: 'user', name: input.take().value };
}
