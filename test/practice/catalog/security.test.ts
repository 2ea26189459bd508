import { beforeEach, describe, expect, it } from 'vitest';
import {
  authenticate,
  dropPrincipal,
  hasPermission,
  openLoginDatabase,
  requirePermission,
  userOf,
} from '../../../src/practice/catalog/index.ts';
import type { Database, Server, SessionState, Table } from '../../../src/practice/engine/model.ts';
import { LoginRefused } from '../../../src/practice/engine/results.ts';
import { addTable, call, errorOf, INT, rowsOf, run, sessionOf, shopServer, TEXT } from './model.ts';

let server: Server;
let shop: Database;
let admin: SessionState;
let sales: Table;
const ignore = (): void => {};
const refusalOf = (work: () => unknown): readonly number[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof LoginRefused) return error.messages.map((message) => message.number);
  }
  return [];
};
/** A session of a new login `till` that is a user of the shop. */
const till = (): SessionState => {
  run(admin, "create login till with password = 'Str0ng!Pass'; create user till for login till");
  return sessionOf(server, 'till', shop);
};
const may = (session: SessionState, permission: string): boolean =>
  hasPermission(session, shop, permission, { kind: 'object', object: sales });

beforeEach(() => {
  ({ server, shop } = shopServer());
  admin = sessionOf(server, 'sa', shop);
  sales = addTable(shop, 'Sales', { id: INT, text: TEXT });
});

describe('logging in', () => {
  it('takes the right password in any case of the name, and no other', () => {
    expect(authenticate(server, 'SA', 'Secret-123').name).toBe('sa');
    expect(refusalOf(() => authenticate(server, 'sa', 'secret-123'))).toEqual([18456]);
    expect(refusalOf(() => authenticate(server, 'nobody', ''))).toEqual([18456]);
    expect(refusalOf(() => authenticate(server, 'sysadmin', ''))).toEqual([18456]);
  });

  it('names a disabled login only to those who know its password', () => {
    run(admin, "create login till with password = 'Str0ng!Pass'; alter login till disable");
    expect(refusalOf(() => authenticate(server, 'till', 'Str0ng!Pass'))).toEqual([18470]);
    expect(refusalOf(() => authenticate(server, 'till', 'wrong'))).toEqual([18456]);
  });

  it('does not open a database that is missing or has no user for the login', () => {
    run(admin, "create login till with password = 'Str0ng!Pass'");
    const login = authenticate(server, 'till', 'Str0ng!Pass');
    expect(refusalOf(() => openLoginDatabase(server, login, 'nowhere'))).toEqual([4060, 18456]);
    expect(refusalOf(() => openLoginDatabase(server, login, 'shop'))).toEqual([4060, 18456]);
    expect(openLoginDatabase(server, login, '').user.name).toBe('guest');
  });
});

describe('logins', () => {
  it('are refused when they exist, are too simple or have an unknown database', () => {
    run(admin, "create login till with password = 'Str0ng!Pass'");
    expect(errorOf(() => run(admin, "create login TILL with password = 'Str0ng!Pass'"))).toBe(15025);
    expect(errorOf(() => run(admin, "create login a with password = 'short'"))).toBe(15116);
    expect(errorOf(() => run(admin, "create login a with password = 'aaaaaaaaaa'"))).toBe(15118);
    expect(
      errorOf(() => run(admin, "create login b with password = 'aaaaaaaaaa', check_policy = off")),
    ).toBeUndefined();
    expect(
      errorOf(() => run(admin, "create login c with password = 'Str0ng!Pass', default_database = nope")),
    ).toBe(15010);
    expect(errorOf(() => run(admin, 'create login plain from windows'))).toBe(15407);
  });

  it('are made by administrators only', () => {
    const session = till();
    expect(errorOf(() => run(session, "create login other with password = 'Str0ng!Pass'"))).toBe(15247);
  });

  it('go away with the transaction', () => {
    const undo = run(admin, "create login till with password = 'Str0ng!Pass'");
    undo();
    expect(call(admin, 'SUSER_ID', 'till')).toBeNull();
  });

  it('stay while somebody is logged in with them', () => {
    till();
    expect(errorOf(() => dropPrincipal('login', 'till', false, admin, ignore))).toBe(15434);
    expect(errorOf(() => dropPrincipal('login', 'nobody', false, admin, ignore))).toBe(15151);
  });
});

