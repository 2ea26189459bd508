import { expect, test } from 'vitest';
import { collecting } from '../../conformance/in-process.ts';
import { type Client, startEngine, twoClients } from './client.ts';

/** Numbers of the messages that a batch sends, in order. */
const messagesOf = async (client: Client, sql: string): Promise<readonly number[]> => {
  const numbers: number[] = [];
  const { sink } = collecting();
  await client.session.batch(
    sql,
    { ...sink, message: ({ number }) => numbers.push(number) },
    new AbortController().signal,
  );
  return numbers;
};

test('SET FMTONLY ON answers with columns alone, also for the statements of a text', async () => {
  const [client] = await twoClients();
  await client.run("create table t(id int not null, name nvarchar(20) null) insert t values (1, N'a')");
  const answer = await client.run(
    "set fmtonly on select * from t exec(N'select name from t') set fmtonly off select id from t",
  );
  expect(answer.errors).toEqual([]);
  expect(answer.sets.map(({ columns, rows }) => [columns.map(([name]) => name), rows])).toEqual([
    [['id', 'name'], []],
    [['name'], []],
    [['id'], [[1]]],
  ]);
});

test('what SET FMTONLY ON cannot describe is refused by name and does nothing', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int)');
  for (const statement of [
    'insert t values (1)',
    'if 1 = 1 select 1',
    'create table u(id int)',
    'exec sp_who',
  ]) {
    const answer = await client.run(`set fmtonly on ${statement} set fmtonly off`);
    expect(answer.errors[0]?.text).toMatch(
      /^Practice server: .* under SET FMTONLY ON is not supported here\.$/,
    );
    await client.run('set fmtonly off');
  }
  expect(await client.rows("select object_id('u'), (select count(*) from t)")).toEqual([[null, 0]]);
});

test('the collations of a table are told column by column, as bulk copies ask for them', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int not null, name nvarchar(20) collate Latin1_General_CS_AS null)');
  expect(await client.rows("exec shop..sp_tablecollations_100 N'.[t]'")).toMatchObject([
    [1, 'id', null, null],
    [2, 'name', '0x0904C00000', 'Latin1_General_CS_AS'],
  ]);
});

test('a name may begin with the parts that it leaves out', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int)');
  expect(await client.rows("exec ..sp_tablecollations_100 N'dbo.[t]'")).toEqual([[1, 'id', null, null]]);
  expect(await client.rows('select count(*) from ..t')).toEqual([[0]]);
  expect((await client.run('select * from .')).errors[0]?.number).toBe(102);
});

test('only a statement that is taken back is said to be terminated', async () => {
  const [client] = await twoClients();
  await client.run('create table t(id int primary key) insert t values (1)');
  expect(await messagesOf(client, 'insert t values (1)')).toEqual([2627, 3621]);
  expect(await messagesOf(client, 'update t set id = 1 / 0')).toEqual([8134, 3621]);
  expect(await messagesOf(client, 'select 1 / 0 as a into u')).toEqual([8134, 3621]);
  expect(await messagesOf(client, 'select 1 / 0')).toEqual([8134]);
  expect(await messagesOf(client, 'select * from nowhere')).toEqual([208]);
  expect(await messagesOf(client, 'insert nowhere values (1)')).toEqual([208]);
  expect(await messagesOf(client, 'set xact_abort on insert t values (1)')).toEqual([2627]);
});

test('who may only insert loads in bulk past no trigger and no constraint', async () => {
  const { connect } = startEngine();
  const admin = await connect();
  await admin.rows(
    "create database shop create login till with password = N'Pw-123456', check_policy = off select 1",
  );
  await admin.run('use shop create user till for login till');
  for (const table of ['plain', 'heard', 'checked'])
    await admin.run(`create table ${table}(id int primary key) grant insert on ${table} to till`);
  await admin.run('create trigger tr on heard after insert as return');
  await admin.run('alter table checked add constraint ck check (id > 0)');
  const till = await connect('till', 'Pw-123456', 'shop');
  const refusalOf = async (table: string, options = '') =>
    (await till.run(`insert bulk ${table}(id int)${options}`)).errors.map(({ number }) => number);
  expect(await refusalOf('plain')).toEqual([]);
  expect(await refusalOf('heard')).toEqual([5304]);
  expect(await refusalOf('heard', ' with (fire_triggers)')).toEqual([]);
  expect(await refusalOf('checked', ' with (fire_triggers)')).toEqual([5304]);
  expect(await refusalOf('checked', ' with (check_constraints)')).toEqual([]);
  await admin.run('disable trigger tr on heard');
  expect(await refusalOf('heard')).toEqual([]);
  await admin.run('enable trigger tr on heard grant alter on heard to till');
  expect(await refusalOf('heard')).toEqual([]);
  await admin.run('revoke insert on heard from till');
  expect(await refusalOf('heard')).toEqual([229]);
});
