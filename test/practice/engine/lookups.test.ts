/** Lookups by index or hash find what the condition itself would find, row by row. */

import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, startEngine, twoClients } from './client.ts';

describe('an equality that is looked up', () => {
  let client: Client;

  beforeAll(async () => {
    const { connect } = startEngine();
    client = await connect();
    await client.run('create database shop');
    await client.run('use shop');
    await client.run(
      'create table word (id int primary key, text nvarchar(20) collate Latin1_General_BIN2 not null unique)',
    );
    await client.run("insert into word values (1, N'a'), (2, N'A'), (3, N'b')");
    await client.run('create table other (text nvarchar(20) collate Latin1_General_CI_AS)');
    await client.run("insert into other values (N'a'), (N'B')");
  });

  const one = async (sql: string) => (await client.rows(sql))[0]?.[0];

  test('follows the collation that is written beside it, not that of the index', async () => {
    expect(await one("select count(*) from word where text = N'a'")).toBe(1);
    expect(await one("select count(*) from word where text = N'a' collate Latin1_General_CI_AS")).toBe(2);
    expect(await one("select count(*) from word where text collate Latin1_General_CI_AS = N'a'")).toBe(2);
  });

  test('follows it in a join and behind IN', async () => {
    const written = 'w.text = o.text collate Latin1_General_CI_AS';
    expect(await one(`select count(*) from word w join other o on ${written}`)).toBe(3);
    expect(await one(`select count(*) from other o join word w on ${written}`)).toBe(3);
    expect(
      await one(
        'select count(*) from word where text collate Latin1_General_CI_AS in (select text from other)',
      ),
    ).toBe(3);
  });

  test('of a catalog view finds the same rows whether it is read once or for every row', async () => {
    expect(await one("select count(*) from sys.columns where object_id = object_id('word')")).toBe(2);
    expect(
      await client.rows(
        'select t.name, (select count(*) from sys.columns c where c.object_id = t.object_id) from sys.tables t order by t.name',
      ),
    ).toEqual([
      ['other', 1],
      ['word', 2],
    ]);
    expect(
      await client.rows(
        "select o.n, (select count(*) from sys.tables t where t.name = o.n) from (values (1, N'word'), (2, N'none'), (3, N'other'), (4, N'WORD'), (5, null)) o(i, n) order by o.i",
      ),
    ).toEqual([
      ['word', 1],
      ['none', 0],
      ['other', 1],
      ['WORD', 1],
      [null, 0],
    ]);
  });

  test('does not compute what another condition keeps from being computed', async () => {
    expect(
      await one(
        "declare @n nvarchar(9) = N'x'; select count(*) from sys.tables where isnumeric(@n) = 1 and object_id = cast(@n as int)",
      ),
    ).toBe(0);
  });
});

test('SET IDENTITY_INSERT counts for its own session alone, whatever was compiled before', async () => {
  const [first, second] = await twoClients();
  await first.run('create table counted (id int identity primary key, name nvarchar(9))');
  const text = "insert into counted (id, name) values (7, N'seven')";
  const numbers = async (client: Client) => (await client.run(text)).errors.map((error) => error.number);
  expect(await numbers(first)).toEqual([544]);
  await first.run('set identity_insert counted on');
  expect(await numbers(second)).toEqual([544]);
  expect(await numbers(first)).toEqual([]);
  expect(await numbers(second)).toEqual([544]);
  await first.session.reset(false);
  await first.run('use shop; delete from counted');
  expect(await numbers(first)).toEqual([544]);
});
