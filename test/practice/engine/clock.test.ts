import { expect, test } from 'vitest';
import { startEngine } from './client.ts';

test('days pass on a server whose clock a test has set', async () => {
  let now = new Date('2026-11-27T12:00:00Z');
  const client = await startEngine({ now: () => now }).connect();
  await client.run('create table #marks (id int, at datetime default getutcdate())');
  await client.run('insert #marks (id) values (1)');
  now = new Date('2026-12-28T12:00:00Z');
  await client.run('insert #marks (id) values (2)');
  expect(await client.rows('select id, datediff(day, at, getutcdate()) from #marks order by id')).toEqual([
    [1, 31],
    [2, 0],
  ]);
});
