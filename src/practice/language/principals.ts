import { literalOf } from './expressions.ts';
import { isName, parseNameText } from './names.ts';
import { refusedFeature, refusedOption } from './refusals.ts';
import type { Literal, Options, SecurityStatement } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

type SecurityStatementOf<Kind> = Extract<SecurityStatement, { kind: Kind }>;
type LoginOptions = { readonly password?: Literal; readonly options: Options };

/** Option values that are names or words: kept as written. ON and OFF become booleans. */
export const loginOptions: ReadonlySet<string> = new Set([
  'check_expiration',
  'check_policy',
  'default_database',
  'default_language',
  'name',
  'old_password',
  'sid',
]);
const passwordWords: ReadonlySet<string> = new Set(['hashed', 'must_change', 'unlock']);

/** After CREATE LOGIN. */
export function parseCreateLogin(input: TokenReader): SecurityStatementOf<'create-login'> {
  const name = parseNameText(input);
  if (input.accept('from')) {
    if (!input.accept('windows')) throw refusedFeature('login-from-certificate', input.at);
    const options = input.accept('with') ? parseLoginOptions(input).options : {};
    return { kind: 'create-login', name, from: 'windows', options, isAlter: false };
  }
  input.expect('with');
  if (!input.is('password')) throw input.unexpected();
  return { kind: 'create-login', name, from: 'password', ...parseLoginOptions(input), isAlter: false };
}

/** After ALTER LOGIN. */
export function parseAlterLogin(input: TokenReader): SecurityStatementOf<'create-login'> {
  const name = parseNameText(input);
  const base = { kind: 'create-login', name, from: 'password', isAlter: true } as const;
  const change = (['enable', 'disable'] as const).find((word) => input.accept(word));
  if (change !== undefined) return { ...base, options: {}, change };
  if (input.is('add') || input.is('drop')) throw refusedOption('ALTER LOGIN CREDENTIAL', input.at);
  input.expect('with');
  return { ...base, ...parseLoginOptions(input), change: 'with' };
}

function parseLoginOptions(input: TokenReader): LoginOptions {
  let password: Literal | undefined;
  const options: Record<string, string | number | boolean> = {};
  input.list(() => {
    const at = input.at;
    const { kind, key, value } = input.current;
    if (kind !== 'word') throw input.unexpected();
    input.take();
    if (key !== 'password' && !loginOptions.has(key)) {
      throw refusedOption(`The login option ${value.toUpperCase()}`, at);
    }
    input.expectSymbol('=');
    if (key !== 'password') {
      options[key] = parseLoginValue(input);
      return;
    }
    password = literalOf(input, input.current);
    if (password?.type !== 'string' && password?.type !== 'binary') throw input.unexpected();
    input.take();
    while (passwordWords.has(input.current.key)) options[input.take().key] = true;
    // ALTER LOGIN x WITH PASSWORD = 'new' OLD_PASSWORD = 'old': no comma between these two.
    if (input.accept('old_password')) {
      input.expectSymbol('=');
      options.old_password = parseLoginValue(input);
    }
  });
  return password === undefined ? { options } : { password, options };
}

function parseLoginValue(input: TokenReader): string | boolean {
  if (input.accept('on')) return true;
  if (input.accept('off')) return false;
  const { kind, value } = input.current;
  if (kind === 'binary') return `0x${input.take().value}`;
  if (kind === 'string' || kind === 'unicode-string' || isName(input)) {
    input.take();
    return value;
  }
  throw input.unexpected();
}

/** After CREATE USER. */
export function parseCreateUser(input: TokenReader): SecurityStatementOf<'create-user'> {
  const name = parseNameText(input);
  let login: { login?: string } = {};
  let withoutLogin = false;
  if (input.accept('for') || input.accept('from')) {
    if (!input.accept('login')) throw refusedFeature('login-from-certificate', input.at);
    login = { login: parseNameText(input) };
  } else {
    withoutLogin = input.accept('without', 'login');
  }
  const options = input.accept('with') ? parseUserOptions(input, ['default_schema']) : {};
  return { kind: 'create-user', name, ...login, withoutLogin, options, isAlter: false };
}

/** After ALTER USER. */
export function parseAlterUser(input: TokenReader): SecurityStatementOf<'create-user'> {
  const name = parseNameText(input);
  input.expect('with');
  const { login, ...options } = parseUserOptions(input, ['default_schema', 'name', 'login']);
  const mapped = login === undefined ? {} : { login: String(login) };
  return { kind: 'create-user', name, ...mapped, withoutLogin: false, options, isAlter: true };
}

function parseUserOptions(input: TokenReader, known: readonly string[]): Options {
  const entries = input.list((): [string, string] => {
    const at = input.at;
    const { kind, key, value } = input.current;
    if (kind !== 'word') throw input.unexpected();
    input.take();
    if (!known.includes(key)) throw refusedOption(`The user option ${value.toUpperCase()}`, at);
    input.expectSymbol('=');
    return [key, parseNameText(input)];
  });
  return Object.fromEntries(entries);
}

/** After CREATE ROLE. */
export function parseCreateRole(input: TokenReader): SecurityStatementOf<'create-role'> {
  const name = parseNameText(input);
  return {
    kind: 'create-role',
    name,
    ...(input.accept('authorization') ? { owner: parseNameText(input) } : {}),
  };
}

/** After ALTER ROLE or ALTER SERVER ROLE. */
export function parseAlterRole(
  input: TokenReader,
  scope: 'database' | 'server',
): SecurityStatementOf<'alter-role'> {
  const name = parseNameText(input);
  const kind = (['add', 'drop'] as const).find((word) => input.accept(word, 'member'));
  if (kind !== undefined) {
    return { kind: 'alter-role', name, scope, change: { kind, member: parseNameText(input) } };
  }
  input.expect('with', 'name');
  input.expectSymbol('=');
  return { kind: 'alter-role', name, scope, change: { kind: 'rename', name: parseNameText(input) } };
}
