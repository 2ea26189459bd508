import { parseObjectName, parseOptionalColumnList } from './names.ts';
import { refusedOption } from './refusals.ts';
import type { Securable } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

const classes: Readonly<Record<string, Securable['class']>> = {
  object: 'object',
  schema: 'schema',
  database: 'database',
  login: 'login',
  user: 'user',
  role: 'role',
  type: 'type',
  server: 'server',
};

/** `[class::]name [(columns)]`; without a class an object is meant. */
export function parseSecurable(input: TokenReader): Securable {
  if (!input.isSymbol('::', 1)) {
    // SERVER ROLE::x, XML SCHEMA COLLECTION::x and other classes of several words.
    if (input.current.kind === 'word' && input.isSymbol('::', 2)) throw refusedClass(input, 2);
    return { class: 'object', name: parseObjectName(input), ...parseColumns(input) };
  }
  const known = classes[input.current.key];
  if (known === undefined) throw refusedClass(input, 1);
  input.take();
  input.take();
  return { class: known, name: parseObjectName(input), ...parseColumns(input) };
}

function refusedClass(input: TokenReader, words: number): Error {
  const name = Array.from({ length: words }, (_, distance) => input.ahead(distance).value).join(' ');
  return refusedOption(`The securable class ${name.toUpperCase()}`, input.at);
}

function parseColumns(input: TokenReader): { columns?: readonly string[] } {
  const columns = parseOptionalColumnList(input);
  return columns === undefined ? {} : { columns };
}
