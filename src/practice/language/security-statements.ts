import { parseNames } from './alter-table.ts';
import { parseNameText, parseObjectName, parseOptionalColumnList } from './names.ts';
import { refusedFeature } from './refusals.ts';
import { parseSecurable } from './securables.ts';
import type { SecurityStatement } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

type SecurityStatementOf<Kind> = Extract<SecurityStatement, { kind: Kind }>;

/** GRANT, DENY or REVOKE. Permissions are lower case with one space between words; ALL is 'all'. */
export function parsePermission(
  input: TokenReader,
): Extract<SecurityStatement, { permissions: readonly string[] }> {
  const kind = (['grant', 'deny', 'revoke'] as const).find((word) => input.accept(word));
  if (kind === undefined) throw input.unexpected();
  const isOptionOnly = kind === 'revoke' && input.accept('grant', 'option', 'for');
  const at = input.at;
  const permissions = input.list(() => ({
    name: parsePermissionName(input),
    columns: parseOptionalColumnList(input),
  }));
  let on = input.accept('on') ? parseSecurable(input) : undefined;
  const columns = permissions[0]?.columns;
  if (permissions.some((permission) => permission.columns?.join('.') !== columns?.join('.'))) {
    throw refusedFeature('columns-per-permission', at);
  }
  if (columns !== undefined) {
    if (on === undefined || on.columns !== undefined) throw input.unexpected(input.previous);
    on = { ...on, columns };
  }
  if (!(kind === 'revoke' && input.accept('from'))) input.expect('to');
  const to = input.list(() => parsePrincipal(input));
  const withGrantOption = (kind === 'grant' && input.accept('with', 'grant', 'option')) || isOptionOnly;
  const cascade = kind !== 'grant' && input.accept('cascade');
  if (input.is('as')) throw refusedFeature('grant-as', input.at);
  const names = permissions.map((permission) => permission.name);
  return { kind, permissions: names, ...(on === undefined ? {} : { on }), to, withGrantOption, cascade };
}

/** PUBLIC is reserved and still a principal; so is nothing else. */
function parsePrincipal(input: TokenReader): string {
  return input.is('public') ? input.take().value : parseNameText(input);
}

/** The words of a permission: SELECT, VIEW DEFINITION, CREATE TABLE. */
function parsePermissionName(input: TokenReader): string {
  const words: string[] = [];
  while (input.current.kind === 'word' && !['on', 'to', 'from'].includes(input.current.key)) {
    words.push(input.take().key);
  }
  if (words.length === 0) throw input.unexpected();
  return words
    .join(' ')
    .replace(/^all privileges$/, 'all')
    .replace(/^exec$/, 'execute');
}

/** After ALTER AUTHORIZATION. */
export function parseAuthorization(input: TokenReader): SecurityStatementOf<'alter-authorization'> {
  input.expect('on');
  const on = parseSecurable(input);
  input.expect('to');
  const to = input.accept('schema', 'owner') ? 'schema owner' : parseNameText(input);
  return { kind: 'alter-authorization', on, to };
}

/** ENABLE TRIGGER and DISABLE TRIGGER. */
export function parseEnableTrigger(input: TokenReader): SecurityStatementOf<'enable-trigger'> {
  const enable = input.take().key === 'enable';
  input.expect('trigger');
  const names = input.is('all') ? parseNames(input) : input.list(() => parseObjectName(input).name);
  input.expect('on');
  if (input.is('database') || input.is('all', 'server')) throw refusedFeature('ddl-trigger', input.at);
  return { kind: 'enable-trigger', enable, names, table: parseObjectName(input) };
}
