import type { Batch } from './plan.ts';

/** Enough to make the way to the server cheap; few enough that progress is seen and a cancellation is heard. */
const mostBatches = 32;
const mostCharacters = 64_000;

/** Batches of a script that are sent in one round trip; `count` is how many of them stand in `batch`. */
export type Sending = { readonly batch: Batch; readonly count: number };

/**
 * Sends neighbouring batches as one where that cannot be told from sending them alone: batches that are one CREATE
 * TABLE or CREATE INDEX and nothing else. A schema is hundreds of those, and over a store's line each round trip costs
 * more than the table. They are joined by exactly the lines that stood between them, so the server's line numbers stay those of the
 * file. Only for a script in a transaction, where a batch that fails undoes its neighbours in any case.
 */
export function together(batches: readonly Batch[]): readonly Sending[] {
  const sendings: { batch: Batch; count: number; isOpen: boolean }[] = [];
  for (const batch of batches) {
    const last = sendings.at(-1);
    const isDefinition = isOneDefinition(batch.sql);
    const gap = last === undefined ? 0 : batch.line - lineBehind(last.batch);
    if (
      last?.isOpen &&
      isDefinition &&
      gap > 0 &&
      last.count < mostBatches &&
      last.batch.sql.length + batch.sql.length < mostCharacters
    ) {
      last.batch = { sql: last.batch.sql + '\n'.repeat(gap) + batch.sql, line: last.batch.line };
      last.count += 1;
    } else {
      // What the plan adds to a script has no place in its file.
      sendings.push({ batch, count: 1, isOpen: isDefinition && batch.line > 0 });
    }
  }
  return sendings.map(({ batch, count }) => ({ batch, count }));
}

/** The line of the file on which the batch ends. */
function lineBehind({ sql, line }: Batch): number {
  return line + (sql.match(/\n/g)?.length ?? 0);
}

const blankOrComment = /(?:\s+|--[^\n]*(?:\n|$))*/y;
const name = String.raw`(?:\[[^\]]*\]|\w+)(?:\s*\.\s*(?:\[[^\]]*\]|\w+))?`;
const head = new RegExp(
  String.raw`CREATE\s+(?:TABLE|(?:UNIQUE\s+)?(?:(?:NON)?CLUSTERED\s+)?INDEX\s+${name}\s+ON)\s+${name}\s*(?=\()`,
  'iy',
);
const included = /\s*INCLUDE\s*(?=\()/iy;
/** What may stand within the brackets. Block comments and double quotes are left to be sent alone. */
const withinBrackets = /--[^\n]*\n|'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|[^'"[()/-]+|[-/](?![-*])/y;

/** Whether the batch is one such statement, a semicolon and line comments at the most. When in doubt, no. */
function isOneDefinition(sql: string): boolean {
  const from = skip(head, sql, skip(blankOrComment, sql, 0) ?? 0);
  let position = from === undefined ? undefined : behindBrackets(sql, from);
  if (position === undefined) return false;
  const more = skip(included, sql, position);
  if (more !== undefined) position = behindBrackets(sql, more);
  if (position === undefined) return false;
  if (sql.charAt(position) === ';') position += 1;
  return (skip(blankOrComment, sql, position) ?? position) === sql.length;
}

/** The position behind the bracket that closes the one at `from`; undefined when there is none, or in doubt. */
function behindBrackets(sql: string, from: number): number | undefined {
  let position = from;
  let depth = 0;
  do {
    const character = sql.charAt(position);
    if (character === '(' || character === ')') {
      depth += character === '(' ? 1 : -1;
      position += 1;
    } else {
      const next = skip(withinBrackets, sql, position);
      if (next === undefined) return undefined;
      position = next;
    }
  } while (depth > 0);
  return position;
}

/** The position behind the match that begins at `position`. */
function skip(pattern: RegExp, text: string, position: number): number | undefined {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
