import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { dropDatabase, outcomeOf, planOf, sessionIn, shopInput } from '../shop.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let master: SqlSession;
const name = `storedb-collations-${process.pid}`;
const shop = { name, storeId: 'COLLATE', registerId: 'HOUSTON-1' };
const offline = `${name}-HOUSTON-1`;

beforeAll(async () => {
  server = await startTestServer();
  master = await sessionIn(server, 'master');
});

afterAll(async () => {
  for (const database of [offline, `${name}-store`]) await dropDatabase(master, database);
  await master.close();
  await server.stop();
});

it("a register whose server sorts otherwise than the store's is tracked, and can sell", async () => {
  expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
  // What a server with another collation of its own makes of CREATE DATABASE.
  await master.batch(`CREATE DATABASE [${offline}] COLLATE Latin1_General_CS_AS`);
  const register = shopInput(server, 'offline-database', shop);
  expect(await outcomeOf(register)).toMatchObject({ exit: 'done' });
  expect((await planOf(register)).actions).toEqual([]);
  const session = await sessionIn(server, offline);
  await session.batch("INSERT INTO dbo.CURRENCY (RECID, CURRENCYCODE) VALUES (9, N'XTS')");
  expect(
    await session.query("SELECT CURRENCYCODE FROM dbo.CURRENCY_tracking WHERE CURRENCYCODE = N'XTS'"),
  ).toEqual([{ CURRENCYCODE: 'XTS' }]);
  const differing = await session.query(
    `SELECT t.name, c.name AS [column] FROM sys.tables AS t
JOIN sys.columns AS c ON c.object_id = t.object_id
JOIN sys.tables AS b ON t.name = b.name + N'_tracking'
JOIN sys.columns AS k ON k.object_id = b.object_id AND k.name = c.name
WHERE k.collation_name <> c.collation_name`,
  );
  expect(differing).toEqual([]);
  await session.close();
}, 300_000);
