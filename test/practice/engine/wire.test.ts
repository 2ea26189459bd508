import mssql from 'mssql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';

let server: TestServer;
let pool: mssql.ConnectionPool;

beforeAll(async () => {
  server = await startTestServer();
  const admin = await server.connect();
  await admin.request().batch("if db_id('storedb_wire') is null create database storedb_wire");
  pool = await server.connect({ database: 'storedb_wire' });
});
afterAll(() => server.close());

test('parameters, outputs and prepared statements go through the driver', async () => {
  const result = await pool
    .request()
    .input('a', mssql.Int, 20)
    .output('b', mssql.Int)
    .query('set @b = @a * 2 select @a + 1 as c');
  expect(result.recordset[0].c).toBe(21);
  expect(result.output.b).toBe(40);
  const prepared = new mssql.PreparedStatement(pool);
  prepared.input('n', mssql.NVarChar(20));
  await prepared.prepare("select @n + N'!' as text");
  expect((await prepared.execute({ n: 'ja' })).recordset[0].text).toBe('ja!');
  expect((await prepared.execute({ n: 'nein' })).recordset[0].text).toBe('nein!');
  await prepared.unprepare();
});

test('a bulk load fills a table, with decimals and dates as they were', async () => {
  await pool
    .request()
    .batch(
      'create table bulk_target(id int not null primary key, name nvarchar(40) null, amount decimal(10, 2) null, at datetime2(3) null)',
    );
  const table = new mssql.Table('bulk_target');
  table.columns.add('id', mssql.Int, { nullable: false });
  table.columns.add('name', mssql.NVarChar(40), { nullable: true });
  table.columns.add('amount', mssql.Decimal(10, 2), { nullable: true });
  table.columns.add('at', mssql.DateTime2(3), { nullable: true });
  const at = new Date('2024-02-29T12:34:56.789Z');
  for (let id = 0; id < 2000; id++) table.rows.add(id, `row ${id}`, id / 4, at);
  expect((await pool.request().bulk(table)).rowsAffected).toBe(2000);
  const { recordset } = await pool
    .request()
    .query('select count(*) as n, sum(amount) as total, max(at) as at from bulk_target');
  expect(recordset[0]).toEqual({ n: 2000, total: 499750, at });
  await pool.request().batch('drop table bulk_target');
});

test('a transaction of the driver rolls back, and an error of the server aborts it', async () => {
  await pool.request().batch('create table tx_target(id int primary key)');
  const transaction = new mssql.Transaction(pool);
  await transaction.begin();
  await new mssql.Request(transaction).query('insert tx_target values (1)');
  await transaction.rollback();
  expect((await pool.request().query('select count(*) as n from tx_target')).recordset[0].n).toBe(0);
  await pool.request().batch('drop table tx_target');
});

test('errors arrive with number, line and procedure', async () => {
  await pool.request().batch("create procedure fails as\nselect 1 as a\nraiserror('no %s', 16, 3, 'way')");
  const failure = pool.request().execute('fails');
  await expect(failure).rejects.toMatchObject({
    number: 50000,
    state: 3,
    class: 16,
    lineNumber: 3,
    procName: 'fails',
    message: 'no way',
  });
  await pool.request().batch('drop procedure fails');
});
