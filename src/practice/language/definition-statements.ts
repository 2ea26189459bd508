import { parseAlterTable, parseNullability } from './alter-table.ts';
import { parseAlterDatabase, parseCreateDatabase } from './database-statements.ts';
import { parseAlterIndex, parseCreateIndex, parseDropIndex } from './index-definitions.ts';
import { parseOptionalFilegroup, parseOptionalIndexOptions } from './index-options.ts';
import {
  type Creation,
  parseFunction,
  parseProcedure,
  parseTrigger,
  parseView,
  requireFirstInBatch,
} from './modules.ts';
import { parseNameText, parseObjectName } from './names.ts';
import {
  parseAlterLogin,
  parseAlterRole,
  parseAlterUser,
  parseCreateLogin,
  parseCreateRole,
  parseCreateUser,
} from './principals.ts';
import { refusedFeature, refusedStatement } from './refusals.ts';
import { parseAuthorization } from './security-statements.ts';
import type { StatementNode } from './statements.ts';
import { parseTableDefinition } from './table-definitions.ts';
import type { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

export function parseCreate(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('create');
  if (input.accept('or', 'alter')) {
    const module = parseModule(input, { isAlter: false, isOrAlter: true });
    if (module === undefined) throw input.unexpected();
    return module;
  }
  const module = parseModule(input, { isAlter: false, isOrAlter: false });
  if (module !== undefined) return module;
  if (input.accept('table')) return parseCreateTable(input);
  if (['unique', 'clustered', 'nonclustered', 'index'].some((word) => input.is(word)))
    return parseCreateIndex(input);
  if (input.accept('database')) return parseCreateDatabase(input);
  if (input.accept('schema')) return parseCreateSchema(input);
  if (input.accept('type')) return parseCreateType(input);
  if (input.accept('login')) return parseCreateLogin(input);
  if (input.accept('user')) return parseCreateUser(input);
  if (input.accept('role')) return parseCreateRole(input);
  throw refusedOrUnexpected(input, 'CREATE', at);
}

export function parseAlter(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('alter');
  const module = parseModule(input, { isAlter: true, isOrAlter: false });
  if (module !== undefined) return module;
  if (input.accept('table')) return parseAlterTable(input);
  if (input.accept('index')) return parseAlterIndex(input);
  if (input.accept('database')) return parseAlterDatabase(input);
  if (input.accept('authorization')) return parseAuthorization(input);
  if (input.accept('login')) return parseAlterLogin(input);
  if (input.accept('user')) return parseAlterUser(input);
  if (input.accept('role')) return parseAlterRole(input, 'database');
  if (input.accept('server', 'role')) return parseAlterRole(input, 'server');
  throw refusedOrUnexpected(input, 'ALTER', at);
}

function parseModule(input: TokenReader, creation: Creation): StatementNode | undefined {
  if (input.accept('procedure') || input.accept('proc')) return parseProcedure(input, creation);
  if (input.accept('view')) return parseView(input, creation);
  if (input.accept('function')) return parseFunction(input, creation);
  return input.accept('trigger') ? parseTrigger(input, creation) : undefined;
}

/** What else CREATE, ALTER and DROP may be about: https://learn.microsoft.com/sql/t-sql/statements/statements */
const otherObjects: ReadonlySet<string> = new Set(
  `aggregate application assembly asymmetric availability broker certificate column columnstore contract credential
  cryptographic default endpoint event external fulltext master message partition primary queue remote resource route
  rule schema search security selective sequence server service signature spatial statistics symmetric synonym
  workload xml type`.split(/\s+/),
);

function refusedOrUnexpected(
  input: TokenReader,
  verb: 'CREATE' | 'ALTER' | 'DROP',
  at: { line: number; offset: number },
): Error {
  if (!otherObjects.has(input.current.key)) return input.unexpected();
  const second = input.ahead(1);
  const isTwoWords = second.kind === 'word' && otherObjectWords.has(second.key);
  const name = `${input.current.value}${isTwoWords ? ` ${second.value}` : ''}`.toUpperCase();
  return refusedStatement(`${verb} ${name}`, at);
}

/** Second words of objects of two words: CREATE SERVER ROLE, CREATE PARTITION FUNCTION. */
const otherObjectWords: ReadonlySet<string> = new Set(
  `role key function scheme group provider notification session table data source catalog stoplist type index
  pool policy binding list audit master`.split(/\s+/),
);

function parseCreateTable(input: TokenReader): StatementNode {
  const name = parseObjectName(input);
  if (input.is('as')) throw refusedFeature('graph-table', input.at);
  const definition = parseTableDefinition(input);
  if (input.is('as')) throw refusedFeature('graph-table', input.at);
  parseOptionalFilegroup(input);
  parseOptionalIndexOptions(input);
  return { kind: 'create-table', name, definition };
}

function parseCreateSchema(input: TokenReader): StatementNode {
  requireFirstInBatch(input, 'CREATE SCHEMA');
  if (input.accept('authorization')) {
    // Without a name of its own the schema is called after its owner.
    const owner = parseNameText(input);
    return { kind: 'create-schema', name: owner, owner };
  }
  const name = parseNameText(input);
  const owner = input.accept('authorization') ? { owner: parseNameText(input) } : {};
  if (['create', 'grant', 'revoke', 'deny'].some((word) => input.is(word))) {
    throw refusedFeature('schema-elements', input.at);
  }
  return { kind: 'create-schema', name, ...owner };
}

function parseCreateType(input: TokenReader): StatementNode {
  const name = parseObjectName(input);
  if (input.accept('from')) {
    const type = parseTypeName(input);
    return { kind: 'create-type', name, definition: { kind: 'alias', type, ...parseNullability(input) } };
  }
  if (input.is('external')) throw refusedFeature('clr', input.at);
  input.expect('as', 'table');
  const table = parseTableDefinition(input);
  if (input.is('with')) throw refusedFeature('natively-compiled', input.at);
  return { kind: 'create-type', name, definition: { kind: 'table', table } };
}

const droppable = [
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
] as const;

export function parseDrop(input: TokenReader): StatementNode {
  const at = input.at;
  input.expect('drop');
  if (input.accept('index')) return parseDropIndex(input);
  if (input.is('database') && ['audit', 'encryption', 'scoped'].includes(input.ahead(1).key)) {
    throw refusedStatement(`DROP DATABASE ${input.ahead(1).value.toUpperCase()}`, at);
  }
  const isProc = input.accept('proc');
  const object = isProc ? 'procedure' : droppable.find((word) => input.accept(word));
  if (object === undefined) throw refusedOrUnexpected(input, 'DROP', at);
  const ifExists = input.accept('if', 'exists');
  const names = input.list(() => parseObjectName(input));
  if (object === 'trigger' && (input.is('on', 'database') || input.is('on', 'all'))) {
    throw refusedFeature('ddl-trigger', at);
  }
  return { kind: 'drop', object, names, ifExists };
}
