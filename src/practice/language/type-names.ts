import { parseName } from './names.ts';
import { refusedFeature } from './refusals.ts';
import type { TypeName } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { TokenReader } from './token-reader.ts';

/**
 * The ISO spellings of SQL Server's own types.
 * https://learn.microsoft.com/sql/t-sql/data-types/data-type-synonyms-transact-sql
 */
const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  dec: 'decimal',
  character: 'char',
  'char varying': 'varchar',
  'character varying': 'varchar',
  'binary varying': 'varbinary',
  'national char': 'nchar',
  'national character': 'nchar',
  'national char varying': 'nvarchar',
  'national character varying': 'nvarchar',
  'national text': 'ntext',
};

const typesWithLength = new Set([
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'binary',
  'varbinary',
  'float',
  'numeric',
  'decimal',
]);

/** A type as written, with the ISO spellings turned into SQL Server's names. */
export function parseTypeName(input: TokenReader): TypeName {
  const at = input.at;
  if (input.accept('double')) {
    input.expect('precision');
    return { name: 'float', arguments: [53], at };
  }
  if (input.is('cursor')) throw refusedFeature('cursors', at);
  const isPlain = input.current.kind === 'word';
  let words = input.accept('national') ? 'national ' : '';
  const first = parseName(input).text;
  if (input.acceptSymbol('.')) return { schema: first, ...parseTypeName(input), at };
  words += first.toLowerCase();
  if (isPlain && input.is('varying') && synonyms[`${words} varying`] !== undefined) {
    input.take();
    words += ' varying';
  }
  const name = synonyms[words] ?? words;
  return { name, arguments: parseTypeArguments(input, name), at };
}

function parseTypeArguments(input: TokenReader, type: string): TypeName['arguments'] {
  if (!input.isSymbol('(')) return [];
  if (type === 'xml') throw refusedFeature('xml-schema-collection', input.at);
  const facets = input.parenthesized((): number | 'max' => {
    if (input.accept('max')) return 'max';
    if (input.current.kind !== 'integer') throw input.unexpected();
    return Number(input.take().value);
  });
  if (facets.length > 2) throw input.unexpected(input.previous);
  if (facets[0] === 0 && typesWithLength.has(type))
    throw syntaxProblem('invalid-length', input.previous, '0');
  return facets;
}
