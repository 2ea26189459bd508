import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metadataTables } from '../../../../src/core/offline/tracking/metadata.ts';
import { Secret } from '../../../../src/core/secret.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { loadTables } from '../../../../src/core/sync/load/load-tables.ts';
import { realServers } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { connect, dropSides, lend, makeSide, orderFor, type Side, scopeOf } from '../window/databases.ts';

const never = new AbortController().signal;
const login = `storedb_${randomUUID().slice(0, 8)}`;
const password = `Pw-${randomUUID()}`;
let server: Awaited<ReturnType<typeof startTestServer>>;
let store: Side;
let register: Side;

beforeAll(async () => {
  server = await startTestServer();
  const create = ['CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, NAME nvarchar(20) NULL)'];
  [store, register] = [await makeSide(server, create), await makeSide(server, create)];
  await store.session.batch(`CREATE LOGIN ${login} WITH PASSWORD = N'${password}', CHECK_POLICY = OFF`);
  for (const { session } of [store, register]) await giveRole(session);
});
afterAll(async () => {
  await dropSides(server, [store, register]);
  const master = await connect(server);
  await master.batch(`DROP LOGIN ${login}`);
  await master.close();
  await server.stop();
});

/** What a set-up gives the account of every day: rows of tables, and tables of its own in the staging schema. */
async function giveRole(session: DriverSession): Promise<void> {
  await session.batch(`CREATE ROLE storedb_register; CREATE USER ${login} FOR LOGIN ${login};
EXEC sp_addrolemember N'storedb_register', N'${login}';
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::storedb_staging TO storedb_register;
GRANT CREATE TABLE TO storedb_register;`);
  for (const name of ['dbo.T', 'dbo.T_tracking', ...metadataTables.map((table) => `storedb.${table.name}`)])
    await session.batch(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO storedb_register`);
}

const asLogin = async ({ name }: Side): Promise<DriverSession> =>
  (await realServers().connect({
    server: server.server,
    database: name,
    signIn: { kind: 'sql', user: login, password: new Secret(password) },
    encryption: 'trust',
  })) as DriverSession;

const limitedSides = async () => ({
  store: { ...store, session: await asLogin(store), lent: lend(() => asLogin(store)) },
  register: { ...register, session: await asLogin(register), lent: lend(() => asLogin(register)) },
});

async function load(limited: Awaited<ReturnType<typeof limitedSides>>) {
  const order = await orderFor(limited.store, limited.register, ['T'], 'download', 'offline');
  const steps = loadTables(order, never, { rowsOfRange: 2 });
  for (let step = await steps.next(); ; step = await steps.next()) if (step.done === true) return step.value;
}
const rows = 'SELECT ID, NAME FROM dbo.T ORDER BY ID';

test('the account of every day loads an empty table without staging, and its trigger finds nothing to do', async () => {
  await store.till.batch(`INSERT INTO dbo.T VALUES (1, N'a'), (2, N'b'), (3, N'c'), (4, N'd'), (5, N'e')`);
  const limited = await limitedSides();
  await register.session.batch('REVOKE CREATE TABLE FROM storedb_register');
  expect(await load(limited)).toEqual({ total: 5, ok: 5, parked: 0, left: [] });
  expect(await register.session.query(rows)).toEqual(await store.session.query(rows));
  const tracked = 'SELECT COUNT(*) AS n FROM dbo.T_tracking';
  expect(await register.session.query(tracked)).toEqual([{ n: 0 }]);
  await register.session.batch(`GRANT CREATE TABLE TO storedb_register; DELETE FROM storedb.Anchor`);
  // What the session writes afterwards is a change like any other.
  for (const session of limited.register.lent.idle)
    await session.batch(`UPDATE dbo.T SET NAME = N'old' WHERE ID = 3`);
  expect(await register.session.query(tracked)).toEqual([{ n: 1 }]);
  await endSessions(limited);
});

test('the account of every day loads and synchronises with no right on the tables but to their rows', async () => {
  await register.till.batch(`INSERT INTO dbo.T VALUES (9, N'only here'); DELETE FROM dbo.T WHERE ID = 5`);
  const limited = await limitedSides();
  expect(await load(limited)).toEqual({ total: 5, ok: 5, parked: 0, left: [] });
  expect(await register.session.query(rows)).toEqual(await store.session.query(rows));
  await store.till.batch(`UPDATE dbo.T SET NAME = N'new' WHERE ID = 2; DELETE FROM dbo.T WHERE ID = 4`);
  expect(await scopeOf(limited.store, ['T'], 'download').down(limited.register)).toMatchObject({ ok: 2 });
  expect(await register.session.query(rows)).toEqual(await store.session.query(rows));
  for (const { session } of [limited.store, limited.register])
    await expect(session.batch('ALTER TABLE dbo.T ADD MORE int')).rejects.toMatchObject({
      name: 'SqlFailure',
    });
  await endSessions(limited);
});

async function endSessions({ store, register }: Awaited<ReturnType<typeof limitedSides>>): Promise<void> {
  for (const { session, lent } of [store, register])
    for (const each of [session, ...lent.idle]) await each.close();
}
