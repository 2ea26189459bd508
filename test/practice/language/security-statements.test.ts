import { describe, expect, it } from 'vitest';
import { problem, statement } from './parse-one.ts';

describe('a security statement', () => {
  it.each([
    [
      "create login [x] with password = N'p', default_database = [master], check_policy = off",
      {
        kind: 'create-login',
        from: 'password',
        password: { text: 'p' },
        options: { default_database: 'master', check_policy: false },
      },
    ],
    ['create login [D\\u] from windows', { from: 'windows', name: 'D\\u' }],
    ['alter login x disable', { isAlter: true, change: 'disable' }],
    [
      "alter login x with password = 'a' old_password = 'b'",
      { change: 'with', password: { text: 'a' }, options: { old_password: 'b' } },
    ],
    ['create user u for login l with default_schema = s', { login: 'l', options: { default_schema: 's' } }],
    ['create user u without login', { withoutLogin: true }],
    ['alter user u with login = l', { isAlter: true, login: 'l' }],
    ['create role r authorization dbo', { kind: 'create-role', owner: 'dbo' }],
    ['alter role r add member m', { scope: 'database', change: { kind: 'add', member: 'm' } }],
    ['alter server role r drop member m', { scope: 'server', change: { kind: 'drop' } }],
    ['drop user if exists u', { kind: 'drop', object: 'user', ifExists: true }],
    [
      'grant select, insert, exec on schema::dbo to u, public with grant option',
      {
        kind: 'grant',
        permissions: ['select', 'insert', 'execute'],
        on: { class: 'schema', name: { name: 'dbo' } },
        to: ['u', 'public'],
        withGrantOption: true,
      },
    ],
    ['grant select (a, b) on dbo.t to u', { on: { class: 'object', columns: ['a', 'b'] } }],
    [
      'deny view server state to u cascade',
      { kind: 'deny', permissions: ['view server state'], cascade: true },
    ],
    ['revoke grant option for select on t from u', { kind: 'revoke', withGrantOption: true }],
    ['grant control on database::d to u', { on: { class: 'database' } }],
    ['alter authorization on schema::s to dbo', { kind: 'alter-authorization', to: 'dbo' }],
    ['disable trigger all on dbo.t', { kind: 'enable-trigger', enable: false, names: 'all' }],
  ])('%s', (text, expected) => {
    expect(statement(text)).toMatchObject(expected);
  });

  it('takes an old system procedure as the call it is', () => {
    expect(statement("sp_addrolemember N'db_datareader', [u]")).toMatchObject({
      kind: 'execute',
      target: { name: { name: 'sp_addrolemember' } },
      arguments: [{ value: { value: { text: 'db_datareader' } } }, { value: { value: { text: 'u' } } }],
    });
  });

  it.each([
    ['create login x from certificate c', 50148],
    ['grant select on assembly::a to u', 50190],
    ["execute as user = 'u' with no revert", 50133],
    ['revert with cookie = @c', 50133],
    ['grant select (a), update (b) on t to u', 50149],
  ])('%s is refused with %i', (text, number) => {
    expect(problem(text).number).toBe(number);
  });
});
