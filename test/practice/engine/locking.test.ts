import { expect, test } from 'vitest';
import { twoClients } from './client.ts';

test('a reader waits for an uncommitted change and sees it after the commit', async () => {
  const [writer, reader] = await twoClients();
  await writer.run('create table t(id int primary key, v int) insert t values (1, 10)');
  await writer.run('begin tran update t set v = 11 where id = 1');
  const waiting = reader.rows('select v from t where id = 1');
  await writer.run('commit');
  expect(await waiting).toEqual([[11]]);
});

test('two sessions that wait for each other: one is the victim of the deadlock, the other goes on', async () => {
  const [first, second] = await twoClients();
  await first.run(
    'create table a(id int primary key, v int) create table b(id int primary key, v int) insert a values (1, 0) insert b values (1, 0)',
  );
  await first.run('begin tran update a set v = 1');
  await second.run('begin tran update b set v = 2');
  const [one, other] = await Promise.all([first.run('update b set v = 1'), second.run('update a set v = 2')]);
  const errors = [...one.errors, ...other.errors];
  expect(errors.map((error) => error.number)).toEqual([1205]);
  const survivor = one.errors.length === 0 ? first : second;
  const victim = survivor === first ? second : first;
  expect(await victim.rows('select @@trancount')).toEqual([[0]]);
  await survivor.run('commit');
  const value = survivor === first ? 1 : 2;
  expect(await victim.rows('select v from a union all select v from b')).toEqual([[value], [value]]);
});

test('an attention ends a lock wait, and the transaction stays open', async () => {
  const [writer, reader] = await twoClients();
  await writer.run('create table t(id int primary key) insert t values (1)');
  await writer.run('begin tran delete t');
  await reader.run('begin tran');
  const attention = new AbortController();
  const waiting = reader.run('select * from t select 2', attention.signal);
  attention.abort();
  expect((await waiting).sets).toEqual([]);
  expect(await reader.rows('select @@trancount')).toEqual([[1]]);
});

test('an attention ends a long query', async () => {
  const [client] = await twoClients();
  await client.run(
    'create table n(i int) declare @i int = 0 while @i < 1000 begin insert n values (@i) set @i += 1 end',
  );
  const attention = new AbortController();
  const running = client.run('select count(*) from n a cross join n b cross join n c', attention.signal);
  setImmediate(() => attention.abort());
  expect((await running).sets).toEqual([]);
  expect(await client.rows('select count(*) from n')).toEqual([[1000]]);
});

test('an application lock of a session blocks others until it is released', async () => {
  const [owner, other] = await twoClients();
  const take =
    "declare @r int exec @r = sp_getapplock @Resource = 'deploy', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0 select @r";
  expect(await owner.rows(take)).toEqual([[0]]);
  expect(await other.rows(take)).toEqual([[-1]]);
  expect(
    await other.rows(
      "select request_session_id, request_mode from sys.dm_tran_locks where resource_type = 'APPLICATION'",
    ),
  ).toEqual([[owner.session.id, 'X']]);
  await owner.run("exec sp_releaseapplock @Resource = 'deploy', @LockOwner = 'Session'");
  expect(await other.rows(take)).toEqual([[0]]);
  await other.session.close();
  expect(await owner.rows(take)).toEqual([[0]]);
});

test('the lowest open rowversion holds back until its transaction ends', async () => {
  const [writer, reader] = await twoClients();
  await writer.run('create table t(id int primary key, rv rowversion)');
  await writer.run('begin tran insert t(id) values (1)');
  await reader.run('insert t(id) values (2)');
  const seen = 'select count(*) from t with (nolock) where rv < min_active_rowversion()';
  expect(await reader.rows(seen)).toEqual([[0]]);
  await writer.run('commit');
  expect(await reader.rows(seen)).toEqual([[2]]);
});
