import { parseCondition } from './conditions.ts';
import { parseInsertColumns, parseOptionalOutput, parseSetItem, parseTarget } from './data-statements.ts';
import { isName, parseNameText } from './names.ts';
import { parseValuesRows } from './queries.ts';
import { parseQueryHints } from './query-hints.ts';
import { parseOptionalTop } from './selects.ts';
import type { CommonTable, DataStatement, MergeClause, MergeWhen } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { parseJoinedTable } from './table-sources.ts';
import type { TokenReader } from './token-reader.ts';

type Merge = Extract<DataStatement, { kind: 'merge' }>;

const phrases: Readonly<Record<MergeWhen, string>> = {
  matched: 'WHEN MATCHED',
  'not-matched-by-target': 'WHEN NOT MATCHED',
  'not-matched-by-source': 'WHEN NOT MATCHED BY SOURCE',
};

/** MERGE up to and without its semicolon, which must stand there. */
export function parseMerge(input: TokenReader, commonTables: readonly CommonTable[]): Merge {
  const at = input.at;
  input.expect('merge');
  const top = parseOptionalTop(input);
  input.accept('into');
  const target = parseTarget(input);
  const hasAlias = input.accept('as') || (isName(input) && !input.is('using'));
  const alias = hasAlias ? { alias: parseNameText(input) } : {};
  input.expect('using');
  const source = parseJoinedTable(input);
  input.expect('on');
  const on = parseCondition(input);
  const clauses: MergeClause[] = [];
  while (input.is('when')) clauses.push(parseClause(input, clauses));
  if (clauses.length === 0) throw input.unexpected();
  const output = parseOptionalOutput(input);
  const options = parseQueryHints(input);
  if (!input.isSymbol(';')) throw syntaxProblem('merge-needs-semicolon', at);
  return {
    kind: 'merge',
    with: commonTables,
    ...top,
    target,
    ...alias,
    source,
    on,
    clauses,
    ...output,
    options,
  };
}

function parseClause(input: TokenReader, earlier: readonly MergeClause[]): MergeClause {
  const at = input.at;
  input.expect('when');
  const when = parseWhen(input);
  const and = input.accept('and') ? { and: parseCondition(input) } : {};
  const same = earlier.filter((clause) => clause.when === when);
  if (same.some((clause) => clause.and === undefined))
    throw syntaxProblem('merge-clause-after-unconditional', at, phrases[when]);
  input.expect('then');
  const action = parseAction(input, when);
  if (same.some((clause) => clause.action.kind === action.kind))
    throw syntaxProblem('merge-action-twice', at, action.kind.toUpperCase(), phrases[when]);
  return { when, ...and, action };
}

function parseWhen(input: TokenReader): MergeWhen {
  if (input.accept('matched')) return 'matched';
  input.expect('not', 'matched');
  if (input.accept('by', 'source')) return 'not-matched-by-source';
  input.accept('by', 'target');
  return 'not-matched-by-target';
}

function parseAction(input: TokenReader, when: MergeWhen): MergeClause['action'] {
  const at = input.at;
  const isInsert = when === 'not-matched-by-target';
  const word = input.current.value.toUpperCase();
  const refuse = () => syntaxProblem('merge-action-not-allowed', at, word, phrases[when]);
  if (input.accept('update')) {
    if (isInsert) throw refuse();
    input.expect('set');
    return { kind: 'update', set: input.list(() => parseSetItem(input)) };
  }
  if (input.accept('delete')) {
    if (isInsert) throw refuse();
    return { kind: 'delete' };
  }
  input.expect('insert');
  if (!isInsert) throw refuse();
  const columns = input.isSymbol('(') ? { columns: parseInsertColumns(input) } : {};
  if (input.accept('default', 'values')) return { kind: 'insert', source: { kind: 'default-values' } };
  const rows = parseValuesRows(input);
  return { kind: 'insert', ...columns, source: { kind: 'values', rows } };
}
