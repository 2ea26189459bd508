import { expect, test } from 'vitest';
import { type Client, twoClients } from './client.ts';

const numbersOf = async (client: Client, sql: string): Promise<readonly number[]> =>
  (await client.run(sql)).errors.map(({ number }) => number);

/** Two sessions on a table with the keys 1 and 2; the second does not wait for locks. */
async function twoOnTable(): Promise<readonly [Client, Client]> {
  const [first, second] = await twoClients();
  await first.run(
    'create table t(id int primary key, code int not null, v int) create index byCode on t(code) insert t values (1, 10, 0), (2, 20, 0)',
  );
  await second.run('set lock_timeout 0');
  return [first, second];
}

test('a serializable lookup keeps its key free, and only that', async () => {
  const [reader, writer] = await twoOnTable();
  await reader.run('begin tran');
  expect(await reader.rows('select v from t with (holdlock) where id = 3')).toEqual([]);
  expect(await numbersOf(writer, 'insert t values (3, 30, 0)')).toEqual([1222]);
  expect(await numbersOf(writer, 'update t set id = 3 where id = 2')).toEqual([1222]);
  expect(await numbersOf(writer, 'insert t values (4, 40, 0)')).toEqual([]);
  await reader.run('commit');
  expect(await numbersOf(writer, 'insert t values (3, 30, 0)')).toEqual([]);
});

test('a serializable lookup keeps the row that it found', async () => {
  const [reader, writer] = await twoOnTable();
  await reader.run('set transaction isolation level serializable begin tran');
  expect(await reader.rows('select v from t where id = 1')).toEqual([[0]]);
  expect(await numbersOf(writer, 'delete t where id = 1')).toEqual([1222]);
  expect(await numbersOf(writer, 'update t set v = 1 where id = 1')).toEqual([1222]);
  expect(await numbersOf(writer, 'update t set v = 1 where id = 2')).toEqual([]);
  await reader.run('rollback');
  expect(await numbersOf(writer, 'delete t where id = 1')).toEqual([]);
});

test('of two that look a missing key up to insert it, the second waits', async () => {
  const [first, second] = await twoOnTable();
  const insertMissing = (id: number, v: number) =>
    `begin tran insert t select ${id}, ${id}, ${v} where not exists (select 1 from t with (updlock, holdlock) where id = ${id})`;
  await first.run(insertMissing(3, 1));
  expect(await numbersOf(second, insertMissing(4, 2))).toEqual([]);
  await second.run('commit; set lock_timeout -1');
  const waiting = second.run(`${insertMissing(3, 2)} commit`);
  await first.run('commit');
  expect((await waiting).errors).toEqual([]);
  expect(await first.rows('select id, v from t where id > 2 order by id')).toEqual([
    [3, 1],
    [4, 2],
  ]);
});

test('two that share a missing key and then insert it wait for each other: one is the victim', async () => {
  const [first, second] = await twoOnTable();
  await second.run('set lock_timeout -1');
  for (const client of [first, second])
    await client.run('begin tran select 1 from t with (holdlock) where id = 3');
  const answers = await Promise.all(
    [first, second].map((client) => numbersOf(client, 'insert t values (3, 30, 0)')),
  );
  expect(answers.flat()).toEqual([1205]);
});

test('a key of an index that is not unique is kept from further rows too', async () => {
  const [reader, writer] = await twoOnTable();
  await reader.run('begin tran select v from t with (holdlock) where code = 10');
  expect(await numbersOf(writer, 'insert t values (3, 10, 0)')).toEqual([1222]);
  expect(await numbersOf(writer, 'update t set code = 10 where id = 2')).toEqual([1222]);
  expect(await numbersOf(writer, 'insert t values (3, 30, 0)')).toEqual([]);
});

test('rows that are changed through a join are looked up by the few others, and nothing else is kept', async () => {
  const [first, second] = await twoOnTable();
  await first.run('create table #few(id int) insert #few values (2), (3)');
  await first.run(
    'begin tran update b set v = 1 from t as b with (updlock, holdlock) join #few as f on b.id = f.id',
  );
  expect(await numbersOf(second, 'update t set v = 9 where id = 1')).toEqual([]);
  expect(await numbersOf(second, 'insert t values (3, 30, 0)')).toEqual([1222]);
  expect(await numbersOf(second, 'update t set v = 9 where id = 2')).toEqual([1222]);
  await first.run('commit');
  expect(await second.rows('select id, v from t order by id')).toEqual([
    [1, 9],
    [2, 1],
  ]);
});

test('a serializable reading without a key keeps the whole table', async () => {
  const [reader, writer] = await twoOnTable();
  await reader.run('begin tran select count(*) from t with (holdlock) where v = 7');
  expect(await numbersOf(writer, 'insert t values (3, 30, 0)')).toEqual([1222]);
  expect(await numbersOf(writer, 'update t set v = 1 where id = 2')).toEqual([1222]);
});
