import type { Batch } from './plan.ts';

/** Enough to make the way to the server cheap; few enough that progress is seen and a cancellation is heard. */
const mostBatches = 16;
const mostCharacters = 32_000;

/** Batches of a script that are sent in one round trip; `count` is how many of them stand in `batch`. */
export type Sending = { readonly batch: Batch; readonly count: number };

/**
 * Sends neighbouring batches as one where that cannot be told from sending them alone: batches that are one CREATE
 * TABLE and nothing else. A schema is hundreds of those, and over a store's line each round trip costs more than the
 * table. They are joined by exactly the lines that stood between them, so the server's line numbers stay those of the
 * file. Only for a script in a transaction, where a batch that fails undoes its neighbours in any case.
 */
export function together(batches: readonly Batch[]): readonly Sending[] {
  const sendings: { batch: Batch; count: number; isOpen: boolean }[] = [];
  for (const batch of batches) {
    const last = sendings.at(-1);
    const isTable = isOneTable(batch.sql);
    const gap = last === undefined ? 0 : batch.line - lineBehind(last.batch);
    if (
      last?.isOpen &&
      isTable &&
      gap > 0 &&
      last.count < mostBatches &&
      last.batch.sql.length + batch.sql.length < mostCharacters
    ) {
      last.batch = { sql: last.batch.sql + '\n'.repeat(gap) + batch.sql, line: last.batch.line };
      last.count += 1;
    } else {
      // What the plan adds to a script has no place in its file.
      sendings.push({ batch, count: 1, isOpen: isTable && batch.line > 0 });
    }
  }
  return sendings.map(({ batch, count }) => ({ batch, count }));
}

/** The line of the file on which the batch ends. */
function lineBehind({ sql, line }: Batch): number {
  return line + (sql.match(/\n/g)?.length ?? 0);
}

const blankOrComment = /(?:\s+|--[^\n]*(?:\n|$))*/y;
const createTable = /CREATE\s+TABLE\s+(?:\[[^\]]*\]|\w+)(?:\s*\.\s*(?:\[[^\]]*\]|\w+))?\s*(?=\()/iy;
/** What may stand within the brackets of a table. Block comments and double quotes are left to be sent alone. */
const withinTable = /--[^\n]*\n|'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|[^'"[()/-]+|[-/](?![-*])/y;

/** Whether the batch is one CREATE TABLE with its columns, a semicolon and line comments at the most. When in doubt, no. */
function isOneTable(sql: string): boolean {
  let position = skip(blankOrComment, sql, 0) ?? 0;
  const head = skip(createTable, sql, position);
  if (head === undefined) return false;
  position = head;
  let depth = 0;
  do {
    const character = sql.charAt(position);
    if (character === '(' || character === ')') {
      depth += character === '(' ? 1 : -1;
      position += 1;
    } else {
      const next = skip(withinTable, sql, position);
      if (next === undefined) return false;
      position = next;
    }
  } while (depth > 0);
  if (sql.charAt(position) === ';') position += 1;
  return (skip(blankOrComment, sql, position) ?? position) === sql.length;
}

/** The position behind the match that begins at `position`. */
function skip(pattern: RegExp, text: string, position: number): number | undefined {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
