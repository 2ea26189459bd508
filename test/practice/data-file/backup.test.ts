import mssql from 'mssql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PracticeServer, startPracticeServer } from '../../../src/practice/index.ts';

let server: PracticeServer;
const pools: mssql.ConnectionPool[] = [];
beforeEach(async () => {
  server = await startPracticeServer();
});
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
  await server.close();
});

const connect = async (database = 'master') => {
  const pool = new mssql.ConnectionPool({
    server: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    database,
    pool: { max: 1, min: 0 },
    options: { encrypt: false },
  });
  pool.on('error', () => undefined);
  await pool.connect();
  pools.push(pool);
  return pool;
};
const ask = async (pool: mssql.ConnectionPool, text: string) =>
  (await pool.request().batch(text)).recordset as unknown as readonly Record<string, unknown>[];
const rows = 'SELECT k, v, CAST(r AS bigint) AS r FROM t ORDER BY k';

const shop = async () => {
  await ask(await connect(), 'CREATE DATABASE shop');
  const pool = await connect('shop');
  await ask(
    pool,
    "CREATE TABLE t (k int IDENTITY PRIMARY KEY, v nvarchar(10) UNIQUE CHECK (v <> N'bad'), r rowversion)",
  );
  await ask(
    pool,
    'CREATE TRIGGER twice ON t AFTER INSERT AS UPDATE t SET v = t.v + t.v FROM t JOIN inserted i ON i.k = t.k',
  );
  await ask(pool, "INSERT INTO t (v) VALUES (N'a')");
  return pool;
};

test('a restored database has the rows, definitions and counters of the moment of its backup', async () => {
  const before = await shop();
  const then = await ask(before, rows);
  const backup = server.backUp('shop');
  await ask(
    before,
    "INSERT INTO t (v) VALUES (N'b'); DELETE FROM t WHERE k = 1; ALTER TABLE t ADD more int NULL",
  );
  await server.restore('shop', backup);
  const after = await connect('shop');
  expect(await ask(after, rows)).toEqual(then);
  expect(await ask(after, "SELECT CAST(@@DBTS AS bigint) AS n, COL_LENGTH('t', 'more') AS more")).toEqual([
    { n: then[0]!.r, more: null },
  ]);
  await ask(after, "INSERT INTO t (v) VALUES (N'c')");
  expect((await ask(after, rows)).map(({ k, v }) => ({ k, v }))).toEqual([
    { k: 1, v: 'aa' },
    { k: 2, v: 'cc' },
  ]);
  await expect(ask(after, "UPDATE t SET v = N'aa' WHERE k = 2")).rejects.toMatchObject({ number: 2627 });
  await expect(ask(after, "UPDATE t SET v = N'bad' WHERE k = 2")).rejects.toMatchObject({ number: 547 });
});

test('a backup leaves out what is not committed', async () => {
  const pool = await shop();
  const then = await ask(pool, rows);
  await ask(pool, "BEGIN TRANSACTION; UPDATE t SET v = N'open'; INSERT INTO t (v) VALUES (N'new')");
  const backup = server.backUp('shop');
  await ask(pool, 'DELETE FROM t; COMMIT TRANSACTION');
  await server.restore('shop', backup);
  expect(await ask(await connect('shop'), rows)).toEqual(then);
});

test('one backup makes several databases, which go their own ways', async () => {
  await shop();
  const backup = server.backUp('shop');
  await server.restore('one', backup);
  await server.restore('other', backup);
  const [one, other] = [await connect('one'), await connect('other')];
  await ask(one, "UPDATE t SET v = N'one'");
  expect(await ask(other, 'SELECT v, DB_NAME() AS name FROM t')).toEqual([{ v: 'aa', name: 'other' }]);
  expect(await ask(one, 'SELECT v, DB_NAME() AS name FROM t')).toEqual([{ v: 'one', name: 'one' }]);
});

test('an interruption ends what is open, lets nobody in meanwhile, and everybody afterwards', async () => {
  const pool = await shop();
  await ask(pool, "BEGIN TRANSACTION; INSERT INTO t (v) VALUES (N'open')");
  await server.interrupt(async () => {
    await expect(connect('shop')).rejects.toThrow();
  });
  await expect(ask(await connect('shop'), 'SELECT COUNT(*) AS n FROM t')).resolves.toEqual([{ n: 1 }]);
});
