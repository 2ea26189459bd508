import { expect, test } from 'vitest';
import { startEngine } from './client.ts';

test('the backup history is there and empty from the first login on', async () => {
  const { connect } = startEngine();
  const client = await connect();
  expect(await client.rows('select count(*) c from msdb.dbo.backupset')).toEqual([[0]]);
  const second = await connect();
  expect(await second.rows("select name from msdb.sys.tables where name = 'backupset'")).toEqual([
    ['backupset'],
  ]);
});
