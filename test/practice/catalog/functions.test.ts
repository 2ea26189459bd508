import { beforeEach, describe, expect, it } from 'vitest';
import { splitName } from '../../../src/practice/catalog/objects.ts';
import type { Database, Server, SessionState, Table } from '../../../src/practice/engine/model.ts';
import { applicationResource } from '../../../src/practice/engine/run/application-locks.ts';
import { addTable, call, INT, run, runtimeOf, sessionOf, shopServer, TEXT } from './model.ts';

let server: Server;
let shop: Database;
let admin: SessionState;
let sales: Table;

beforeEach(() => {
  ({ server, shop } = shopServer());
  admin = sessionOf(server, 'sa', shop);
  sales = addTable(shop, 'Sales', { id: INT, text: TEXT });
});

describe('splitting a name', () => {
  it.each([
    ['t', ['t']],
    ['dbo.t', ['dbo', 't']],
    ['tempdb..#t', ['tempdb', '', '#t']],
    ['[a.b].c', ['a.b', 'c']],
    ['[a]]b].[c]', ['a]b', 'c']],
    ['"x y".z', ['x y', 'z']],
  ])('reads %s', (text, parts) => {
    expect(splitName(text)).toEqual(parts);
  });
  it.each(['[open', 'a.b.c.d.e'])('finds no name in %s', (text) => {
    expect(splitName(text)).toBeUndefined();
  });
});

describe('ids and names', () => {
  it('find an object by one to three parts, of the type that was asked', () => {
    for (const name of ['Sales', 'dbo.sales', '[shop]..[Sales]', 'shop.dbo.Sales']) {
      expect(call(admin, 'OBJECT_ID', name), name).toBe(sales.id);
    }
    expect(call(admin, 'OBJECT_ID', 'dbo.Sales', 'U')).toBe(sales.id);
    expect(call(admin, 'OBJECT_ID', 'dbo.Sales', 'V')).toBeNull();
    expect(call(admin, 'OBJECT_ID', 'nowhere.dbo.Sales')).toBeNull();
    expect(call(admin, 'OBJECT_ID', null)).toBeNull();
    expect(call(admin, 'OBJECT_NAME', sales.id)).toBe('Sales');
  });

  it('find temporary tables of the scope only through tempdb', () => {
    const session = { ...admin, temporaryTables: new Map([['#T', { ...sales, name: '#t' }]]) };
    expect(call(session, 'OBJECT_ID', 'tempdb..#t')).toBe(sales.id);
    expect(call(session, 'OBJECT_ID', '#t')).toBeNull();
  });

  it('find the views and procedures of the system', () => {
    expect(call(admin, 'OBJECT_ID', 'sys.dm_os_volume_stats')).toBeLessThan(0);
    expect(call(admin, 'OBJECT_ID', 'sys.no_such_view')).toBeNull();
    expect(call(admin, 'OBJECT_ID', 'master..xp_fixeddrives')).not.toBeNull();
    expect(call(admin, 'COL_LENGTH', 'sys.databases', 'is_read_only')).toBe(1);
    expect(call(admin, 'COL_LENGTH', 'sys.databases', 'is_ledger_on')).toBeNull();
  });

  it('name databases, schemas and columns', () => {
    expect(call(admin, 'DB_ID', 'SHOP')).toBe(5);
    expect(call(admin, 'DB_NAME')).toBe('shop');
    expect(call(admin, 'SCHEMA_ID', 'dbo')).toBe(1);
    expect(call(admin, 'SCHEMA_NAME')).toBe('dbo');
    expect(call(admin, 'COL_NAME', sales.id, 2)).toBe('text');
    expect(call(admin, 'COL_LENGTH', 'Sales', 'text')).toBe(256);
    expect(call(admin, 'TYPE_NAME', 231)).toBe('nvarchar');
    expect(call(admin, 'PARSENAME', 'db.sch.obj', 2)).toBe('sch');
    expect(call(admin, 'PARSENAME', 'db.sch.obj', 4)).toBeNull();
  });
});

