import { ExpectedError } from '../errors.ts';
import type { Batch } from '../plan/plan.ts';

/** More repetitions than a script of a shop's schema can mean. */
const mostRepetitions = 10_000;
const identifierCharacter = /[\p{L}\p{N}_@#$]/u;
const sqlcmdDirective =
  /^(?::(?:r|setvar|connect|on\s+error|out|error|perftrace|list|listvar|reset|quit|exit|serverlist|xml|help|ed)\b|!!)/i;

/** USE on a line of its own; a query hint (OPTION (USE PLAN ...)) never is. */
const changeOfDatabase =
  /^use\s+(?:\[(?:[^\]\n]|\]\])+\]|"[^"\n]+"|[\p{L}_@#][\p{L}\p{N}_@#$]*)[^\S\n]*;?[^\S\n]*(?:--[^\n]*)?(?:\n|$)/iu;

/**
 * Splits a script at its GO lines as Microsoft's tools do (https://learn.microsoft.com/sql/t-sql/language-elements/sql-server-utilities-statements-go):
 * GO stands alone on its line but for a count and comments, and is not seen inside comments (they nest), strings and
 * quoted names. `GO 5` repeats the batch. Batches without a statement are left out; `line` is where the first line
 * that is sent stands in the file, so that `line + error line - 1` is the place of an error.
 *
 * Throws ExpectedError (exit `answers`, code `script-text`, `file:line` in the message) for `GO;`, a statement on
 * the GO line, an sqlcmd directive, USE, and a comment, string or name that is not closed.
 */
export function splitBatches(text: string, file: string): Batch[] {
  const script = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const batches: Batch[] = [];
  let start = 0;
  let startLine = 1;
  let hasStatement = false;
  let position = 0;
  let line = 1;
  let isLineEmpty = true;

  const finish = (end: number, count: number) => {
    if (!hasStatement) return;
    const batch = trimmedBatch(script.slice(start, end), startLine);
    for (let i = 0; i < count; i++) batches.push(batch);
  };

  while (position < script.length) {
    const character = script.charAt(position);
    if (character === '\n') {
      line += 1;
      isLineEmpty = true;
      position += 1;
    } else if (/\s/.test(character)) {
      position += 1;
    } else if (script.startsWith('--', position)) {
      position = endOfLine(script, position);
    } else if (script.startsWith('/*', position)) {
      const end = endOfBlockComment(script, position);
      if (end === -1)
        throw refusal(file, line, 'A comment that begins here is not closed.', 'Close it with */.');
      // A comment over several lines leaves a line on which GO may still follow.
      const lines = newlines(script, position, end);
      if (lines > 0) isLineEmpty = true;
      line += lines;
      position = end;
    } else if (isLineEmpty && isGo(script, position)) {
      const end = endOfLine(script, position);
      const count = repetitions(script.slice(position + 2, end), file, line);
      // A comment may stand before GO on its line: it belongs to the batch above, whole.
      finish(position, count);
      start = Math.min(end + 1, script.length);
      startLine = line + 1;
      hasStatement = false;
      position = end;
    } else if (isLineEmpty && sqlcmdDirective.test(script.slice(position, position + 20))) {
      throw refusal(
        file,
        line,
        `sqlcmd directives are not supported: ${script.slice(position, endOfLine(script, position)).trim()}`,
        'Put what it does into the script itself.',
      );
    } else if (isLineEmpty && changeOfDatabase.test(script.slice(position, endOfLine(script, position)))) {
      throw refusal(
        file,
        line,
        'USE changes to another database.',
        'Remove the line: every script runs in the database that is being set up.',
      );
    } else {
      hasStatement = true;
      isLineEmpty = false;
      const end = endOfToken(script, position);
      if (end === -1) {
        const kind = character === "'" ? 'string' : 'quoted name';
        throw refusal(
          file,
          line,
          `A ${kind} that begins here is not closed.`,
          `Close it with ${character === '[' ? ']' : character}.`,
        );
      }
      line += newlines(script, position, end);
      position = end;
    }
  }
  finish(script.length, 1);
  return batches;
}

function isGo(script: string, position: number): boolean {
  return (
    /^go$/i.test(script.slice(position, position + 2)) &&
    !identifierCharacter.test(script.charAt(position + 2))
  );
}

/** The count of a GO line from what follows GO on it. */
function repetitions(rest: string, file: string, line: number): number {
  const bare = withoutComments(rest, file, line).trim();
  if (bare === '') return 1;
  if (bare.startsWith(';'))
    throw refusal(
      file,
      line,
      'GO is followed by a semicolon.',
      'GO is not a statement: remove the semicolon.',
    );
  if (!/^\d+$/.test(bare)) {
    throw refusal(
      file,
      line,
      `GO is followed by "${bare.slice(0, 30)}".`,
      'Only a count or a comment may stand on the line of GO.',
    );
  }
  const count = Number(bare);
  if (count < 1 || count > mostRepetitions)
    throw refusal(
      file,
      line,
      `GO ${bare} repeats a batch ${bare} times.`,
      `Use a count from 1 to ${mostRepetitions}.`,
    );
  return count;
}

function withoutComments(rest: string, file: string, line: number): string {
  let bare = '';
  let position = 0;
  while (position < rest.length) {
    if (rest.startsWith('--', position)) break;
    if (rest.startsWith('/*', position)) {
      position = endOfBlockComment(rest, position);
      if (position === -1)
        throw refusal(
          file,
          line,
          'A comment that begins on the line of GO goes on below it.',
          'Close it on the same line, or move it below GO.',
        );
      bare += ' ';
    } else {
      bare += rest.charAt(position);
      position += 1;
    }
  }
  return bare;
}

/** End of the string, quoted name, word or single sign that begins here; -1 when a quote is not closed. */
function endOfToken(script: string, position: number): number {
  const first = script.charAt(position);
  if (first === "'" || first === '"') return endOfQuoted(script, position + 1, first);
  if (first === '[') return endOfQuoted(script, position + 1, ']');
  let end = position;
  while (end < script.length && identifierCharacter.test(script.charAt(end))) end += 1;
  return Math.max(end, position + 1);
}

function endOfQuoted(script: string, from: number, close: string): number {
  for (let end = script.indexOf(close, from); end !== -1; end = script.indexOf(close, end + 2)) {
    if (script.charAt(end + 1) !== close) return end + 1;
  }
  return -1;
}

/** Block comments nest in T-SQL. */
function endOfBlockComment(script: string, position: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = position;
  let depth = 0;
  for (let found = mark.exec(script); found; found = mark.exec(script)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return -1;
}

function endOfLine(script: string, position: number): number {
  const end = script.indexOf('\n', position);
  return end === -1 ? script.length : end;
}

function newlines(script: string, from: number, to: number): number {
  let count = 0;
  for (let at = script.indexOf('\n', from); at !== -1 && at < to; at = script.indexOf('\n', at + 1))
    count += 1;
  return count;
}

/** Leading empty lines and trailing blanks carry nothing; the line number moves along. */
function trimmedBatch(text: string, line: number): Batch {
  const leading = /^(?:[^\S\n]*\n)*/.exec(text)?.[0] ?? '';
  return { sql: text.slice(leading.length).trimEnd(), line: line + newlines(leading, 0, leading.length) };
}

function refusal(file: string, line: number, message: string, hint: string): ExpectedError {
  return new ExpectedError({
    code: 'script-text',
    exit: 'answers',
    message: `${file}:${line}: ${message}`,
    hint,
    details: { file, line },
  });
}
