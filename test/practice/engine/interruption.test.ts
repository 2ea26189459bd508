/** Statements that would run for hours end when the client takes them back, and leave nothing behind. */

import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, startEngine } from './client.ts';

const endless: readonly (readonly [string, string])[] = [
  ['a join without a condition', 'select count(*) from big a cross join big b cross join big c'],
  [
    'a join whose condition never holds',
    'select * from big a join big b on a.id + b.id < 0 join big c on c.id > b.id',
  ],
  ['a subquery as a value', 'select (select count(*) from big a cross join big b cross join big c)'],
  [
    'a subquery that no row answers',
    'select 1 where exists (select * from big a cross join big b where a.id + b.id < 0)',
  ],
  ['a subquery behind IN', 'select * from big where id in (select a.id + b.id from big a cross join big b)'],
  ['a subquery of every row', 'select id, (select max(b.id) from big b where b.id > a.id) from big a'],
  [
    'a condition of every row',
    'select id from big a where (select sum(b.id) from big b where b.id <> a.id) < 0',
  ],
  ['a condition of IF', 'if (select count(*) from big a cross join big b cross join big c) > 1 print 1'],
  [
    'the value of a variable',
    'declare @n int; set @n = (select count(*) from big a cross join big b cross join big c)',
  ],
  ['a sort', 'select top 5 a.id from big a cross join big b order by newid()'],
  ['a loop', 'declare @i int = 0; while 1 = 1 set @i = 1 - @i'],
  ['a loop of long statements', "while 1 = 1 update big set name = 'x' where id < 0"],
  ['a function called for every row', 'select dbo.slow(a.id) from big a cross join big b'],
  [
    'a recursion',
    'with r as (select 1 as n union all select 1 from r) select * from r option (maxrecursion 0)',
  ],
  ['an UPDATE of what a join finds', 'update a set name = name from big a join big b on a.id + b.id < 0'],
  [
    'an INSERT of what a join finds',
    'insert into copy select a.id from big a cross join big b cross join big c',
  ],
  ['SELECT INTO', 'select a.id into other from big a cross join big b cross join big c'],
  ['a pause', "waitfor delay '01:00:00'"],
  ['a window over everything', 'select sum(a.id) over (order by a.id, b.id) from big a cross join big b'],
];

describe('the client takes back', () => {
  let client: Client;
  let other: Client;

  beforeAll(async () => {
    const { connect } = startEngine();
    client = await connect();
    await client.run('create database shop');
    other = await connect();
    for (const each of [client, other]) await each.run('use shop');
    await client.run('create table big (id int primary key, name nvarchar(20)); create table copy (id int)');
    await client.run(
      "with n as (select 1 as id union all select id + 1 from n where id < 5000) insert into big select id, N'n' from n option (maxrecursion 0)",
    );
    await client.run(
      'create function slow (@id int) returns int as begin declare @n int; select @n = count(*) from big where id > @id; return @n end',
    );
    expect(await client.rows('select count(*) from big')).toEqual([[5000]]);
  });

  const takenBack = async (sql: string): Promise<void> => {
    const abort = new AbortController();
    const running = client.run(sql, abort.signal);
    for (let i = 0; i < 5; i++) await turn();
    abort.abort();
    await running;
  };

  test.each(endless)('%s', async (_, sql) => {
    await takenBack(sql);
    expect(await client.rows('select @@trancount, (select count(*) from copy)')).toEqual([[0, 0]]);
    expect(
      await other.rows('select count(*) from sys.dm_tran_locks where request_session_id <> @@spid'),
    ).toEqual([[0]]);
    expect(await other.rows("select object_id('other')")).toEqual([[null]]);
  });

  test('a wait for a lock', async () => {
    await other.run("begin transaction; update big set name = N'held' where id = 7");
    await takenBack('select * from big where id = 7');
    await other.run('rollback');
    expect(await client.rows('select name from big where id = 7')).toEqual([['n']]);
  });

  test('a statement within a transaction: the rest of the transaction stays', async () => {
    await client.run('begin transaction; insert into copy values (1)');
    await takenBack('insert into copy select a.id from big a cross join big b cross join big c');
    expect(await client.rows('select @@trancount, (select count(*) from copy)')).toEqual([[1, 1]]);
    await client.run('rollback');
  });
});

describe('pauses within statements do not let others slip in between', () => {
  test('rows that another session changed after they were found are looked at again', async () => {
    const { connect } = startEngine();
    const [first, second] = [await connect(), await connect()];
    await first.run('create database shop');
    for (const each of [first, second]) await each.run('use shop');
    await first.run('create table stock (id int primary key, quantity int)');
    await first.run(
      'with n as (select 1 as id union all select id + 1 from n where id < 20000) insert into stock select id, 0 from n option (maxrecursion 0)',
    );
    const rounds = 6;
    const raise = async (client: Client): Promise<void> => {
      for (let i = 0; i < rounds; i++) {
        const answer = await client.run('update stock set quantity = quantity + 1');
        if (answer.errors.some((error) => error.number === 1205)) i -= 1;
        else expect(answer.errors).toEqual([]);
      }
    };
    await Promise.all([raise(first), raise(second)]);
    expect(await first.rows('select min(quantity), max(quantity) from stock')).toEqual([
      [2 * rounds, 2 * rounds],
    ]);
  });

  test('a long subquery is computed ahead and gives what it would have given in its place', async () => {
    const { connect } = startEngine();
    const client = await connect();
    await client.run('create database shop; ');
    await client.run('use shop');
    await client.run('create table t (id int)');
    await client.run(
      'with n as (select 1 as id union all select id + 1 from n where id < 700) insert into t select id from n option (maxrecursion 0)',
    );
    expect(
      await client.rows(
        'declare @n int = 0; select @n = @n + (select count(*) from t a cross join t b) from t where id <= 3; select @n',
      ),
    ).toEqual([[3 * 700 * 700]]);
  });
});
