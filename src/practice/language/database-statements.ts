import { parseDatabaseOptions } from './database-options.ts';
import { parseOptionWord } from './index-options.ts';
import { parseNameText } from './names.ts';
import { refusedFeature, refusedOption, refusedStatement } from './refusals.ts';
import type { DatabaseChange, DefinitionStatement, Options } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

type DefinitionOf<Kind> = Extract<DefinitionStatement, { kind: Kind }>;

/** After CREATE DATABASE. Files are recorded as `data.name`, `data.size`, `log.filename`; the second is `data2.name`. */
export function parseCreateDatabase(input: TokenReader): DefinitionOf<'create-database'> {
  const at = input.at;
  if (input.is('audit') || input.is('encryption') || input.is('scoped')) {
    throw refusedStatement(`CREATE DATABASE ${input.current.value.toUpperCase()}`, at);
  }
  const name = parseNameText(input);
  let options: Options = {};
  if (input.accept('containment')) {
    input.expectSymbol('=');
    if (!input.accept('none')) throw refusedOption('CONTAINMENT other than NONE', at);
    options = { containment: 'none' };
  }
  if (input.accept('on')) {
    input.accept('primary');
    options = { ...options, ...parseFiles(input, 'data') };
  }
  if (input.accept('log', 'on')) options = { ...options, ...parseFiles(input, 'log') };
  const collation = input.accept('collate') ? { collation: parseNameText(input) } : {};
  if (input.is('for', 'attach') || input.is('for', 'attach_rebuild_log') || input.is('as', 'snapshot')) {
    throw refusedFeature('database-attach', input.at);
  }
  if (input.is('with'))
    throw refusedOption(`CREATE DATABASE WITH ${input.ahead(1).value.toUpperCase()}`, input.at);
  return { kind: 'create-database', name, ...collation, options };
}

function parseFiles(input: TokenReader, role: 'data' | 'log'): Options {
  const files = input.list(() => {
    if (input.is('filegroup')) throw refusedFeature('filegroup', input.at);
    return parseFile(input);
  });
  return Object.fromEntries(
    files.flatMap((file, index) =>
      Object.entries(file).map(([key, value]) => [`${role}${index === 0 ? '' : index + 1}.${key}`, value]),
    ),
  );
}

export const fileOptions: ReadonlySet<string> = new Set([
  'name',
  'newname',
  'filename',
  'size',
  'maxsize',
  'filegrowth',
]);

/** `(NAME = x, SIZE = 10MB, ...)`; sizes are kept as text with their unit. */
function parseFile(input: TokenReader): Options {
  const entries = input.parenthesized((): [string, string | number | boolean] => {
    const { key, value } = input.current;
    if (!fileOptions.has(key)) throw refusedOption(`The file option ${value.toUpperCase()}`, input.at);
    input.take();
    input.expectSymbol('=');
    if (key === 'name' || key === 'newname') return [key, takeText(input)];
    const setting = parseOptionWord(input);
    const isUnit = ['kb', 'mb', 'gb', 'tb'].includes(input.current.key);
    if (isUnit) return [key, `${setting}${input.take().value.toUpperCase()}`];
    return [key, input.acceptSymbol('%') ? `${setting}%` : setting];
  });
  return Object.fromEntries(entries);
}

/** A logical file name: a string or an identifier. */
function takeText(input: TokenReader): string {
  return input.current.kind.endsWith('string') ? input.take().value : parseNameText(input);
}

/** After ALTER DATABASE. */
export function parseAlterDatabase(input: TokenReader): DefinitionOf<'alter-database'> {
  const at = input.at;
  if (input.is('audit') || input.is('encryption') || input.is('scoped')) {
    throw refusedStatement(`ALTER DATABASE ${input.current.value.toUpperCase()}`, at);
  }
  const name = input.accept('current') ? 'current' : parseNameText(input);
  return { kind: 'alter-database', name, change: parseChange(input) };
}

function parseChange(input: TokenReader): DatabaseChange {
  if (input.accept('set')) return { kind: 'set', ...parseDatabaseOptions(input) };
  if (input.accept('collate')) return { kind: 'collate', collation: parseNameText(input) };
  if (input.accept('modify', 'name')) {
    input.expectSymbol('=');
    return { kind: 'modify-name', name: parseNameText(input) };
  }
  if (input.accept('modify', 'file')) return { kind: 'modify-file', options: parseFile(input) };
  const words = `${input.current.value} ${input.ahead(1).value}`.toUpperCase();
  if (input.is('add') || input.is('remove') || input.is('modify')) {
    throw refusedStatement(`ALTER DATABASE ${words}`, input.at);
  }
  throw input.unexpected();
}
