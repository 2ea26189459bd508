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