describe('users and roles', () => {
  it('need a login that exists and is not mapped already', () => {
    run(admin, "create login till with password = 'Str0ng!Pass'; create user till for login till");
    expect(errorOf(() => run(admin, 'create user ghost for login ghost'))).toBe(15007);
    expect(errorOf(() => run(admin, 'create user second for login till'))).toBe(15063);
    expect(errorOf(() => run(admin, 'create user till without login'))).toBe(15023);
    expect(errorOf(() => run(admin, 'create role db_owner'))).toBe(15023);
  });

  it('are members until they are dropped from the role', () => {
    run(admin, 'create role readers; create user u without login; alter role readers add member u');
    expect(call(admin, 'IS_ROLEMEMBER', 'readers', 'u')).toBe(1);
    expect(call(admin, 'IS_ROLEMEMBER', 'nobody', 'u')).toBeNull();
    expect(errorOf(() => dropPrincipal('role', 'readers', false, admin, ignore))).toBe(15144);
    run(admin, 'alter role readers drop member u');
    expect(call(admin, 'IS_ROLEMEMBER', 'readers', 'u')).toBe(0);
    expect(errorOf(() => run(admin, 'alter role readers add member nobody'))).toBe(15151);
  });

  it('never close a circle of memberships', () => {
    run(admin, 'create role a; create role b; alter role a add member b');
    expect(errorOf(() => run(admin, 'alter role b add member a'))).toBe(15413);
  });

  it('keep a user that owns a schema', () => {
    run(admin, 'create user u without login; alter authorization on schema::dbo to u');
    expect(errorOf(() => dropPrincipal('user', 'u', false, admin, ignore))).toBe(15138);
  });

  it('come back with their permissions when a drop is rolled back', () => {
    run(admin, 'create user u without login; grant select on Sales to u');
    const undos: (() => void)[] = [];
    dropPrincipal('user', 'u', false, admin, (change) => undos.push(change));
    expect(shop.permissions.some((entry) => entry.permission === 'SELECT')).toBe(false);
    for (const undo of undos.toReversed()) undo();
    expect(shop.permissions.some((entry) => entry.permission === 'SELECT')).toBe(true);
  });
});

