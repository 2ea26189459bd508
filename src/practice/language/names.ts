import type { Token } from './lexer.ts';
import { refusedFeature } from './refusals.ts';
import type { Name, ObjectName } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/** Whether a token can be a name where it stands. */
export function isName(input: TokenReader, token: Token = input.current): boolean {
  if (token.kind === 'word') return !token.isReserved;
  return token.kind === 'bracketed' || (token.kind === 'double-quoted' && input.quotedIdentifier);
}

export function parseName(input: TokenReader): Name {
  const at = input.at;
  if (!isName(input)) throw input.unexpected();
  const token = input.take();
  if (token.value === '') throw syntaxProblem('empty-name', at);
  if (token.value.length > 128) throw syntaxProblem('identifier-too-long', at, token.value.slice(0, 128));
  return { text: token.value, at };
}

/** A name without its place. */
export function parseNameText(input: TokenReader): string {
  return parseName(input).text;
}

/** `name`, `schema.name`, `database.schema.name` or `database..name`; parts may be left out in front too: `..name`. */
export function parseObjectName(input: TokenReader): ObjectName {
  const at = input.at;
  const parts: (string | undefined)[] = [];
  while (input.acceptSymbol('.')) parts.push(undefined);
  parts.push(parseNameText(input));
  while (input.acceptSymbol('.')) {
    if (input.isSymbol('.')) parts.push(undefined);
    else parts.push(parseNameText(input));
  }
  return objectName(input, parts, at);
}

/** The object that dotted parts name, from left to right. */
export function objectName(
  input: TokenReader,
  parts: readonly (string | undefined)[],
  at: ObjectName['at'],
): ObjectName {
  if (parts.length > 3) throw refusedFeature('linked-server', at);
  const [name, schema, database] = [...parts].reverse();
  if (name === undefined) throw input.unexpected();
  return {
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    name,
    at,
  };
}

/** `(a, b, c)` when a parenthesis comes next. */
export function parseOptionalColumnList(input: TokenReader): readonly string[] | undefined {
  return input.isSymbol('(') ? input.parenthesized(() => parseNameText(input)) : undefined;
}
