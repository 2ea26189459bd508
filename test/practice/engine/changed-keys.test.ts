/** Keys and locks of rows that a transaction changes, undoes and changes again. */

import { beforeEach, describe, expect, test } from 'vitest';
import { type Client, twoClients } from './client.ts';

describe('while a transaction moves rows between keys', () => {
  let mover: Client;
  let other: Client;

  beforeEach(async () => {
    [mover, other] = await twoClients();
    await mover.run('create table place (id int primary key, name nvarchar(10))');
    await mover.run("insert into place values (1, N'one'), (2, N'two')");
    await other.run('set lock_timeout 0');
  });

  /** The number of the error that the other session gets for inserting the key; 0 for none, and the row is gone again. */
  const insertOf = async (id: number): Promise<number> => {
    await other.run('begin transaction');
    const { errors } = await other.run(`insert into place values (${id}, N'new')`);
    await other.run('if @@trancount > 0 rollback');
    return errors[0]?.number ?? 0;
  };

  test('nobody else may take the old key, the new one, or one in between', async () => {
    await mover.run('begin transaction; update place set id = 11 where id = 1; save transaction there');
    await mover.run('update place set id = 12 where id = 11; rollback transaction there');
    expect([await insertOf(1), await insertOf(11)]).toEqual([1222, 1222]);
    await mover.run('commit');
    expect([await insertOf(1), await insertOf(11), await insertOf(12)]).toEqual([0, 2627, 0]);
    expect(await other.rows("select id from place where name = N'one'")).toEqual([[11]]);
  });

  test('a rollback gives every key back', async () => {
    await mover.run(
      'begin transaction; update place set id = id + 10; delete from place where id = 11; insert into place values (1, NULL); rollback',
    );
    expect([await insertOf(1), await insertOf(2), await insertOf(11)]).toEqual([2627, 2627, 0]);
    expect(await mover.rows('select name from place where id = 1')).toEqual([['one']]);
  });

  test('rows may hand keys to each other within one statement', async () => {
    await mover.run('update place set id = 3 - id');
    expect(await mover.rows('select id, name from place order by id')).toEqual([
      [1, 'two'],
      [2, 'one'],
    ]);
    expect(await mover.rows('select name from place where id = 2')).toEqual([['one']]);
  });

  test('a deleted key is free after the commit, and taken after a rollback', async () => {
    await mover.run('begin transaction; delete from place where id = 1');
    expect(await insertOf(1)).toBe(1222);
    await mover.run('rollback');
    expect(await insertOf(1)).toBe(2627);
    await mover.run('delete from place where id = 1');
    expect(await insertOf(1)).toBe(0);
  });

  test('rows that were only locked are free after a rollback', async () => {
    await mover.run('begin transaction; select * from place with (xlock); rollback');
    const { errors } = await other.run("update place set name = N'mine'");
    expect(errors).toEqual([]);
  });
});

describe('TOP with ORDER BY', () => {
  test('of many rows gives the first ones of the whole order, equal ones as they come', async () => {
    const [client] = await twoClients();
    await client.run('create table many (id int primary key, part int)');
    await client.run(
      'with n as (select 1 as id union all select id + 1 from n where id < 20000) insert into many select id, (id * 7919) % 100 from n option (maxrecursion 0)',
    );
    const all = await client.rows('select id, part from many order by part desc');
    expect(all).toHaveLength(20000);
    expect(await client.rows('select top 300 id, part from many order by part desc')).toEqual(
      all.slice(0, 300),
    );
    expect(await client.rows('select top 9000 id, part from many order by part desc')).toEqual(
      all.slice(0, 9000),
    );
  });
});
