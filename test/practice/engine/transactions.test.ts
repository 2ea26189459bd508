import { expect, test } from 'vitest';
import { startEngine, twoClients } from './client.ts';

test('definitions roll back with the transaction', async () => {
  const [client] = await twoClients();
  await client.run('create table kept(id int) insert kept values (1)');
  await client.run(
    'begin tran create table gone(id int) alter table kept add extra int null create index ix on kept(id) rollback',
  );
  expect(await client.rows("select object_id('gone')")).toEqual([[null]]);
  expect(await client.rows('select * from kept')).toEqual([[1]]);
  expect(await client.rows("select count(*) from sys.indexes where name = 'ix'")).toEqual([[0]]);
});

test('a statement that fails half-way leaves nothing, and the transaction goes on', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int primary key)');
  const answer = await client.run(
    'begin tran insert t values (1) insert t values (2), (1) insert t values (3) commit',
  );
  expect(answer.errors.map((error) => error.number)).toEqual([2627]);
  expect(await client.rows('select id from t order by id')).toEqual([[1], [3]]);
});

test('an error under XACT_ABORT undoes the transaction and ends the batch', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int primary key)');
  const answer = await client.run(
    'set xact_abort on begin tran insert t values (1) insert t values (1) print 1',
  );
  expect(answer.prints).toEqual([]);
  expect(await client.rows('select @@trancount, (select count(*) from t)')).toEqual([[0, 0]]);
});

test('a trigger sees all rows of the statement and is undone with it', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int primary key, v int) create table log(id int, old int, new int)');
  await client.run(
    'create trigger tr on t after insert, update, delete as set nocount on insert log select coalesce(i.id, d.id), d.v, i.v from inserted i full join deleted d on d.id = i.id',
  );
  await client.run('insert t values (1, 10), (2, 20) update t set v += 1 delete t where id = 1');
  expect(await client.rows('select * from log order by id, coalesce(new, 99)')).toEqual([
    [1, null, 10],
    [1, 10, 11],
    [1, 11, null],
    [2, null, 20],
    [2, 20, 21],
  ]);
  await client.run('begin tran insert t values (3, 30) rollback');
  expect(await client.rows('select count(*) from log where id = 3')).toEqual([[0]]);
});

test('a wrong password and a database without access are refused', async () => {
  const { connect } = startEngine();
  const admin = await connect();
  await admin.run("create login clerk with password = 'Till-4321x' create database shop");
  await expect(connect('clerk', 'wrong')).rejects.toThrow("Login failed for user 'clerk'.");
  await expect(connect('clerk', 'Till-4321x', 'shop')).rejects.toThrow('Cannot open database "shop"');
});

test('a user reads and writes only what was granted', async () => {
  const { connect } = startEngine();
  const admin = await connect();
  await admin.run("create login clerk with password = 'Till-4321x' create database shop");
  await admin.run('use shop');
  await admin.run('create user clerk create table t(id int) create table secret(id int)');
  await admin.run('grant select on dbo.t to clerk');
  const clerk = await connect('clerk', 'Till-4321x', 'shop');
  expect(await clerk.rows('select count(*) from t')).toEqual([[0]]);
  expect((await clerk.run('select * from secret')).errors.map((error) => error.number)).toEqual([229]);
  expect((await clerk.run('insert t values (1)')).errors.map((error) => error.number)).toEqual([229]);
  expect((await clerk.run('create table mine(id int)')).errors.map((error) => error.number)).toEqual([262]);
});