describe('permissions', () => {
  it('let nobody read without a grant, and say so with 229', () => {
    const session = till();
    expect(errorOf(() => requirePermission(session, shop, 'SELECT', { kind: 'object', object: sales }))).toBe(
      229,
    );
    run(admin, 'grant select on dbo.Sales to till');
    expect(may(session, 'SELECT')).toBe(true);
    expect(may(session, 'INSERT')).toBe(false);
  });

  it.each([
    ['the object', 'grant select on Sales to till'],
    ['its schema', 'grant select on schema::dbo to till'],
    ['the database', 'grant select to till'],
    ['control of the schema', 'grant control on schema::dbo to till'],
    ['a role', 'create role readers; alter role readers add member till; grant select on Sales to readers'],
    ['public', 'grant select on Sales to public'],
    ['db_datareader', 'alter role db_datareader add member till'],
    ['db_owner', 'alter role db_owner add member till'],
  ])('reach an object from %s', (_, text) => {
    const session = till();
    run(admin, text);
    expect(may(session, 'SELECT')).toBe(true);
  });

  it.each([
    ['deny select on Sales to till'],
    ['deny select on schema::dbo to till'],
    ['deny select to public'],
    ['deny control to till'],
    ['alter role db_denydatareader add member till'],
  ])('are taken away by %s, whatever else was given', (text) => {
    const session = till();
    run(admin, `grant select on Sales to till; alter role db_datareader add member till; ${text}`);
    expect(may(session, 'SELECT')).toBe(false);
  });

  it('are revoked and come back when the revoke is rolled back', () => {
    const session = till();
    run(admin, 'grant select on Sales to till');
    const undo = run(admin, 'revoke select on Sales to till');
    expect(may(session, 'SELECT')).toBe(false);
    undo();
    expect(may(session, 'SELECT')).toBe(true);
  });

  it('to create tables are asked on the database, with 262', () => {
    const session = till();
    expect(errorOf(() => requirePermission(session, shop, 'CREATE TABLE', { kind: 'database' }))).toBe(262);
    run(admin, 'alter role db_ddladmin add member till');
    expect(
      errorOf(() => requirePermission(session, shop, 'CREATE TABLE', { kind: 'database' })),
    ).toBeUndefined();
    expect(hasPermission(session, shop, 'ALTER', { kind: 'object', object: sales })).toBe(true);
    expect(may(session, 'SELECT')).toBe(false);
  });

  it('on the server come from fixed roles and grants in master', () => {
    const session = till();
    const master = server.databases.get('MASTER')!;
    const adminInMaster = sessionOf(server, 'sa', master);
    expect(call(session, 'HAS_PERMS_BY_NAME', null, null, 'VIEW SERVER STATE')).toBe(0);
    expect(errorOf(() => rowsOf(session, 'sys.dm_tran_locks'))).toBe(300);
    expect(errorOf(() => run(admin, 'grant view server state to till'))).toBe(4621);
    run(adminInMaster, 'grant view server state to till; alter server role dbcreator add member till');
    expect(call(session, 'HAS_PERMS_BY_NAME', null, null, 'VIEW SERVER STATE')).toBe(1);
    expect(call(session, 'IS_SRVROLEMEMBER', 'dbcreator')).toBe(1);
    expect(hasPermission(session, master, 'CREATE DATABASE', { kind: 'database' })).toBe(true);
  });

  it('cannot be given to oneself, to owners, or by those who do not control the securable', () => {
    const session = till();
    expect(errorOf(() => run(admin, 'grant select on Sales to dbo'))).toBe(4624);
    expect(errorOf(() => run(admin, 'grant select on Sales to db_datareader'))).toBe(4617);
    expect(errorOf(() => run(admin, 'grant execute on Sales to till'))).toBe(4606);
    expect(errorOf(() => run(admin, 'grant select on Missing to till'))).toBe(15151);
    expect(errorOf(() => run(session, 'grant select on Sales to public'))).toBe(15151);
  });

  it('on columns are refused, because nothing would enforce them', () => {
    till();
    expect(errorOf(() => run(admin, 'grant select on Sales(text) to till'))).toBe(50100);
  });

  it('may be passed on with the grant option, and go with CASCADE only', () => {
    const session = till();
    run(admin, 'grant select on Sales to till with grant option; create user friend without login');
    run(session, 'grant select on Sales to friend');
    expect(errorOf(() => run(admin, 'revoke select on Sales from till'))).toBe(4611);
  });
});

describe('entering a database', () => {
  it('makes the owner and administrators dbo, others their user, and strangers nobody', () => {
    const session = till();
    expect(session.user.name).toBe('till');
    run(admin, "create login boss with password = 'Str0ng!Pass'");
    const boss = authenticate(server, 'boss', 'Str0ng!Pass');
    expect(userOf(server, boss, shop)).toBeUndefined();
    run(admin, 'alter authorization on database::shop to boss');
    expect(userOf(server, boss, shop)?.name).toBe('dbo');
    run(admin, 'deny connect to till');
    expect(userOf(server, session.login, shop)).toBeUndefined();
  });
});
