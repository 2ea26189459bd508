import { beforeEach, describe, expect, it } from 'vitest';
import type { Database, Server, SessionState, Table } from '../../../src/practice/engine/model.ts';
import {
  addConstraint,
  addTable,
  call,
  execute,
  INT,
  parsedCondition,
  rowsOf,
  run,
  sessionOf,
  shopServer,
  start,
  TEXT,
} from './model.ts';

let server: Server;
let shop: Database;
let admin: SessionState;
let sales: Table;

beforeEach(() => {
  ({ server, shop } = shopServer());
  admin = sessionOf(server, 'sa', shop);
  sales = addTable(shop, 'Sales', { id: INT, text: TEXT });
});

describe('sp_rename', () => {
  it('renames a table, warns, and takes it back with the transaction', async () => {
    const answer = await execute(admin, 'sp_rename', { objname: 'dbo.Sales', newname: 'Orders' });
    expect(answer.messages.map((message) => message.number)).toEqual([15477]);
    expect(call(admin, 'OBJECT_ID', 'Orders')).toBe(sales.id);
    answer.undo();
    expect(call(admin, 'OBJECT_ID', 'Orders')).toBeNull();
    expect(call(admin, 'OBJECT_ID', 'Sales')).toBe(sales.id);
  });

  it('renames columns and indexes; a key constraint keeps the name of its index', async () => {
    await execute(admin, 'sp_rename', { objname: 'Sales.text', newname: 'note', objtype: 'COLUMN' });
    await execute(admin, 'sp_rename', { objname: 'dbo.Sales.PK_Sales', newname: 'PK_new', objtype: 'INDEX' });
    expect(sales.columns.map((column) => column.name)).toEqual(['id', 'note']);
    expect(call(admin, 'OBJECT_ID', 'PK_new', 'PK')).not.toBeNull();
  });

  it('refuses names that are taken, missing, or tied to a check', async () => {
    const text = 'id > 0';
    addTable(shop, 'Other', { id: INT });
    addConstraint(shop, sales, {
      name: 'CK',
      type: 'C',
      definition: { kind: 'check', condition: parsedCondition(text), text, at: start },
    });
    const rename = (objname: string, newname: string, objtype: string) =>
      execute(admin, 'sp_rename', { objname, newname, objtype });
    await expect(rename('Sales', 'Other', 'OBJECT')).rejects.toMatchObject({ number: 15335 });
    await expect(rename('Nope', 'New', 'OBJECT')).rejects.toMatchObject({ number: 15225 });
    await expect(rename('Sales.nope', 'x', 'COLUMN')).rejects.toMatchObject({ number: 15248 });
    await expect(rename('Sales.id', 'x', 'COLUMN')).rejects.toMatchObject({ number: 15336 });
    await expect(rename('Sales', 'x', 'THING')).rejects.toMatchObject({ number: 15249 });
    await expect(rename('shop', 'x', 'DATABASE')).rejects.toMatchObject({ number: 50100 });
  });
});

