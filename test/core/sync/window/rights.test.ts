import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { all, connect, dropSides, lend, makeSide, parkedIn, type Side, scopeOf } from './databases.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

const sales =
  'CREATE TABLE dbo.SALES (ID int NOT NULL CONSTRAINT PK_SALES PRIMARY KEY, AMOUNT numeric(32, 16) NULL)';
const account = { user: `sync_${randomUUID().slice(0, 8)}`, password: `P-${randomUUID()}` };
let sides: readonly Side[] = [];

beforeEach(async () => {
  const master = await connect(server);
  await master.batch(`CREATE LOGIN ${account.user} WITH PASSWORD = N'${account.password}'`);
  await master.close();
  return async () => {
    await dropSides(server, sides);
    const again = await connect(server);
    await again.batch(`DROP LOGIN ${account.user}`);
    await again.close();
  };
});

/** A side whose windows run under an account with the rights that a set-up gives it, and no others. */
async function restricted(): Promise<Side> {
  const side = await makeSide(server, [sales]);
  await side.session.batch(`CREATE USER ${account.user} FOR LOGIN ${account.user};
EXEC sp_addrolemember N'db_datareader', N'${account.user}'; EXEC sp_addrolemember N'db_datawriter', N'${account.user}';
GRANT EXECUTE TO ${account.user}; GRANT CREATE TABLE TO ${account.user};
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::storedb_staging TO ${account.user};`);
  return { ...side, lent: lend(() => connect({ ...server, ...account }, side.name)) };
}

test('an account that may read, write and stage moves rows, finds bad ones and parks them', async () => {
  const [store, register] = [await restricted(), await restricted()];
  sides = [store, register];
  const { up, down } = scopeOf(store, ['SALES'], 'bidirectional');
  await store.session.batch('ALTER TABLE dbo.SALES ADD CONSTRAINT CK_SALES CHECK (AMOUNT < 5)');
  await register.till.batch('INSERT INTO dbo.SALES VALUES (1, 1), (2, 9), (3, 3)');
  expect(await up(register)).toMatchObject({ total: 3, ok: 2, parked: 1 });
  await store.till.batch('INSERT INTO dbo.SALES VALUES (4, 4)');
  expect(await down(register)).toMatchObject({ total: 3, ok: 3 });
  expect(await parkedIn(store)).toMatchObject([{ key: 'ID=1:2;', number: 547 }]);
  await store.session.batch('ALTER TABLE dbo.SALES DROP CONSTRAINT CK_SALES');
  expect(await up(register)).toEqual(all(1));
  await register.session.batch(`UPDATE storedb.Anchor SET State = 'compare'`);
  expect(await down(register)).toMatchObject({ total: 4, ok: 4 });
});
