import { refusedOption } from './refusals.ts';
import type { TableHint } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/** https://learn.microsoft.com/sql/t-sql/queries/hints-transact-sql-table */
export const tableHints: ReadonlySet<string> = new Set([
  'nolock',
  'readuncommitted',
  'readcommitted',
  'readcommittedlock',
  'repeatableread',
  'serializable',
  'holdlock',
  'updlock',
  'xlock',
  'rowlock',
  'paglock',
  'tablock',
  'tablockx',
  'readpast',
  'nowait',
  'noexpand',
  'forceseek',
  'forcescan',
  'fastfirstrow',
  'snapshot',
  'keepidentity',
  'keepdefaults',
  'ignore_constraints',
  'ignore_triggers',
]);

/** Whether `(NOLOCK)` and not the arguments of a function begin at `distance`. */
export function startsTableHints(input: TokenReader, distance: number): boolean {
  const hint = input.ahead(distance + 1);
  if (hint.kind !== 'word') return false;
  if (hint.key === 'index') return true;
  return tableHints.has(hint.key) && (input.isSymbol(')', distance + 2) || input.isSymbol(',', distance + 2));
}

/** `WITH (hints)`, the older `(hints)`, or nothing. */
export function parseOptionalTableHints(input: TokenReader): readonly TableHint[] {
  if (input.is('with')) {
    const following = input.ahead(1);
    if (following.key !== '(') {
      // `FROM t WITH c AS (...)`: a common table expression that needed a semicolon before it.
      throw syntaxProblem('table-expression-needs-semicolon', following, following.value);
    }
    input.take();
  } else if (!input.isSymbol('(') || !startsTableHints(input, 0)) {
    return [];
  }
  input.expectSymbol('(');
  const list = [parseTableHint(input)];
  // A comma between hints is usual and not necessary.
  while (!input.isSymbol(')')) {
    input.acceptSymbol(',');
    list.push(parseTableHint(input));
  }
  input.take();
  return list;
}

function parseTableHint(input: TokenReader): TableHint {
  if (input.is('index')) {
    input.take();
    if (input.acceptSymbol('=')) input.take();
    else input.parenthesized(() => input.take());
    return 'index';
  }
  const { kind, key, value } = input.current;
  if (kind !== 'word') throw input.unexpected();
  if (!tableHints.has(key)) throw refusedOption(`The table hint ${value.toUpperCase()}`, input.at);
  input.take();
  return key;
}
