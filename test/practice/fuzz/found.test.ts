import { expect, test } from 'vitest';
import { startEngine } from '../engine/client.ts';
import { tryBatch } from './text-case.ts';

/** What the campaigns found, so that it stays mended without their luck. */

test('a message never ends with the DONE of a statement within a procedure', async () => {
  expect(await tryBatch("exec ('select 1')")).toBe(undefined);
  expect(await tryBatch("exec sp_executesql N'select @p', N'@p float', -1")).toBe(undefined);
  expect(await tryBatch("exec ('exec (''select nosuch'')') declare @v int = 1")).toBe(undefined);
});

test('an attention ends a recursive query that is only counted', async () => {
  const client = await startEngine().connect();
  const attention = new AbortController();
  const running = client.run(
    'with r (n) as (select 1 union all select n from r) select count(*) from r option (maxrecursion 0)',
    attention.signal,
  );
  setImmediate(() => attention.abort());
  expect((await running).sets).toEqual([]);
  expect(await client.rows('select 1')).toEqual([[1]]);
});

const many = (count: number, text: string, between: string): string => Array(count).fill(text).join(between);

test.each([
  ['a text of 2 GB', "select len(replicate(cast('x' as varchar(max)), 2147483647))", 701],
  [
    'a text that doubles without end',
    "declare @v varchar(max) = 'xxxxxxxxxx' while 1 = 1 set @v = @v + @v",
    701,
  ],
  [
    'a replacement that grows',
    "select len(replace(replicate(cast('x' as varchar(max)), 1000000), 'x', replicate('y', 8000)))",
    701,
  ],
  ['a sum of 20,000 terms', `select ${many(20_000, '1', ' + ')}`, 8631],
  ['a condition of 20,000 terms', `select 1 where ${many(20_000, '1 = 1', ' and ')}`, 8631],
  ['a union of 20,000 queries', many(20_000, 'select 1', ' union all '), 8631],
])('%s is an error of the statement, and the session goes on', async (_, sql, number) => {
  const client = await startEngine().connect();
  expect((await client.run(sql)).errors.map((error) => error.number)).toEqual([number]);
  expect(await client.rows('select 1')).toEqual([[1]]);
});

test('a message is no longer than a message can be, however wide its fields', async () => {
  const client = await startEngine().connect();
  const { errors } = await client.run("raiserror('%999999999d', 16, 1, 5)");
  expect(errors.map(({ number, text }) => [number, text?.length])).toEqual([[50000, 2047]]);
});