describe('properties', () => {
  it('tell what a column and a table have', () => {
    expect(call(admin, 'COLUMNPROPERTY', sales.id, 'id', 'IsIdentity')).toBe(1);
    expect(call(admin, 'COLUMNPROPERTY', sales.id, 'text', 'AllowsNull')).toBe(1);
    expect(call(admin, 'COLUMNPROPERTY', sales.id, 'nope', 'IsIdentity')).toBeNull();
    expect(call(admin, 'OBJECTPROPERTY', sales.id, 'IsUserTable')).toBe(1);
    expect(call(admin, 'OBJECTPROPERTY', sales.id, 'TableHasPrimaryKey')).toBe(1);
    expect(call(admin, 'OBJECTPROPERTY', 12345, 'IsUserTable')).toBeNull();
    expect(call(admin, 'INDEXPROPERTY', sales.id, 'PK_Sales', 'IsClustered')).toBe(1);
    expect(call(admin, 'IDENT_CURRENT', 'Sales')).toBe(5n);
  });

  it('say that this is a practice server', () => {
    expect(call(admin, '@@VERSION')).toContain('practice server, not SQL Server');
    expect(call(admin, 'SERVERPROPERTY', 'Edition')).toContain('practice server, not SQL Server');
    expect(call(admin, 'SERVERPROPERTY', 'ProductVersion')).toBe('11.0.2100.60');
    expect(call(admin, 'SERVERPROPERTY', 'NoSuch')).toBeNull();
    expect(call(admin, 'DATABASEPROPERTYEX', 'shop', 'Status')).toBe('ONLINE');
    expect(call(admin, 'DATABASEPROPERTYEX', 'nope', 'Status')).toBeNull();
  });

  it('read the lowest open row version, and the next one where nobody says', () => {
    shop.rowversion = 3000n;
    const number = (value: unknown): bigint => Buffer.from(value as Uint8Array).readBigUInt64BE();
    expect(number(call(admin, '@@DBTS'))).toBe(2999n);
    expect(number(call(admin, 'MIN_ACTIVE_ROWVERSION'))).toBe(3000n);
    server.lowestActiveRowversion = () => 2500n;
    expect(number(call(admin, 'MIN_ACTIVE_ROWVERSION'))).toBe(2500n);
  });
});

describe('HAS_PERMS_BY_NAME', () => {
  it('answers for the server, databases, schemas and objects', () => {
    run(
      admin,
      "create login till with password = 'Str0ng!Pass'; create user till for login till; grant select on Sales to till",
    );
    const till = sessionOf(server, 'till', shop);
    expect(call(till, 'HAS_PERMS_BY_NAME', 'dbo.Sales', 'OBJECT', 'SELECT')).toBe(1);
    expect(call(till, 'HAS_PERMS_BY_NAME', 'dbo.Sales', 'OBJECT', 'DELETE')).toBe(0);
    expect(call(till, 'HAS_PERMS_BY_NAME', 'dbo.Sales', 'OBJECT', 'NONSENSE')).toBeNull();
    expect(call(till, 'HAS_PERMS_BY_NAME', 'dbo.Nope', 'OBJECT', 'SELECT')).toBeNull();
    expect(call(till, 'HAS_PERMS_BY_NAME', 'shop', 'DATABASE', 'CREATE TABLE')).toBe(0);
    expect(call(till, 'HAS_PERMS_BY_NAME', 'shop', 'DATABASE', 'ANY')).toBe(1);
    expect(call(till, 'HAS_PERMS_BY_NAME', 'dbo', 'SCHEMA', 'ALTER')).toBe(0);
    expect(call(till, 'HAS_PERMS_BY_NAME', null, null, 'CREATE ANY DATABASE')).toBe(0);
    expect(call(admin, 'HAS_PERMS_BY_NAME', null, 'SERVER', 'CONTROL SERVER')).toBe(1);
    expect(call(till, 'HAS_DBACCESS', 'master')).toBe(1);
    expect(call(till, 'HAS_DBACCESS', 'nope')).toBeNull();
  });
});

describe('application locks', () => {
  it('are read from the locks that the server holds', () => {
    const other = sessionOf(server, 'sa', shop);
    const lock = {
      sessionId: admin.id,
      databaseId: shop.id,
      resource: 'APPLICATION',
      objectId: 0,
      description: applicationResource('setup'),
      mode: 'U',
      status: 'GRANT',
      owner: 'SESSION',
    } as const;
    server.lockRows = () => [lock];
    expect(call(admin, 'APPLOCK_MODE', 'public', 'setup', 'Session')).toBe('Update');
    expect(call(admin, 'APPLOCK_MODE', 'public', 'setup', 'Transaction')).toBe('NoLock');
    expect(call(other, 'APPLOCK_TEST', 'public', 'setup', 'Shared', 'Session')).toBe(1);
    expect(call(other, 'APPLOCK_TEST', 'public', 'setup', 'Exclusive', 'Session')).toBe(0);
    expect(call(admin, 'APPLOCK_TEST', 'public', 'setup', 'Exclusive', 'Session')).toBe(1);
    expect(runtimeOf(other).session).toBe(other);
  });
});
