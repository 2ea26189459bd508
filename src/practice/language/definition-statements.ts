import { parseAlterIndex, parseCreateIndex, parseDropIndex } from './index-definitions.ts';
import { parseOptionalFilegroup, parseOptionalIndexOptions } from './index-options.ts';
import { parseObjectName } from './names.ts';
import { refusedStatement } from './refusals.ts';
import type { StatementNode } from './statements.ts';
import { parseTableDefinition } from './table-definitions.ts';
import type { TokenReader } from './token-reader.ts';

export function parseCreate(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('create');
  if (input.accept('table')) {
    const name = parseObjectName(input);
    const definition = parseTableDefinition(input);
    parseOptionalFilegroup(input);
    parseOptionalIndexOptions(input);
    return { kind: 'create-table', name, definition };
  }
  if (['unique', 'clustered', 'nonclustered', 'index'].some((word) => input.is(word)))
    return parseCreateIndex(input);
  throw refusedStatement(`CREATE ${input.current.value.toUpperCase()}`, at);
}

export function parseAlter(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('alter');
  if (input.accept('index')) return parseAlterIndex(input);
  throw refusedStatement(`ALTER ${input.current.value.toUpperCase()}`, at);
}

export function parseDrop(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('drop');
  if (input.accept('index')) return parseDropIndex(input);
  const object =
    (
      [
        'database',
        'table',
        'view',
        'procedure',
        'function',
        'trigger',
        'schema',
        'type',
        'synonym',
        'sequence',
        'role',
        'user',
        'login',
      ] as const
    ).find((word) => input.accept(word)) ?? (input.accept('proc') ? 'procedure' : undefined);
  if (object === undefined) throw refusedStatement(`DROP ${input.current.value.toUpperCase()}`, at);
  const ifExists = input.accept('if', 'exists');
  const names = input.list(() => parseObjectName(input));
  return { kind: 'drop', object, names, ifExists };
}