describe('extended properties', () => {
  const onTable = { level0type: 'SCHEMA', level0name: 'dbo', level1type: 'TABLE', level1name: 'Sales' };
  const onColumn = { ...onTable, level2type: 'COLUMN', level2name: 'text' };

  it('are added, changed, listed and dropped', async () => {
    await execute(admin, 'sp_addextendedproperty', { name: 'note', value: 'one', ...onColumn });
    await execute(admin, 'sp_updateextendedproperty', { name: 'note', value: 'two', ...onColumn });
    expect(rowsOf(admin, 'sys.extended_properties')).toMatchObject([
      { class: 1, major_id: sales.id, minor_id: 2, name: 'note', value: { value: 'two' } },
    ]);
    const listed = rowsOf(admin, 'sys.fn_listextendedproperty', [
      null,
      'SCHEMA',
      'dbo',
      'TABLE',
      'Sales',
      'COLUMN',
      null,
    ]);
    expect(listed).toMatchObject([{ objtype: 'COLUMN', objname: 'text', name: 'note' }]);
    const dropped = await execute(admin, 'sp_dropextendedproperty', { name: 'note', ...onColumn });
    expect(rowsOf(admin, 'sys.extended_properties')).toEqual([]);
    dropped.undo();
    expect(rowsOf(admin, 'sys.extended_properties')).toHaveLength(1);
  });

  it('say what is wrong', async () => {
    await execute(admin, 'sp_addextendedproperty', { name: 'note', value: 'one', ...onTable });
    await expect(
      execute(admin, 'sp_addextendedproperty', { name: 'NOTE', value: 'x', ...onTable }),
    ).rejects.toMatchObject({ number: 15233 });
    await expect(
      execute(admin, 'sp_dropextendedproperty', { name: 'nope', ...onTable }),
    ).rejects.toMatchObject({ number: 15217 });
    await expect(
      execute(admin, 'sp_addextendedproperty', { name: 'n', value: 'x', ...onTable, level1name: 'Nope' }),
    ).rejects.toMatchObject({ number: 15135 });
    await expect(
      execute(admin, 'sp_addextendedproperty', {
        name: 'n',
        value: 'x',
        level1type: 'TABLE',
        level1name: 'Sales',
      }),
    ).rejects.toMatchObject({ number: 15600 });
  });

  it('belong to the database where no level is given', async () => {
    await execute(admin, 'sp_addextendedproperty', { name: 'version', value: 7 });
    expect(rowsOf(admin, 'sys.extended_properties')).toMatchObject([
      { class: 0, major_id: 0, value: { value: 7 } },
    ]);
  });
});

describe('the old procedures for roles', () => {
  it('add and drop members', async () => {
    run(admin, 'create user u without login');
    await execute(admin, 'sp_addrolemember', { rolename: 'db_datareader', membername: 'u' });
    expect(call(admin, 'IS_ROLEMEMBER', 'db_datareader', 'u')).toBe(1);
    await execute(admin, 'sp_droprolemember', { rolename: 'db_datareader', membername: 'u' });
    expect(call(admin, 'IS_ROLEMEMBER', 'db_datareader', 'u')).toBe(0);
    await expect(
      execute(admin, 'sp_addrolemember', { rolename: 'nope', membername: 'u' }),
    ).rejects.toMatchObject({ number: 15014 });
    await expect(
      execute(admin, 'sp_addrolemember', { rolename: 'db_owner', membername: 'nope' }),
    ).rejects.toMatchObject({ number: 15410 });
  });

  it('make logins and let them in', async () => {
    await execute(admin, 'sp_addlogin', { loginame: 'till', passwd: 'x' });
    await execute(admin, 'sp_addsrvrolemember', { loginame: 'till', rolename: 'dbcreator' });
    await execute(admin, 'sp_grantdbaccess', { loginame: 'till' });
    const till = sessionOf(server, 'till', shop);
    expect(call(till, 'USER_NAME')).toBe('till');
    expect(call(till, 'IS_SRVROLEMEMBER', 'dbcreator')).toBe(1);
    await expect(execute(till, 'sp_addlogin', { loginame: 'other' })).rejects.toMatchObject({
      number: 15247,
    });
  });
});

describe('procedures that answer', () => {
  it('show free space, sessions and settings, and change none', async () => {
    expect((await execute(admin, 'xp_fixeddrives', {})).rows).toHaveLength(1);
    expect((await execute(admin, 'sp_who', {})).rows.map((row) => row[0])).toEqual([admin.id]);
    expect((await execute(admin, 'sp_configure', { configname: 'clr enabled' })).rows).toEqual([
      ['clr enabled', 0, 1, 0, 0],
    ]);
    await expect(
      execute(admin, 'sp_configure', { configname: 'clr enabled', configvalue: 1 }),
    ).rejects.toMatchObject({ number: 50100 });
    await expect(execute(admin, 'sp_configure', { configname: 'nope' })).rejects.toMatchObject({
      number: 15123,
    });
  });
});
