import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/core/plan/index.ts';
import { quoteName } from '../../../src/core/sql/identifiers.ts';
import { catalogOf, inputFor, runToEnd, type TestServer, testPack, withSession } from './store-runs.ts';
import { startTestServer } from './test-server.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const signal = new AbortController().signal;
let databases = 0;
const made: string[] = [];
/** Each test has a database of its own; a real server is left as it was found. */
function newDatabase(name = 'storedb_test_'): string {
  const database = `${name}${process.pid}_${++databases}`;
  made.push(database);
  return database;
}
afterAll(async () => {
  if (process.env.STOREDB_TEST_SERVER === undefined) return;
  await withSession(server, undefined, async (session) => {
    for (const name of made)
      await session.batch(
        `IF DB_ID(N'${name.replaceAll("'", "''")}') IS NOT NULL DROP DATABASE ${quoteName(name)};`,
      );
  });
});

describe('setting up a store database', () => {
  it('creates it, and the second run has nothing to do', async () => {
    const input = inputFor(server, newDatabase(), await testPack(), { storeId: 'FIRST' });
    const first = await runToEnd(input);
    expect(first.last).toMatchObject({
      exit: 'done',
      summary: expect.stringContaining('Store database creation was successful.'),
    });
    expect(first.warnings).toEqual([]);
    const catalog = await catalogOf(server, input.answers.storeDatabase.name);
    expect(catalog).toMatchObject({
      version: [{ version: '6.2.10.0' }],
      identity: [{ kind: 'store', store: 'FIRST', company: 'usrt' }],
      sales: [{ sales: 1 }],
    });
    expect(catalog.members.map(({ role, member }) => `${member} in ${role}`.toLowerCase())).toEqual([
      'storedb_register in db_datareader',
      'storedb_register in db_datawriter',
      'storedb_register in db_executor',
    ]);
    const again = await makePlan(input, signal);
    expect(again.actions).toEqual([]);
    const second = await runToEnd(input);
    expect(second.last).toMatchObject({ exit: 'done', summary: expect.stringMatching(/^Nothing to do/) });
  });

  it('keeps to its own database when the name tries to break out', async () => {
    const name = newDatabase(`x]'; DROP DATABASE [y]--\u00fc `);
    const input = inputFor(server, name, await testPack());
    expect((await runToEnd(input)).last).toMatchObject({ exit: 'done' });
    expect((await makePlan(input, signal)).actions).toEqual([]);
  });

  it('upgrades with the scripts that are new', async () => {
    const name = newDatabase();
    await runToEnd(inputFor(server, name, await testPack({ scripts: 2 })));
    const input = inputFor(server, name, await testPack());
    expect((await makePlan(input, signal)).actions.map(({ id }) => id)).toEqual(['script:prices.sql']);
    const { last } = await runToEnd(input);
    expect(last.summary).toContain('Store database upgrade was successful.');
    expect((await catalogOf(server, name)).version).toEqual([{ version: '6.2.10.0' }]);
  });

  it('refuses a script that was changed after it ran, and a pack older than the database', async () => {
    const name = newDatabase();
    await runToEnd(inputFor(server, name, await testPack()));
    const changed = await testPack({ changed: { 'items.sql': 'CREATE TABLE dbo.OTHERS (a int);' } });
    expect((await runToEnd(inputFor(server, name, changed))).last).toMatchObject({
      exit: 'prerequisite',
      failure: { code: 'script-changed' },
    });
    const older = await testPack({ scripts: 2 });
    expect((await runToEnd(inputFor(server, name, older))).last).toMatchObject({
      exit: 'prerequisite',
      failure: { code: 'database-newer' },
    });
  });

  it('refuses a second store database for the same store, and names the first', async () => {
    const first = newDatabase();
    await runToEnd(inputFor(server, first, await testPack(), { storeId: 'ONLYONE' }));
    const { last } = await runToEnd(
      inputFor(server, newDatabase(), await testPack(), { storeId: 'onlyone' }),
    );
    expect(last).toMatchObject({
      exit: 'prerequisite',
      failure: { code: 'second-store-database', details: { database: first } },
    });
  });

  it("refuses somebody else's database and leaves it alone", async () => {
    const name = newDatabase();
    await withSession(server, undefined, (session) => session.batch(`CREATE DATABASE ${quoteName(name)};`));
    await withSession(server, name, (session) => session.batch('CREATE TABLE dbo.Payroll (a int);'));
    const { last } = await runToEnd(inputFor(server, name, await testPack()));
    expect(last).toMatchObject({ exit: 'prerequisite', failure: { code: 'database-foreign' } });
    const tables = await withSession(server, name, (session) =>
      session.query(`SELECT name FROM sys.tables WHERE is_ms_shipped = 0`),
    );
    expect(tables).toHaveLength(1);
  });

  it("adopts a database of the original utility with a customer's scripts", async () => {
    const name = newDatabase();
    await withSession(server, undefined, (session) => session.batch(`CREATE DATABASE ${quoteName(name)};`));
    await withSession(server, name, async (session) => {
      await session.batch(`CREATE TABLE dbo.POSISINFO (ID nvarchar(10) NOT NULL PRIMARY KEY, [TEXT] nvarchar(50) NULL);
CREATE TABLE dbo.SALES (RECID bigint NOT NULL PRIMARY KEY, AMOUNT numeric(32, 16) NULL);
CREATE TABLE dbo.ITEMS (ITEMID nvarchar(20) NOT NULL PRIMARY KEY);`);
      await session.batch(`INSERT INTO dbo.POSISINFO (ID, [TEXT]) VALUES (N'DBVERSION', N'6.2.0.0');`);
    });
    const { last } = await runToEnd(inputFor(server, name, await testPack({ name: 'customer' })));
    expect(last).toMatchObject({ exit: 'done', summary: expect.stringContaining('upgrade was successful') });
    expect(await catalogOf(server, name)).toMatchObject({
      version: [{ version: '6.2.10.0' }],
      sales: [{ sales: 0 }],
    });
    expect(
      (await makePlan(inputFor(server, name, await testPack({ name: 'customer' })), signal)).actions,
    ).toEqual([]);
  });

  it('undoes a script that fails, names its line, and continues when it has been corrected', async () => {
    const name = newDatabase();
    const broken = await testPack({
      changed: { 'items.sql': 'CREATE TABLE dbo.HALF (a int);\nGO\n\nCREATE TABLE dbo.HALF (a int);\n' },
    });
    const { last } = await runToEnd(inputFor(server, name, broken));
    expect(last).toMatchObject({
      exit: 'failedPartWay',
      failure: { code: 'script-failed', details: { number: 2714 } },
    });
    expect(last.summary).toMatch(/items\.sql:4: /);
    const half = await withSession(server, name, (session) =>
      session.query(`SELECT name FROM sys.tables WHERE name = N'HALF'`),
    );
    expect(half).toEqual([]);
    const journal = await withSession(server, name, (session) =>
      session.query(
        `SELECT Outcome AS outcome, ErrorNumber AS number FROM storedb.Journal WHERE ScriptId = N'items.sql'`,
      ),
    );
    expect(journal).toEqual([{ outcome: 'failed', number: 2714 }]);
    expect((await runToEnd(inputFor(server, name, await testPack()))).last.exit).toBe('done');
  });

  it('refuses a plan that no longer fits what is there', async () => {
    const name = newDatabase();
    const input = inputFor(server, name, await testPack());
    const { fingerprint } = await makePlan(input, signal);
    await withSession(server, undefined, (session) => session.batch(`CREATE DATABASE ${quoteName(name)};`));
    expect((await runToEnd({ ...input, expectedFingerprint: fingerprint })).last).toMatchObject({
      exit: 'prerequisite',
      failure: { code: 'plan-drifted' },
    });
    const again = await makePlan(input, signal);
    expect((await runToEnd({ ...input, expectedFingerprint: again.fingerprint })).last.exit).toBe('done');
  });

  it('lets one run at a time at a database, and names who is at work', async () => {
    const name = newDatabase();
    const input = inputFor(server, name, await testPack());
    let second: Awaited<ReturnType<typeof runToEnd>> | undefined;
    const { runApply } = await import('../../../src/core/plan/index.ts');
    for await (const event of runApply(input, signal)) {
      if (event.kind === 'action-started' && event.id === 'bookkeeping')
        second = await runToEnd(inputFor(server, name.toUpperCase(), await testPack()));
    }
    expect(second?.last).toMatchObject({ exit: 'locked', failure: { code: 'locked' } });
    expect(second?.last.summary).toContain('storedb test');
    expect((await runToEnd(input)).last.summary).toMatch(/^Nothing to do/);
  });

  it('cancelled in the middle of a statement stops, undoes the script, and can be continued', async () => {
    const name = newDatabase();
    const slow = await testPack({
      changed: { 'items.sql': `CREATE TABLE dbo.HALF (a int);\nGO\nWAITFOR DELAY '00:01:00';\n` },
    });
    const controller = new AbortController();
    const { last } = await runToEnd(inputFor(server, name, slow), controller.signal, (event) => {
      // The batch after this one waits for a minute; the abort comes while it is on the server or just before.
      if (event.kind === 'action-progress' && event.id === 'script:items.sql')
        setImmediate(() => controller.abort());
    });
    expect(last.exit).toBe('cancelledDuring');
    expect((await runToEnd(inputFor(server, name, await testPack()))).last.exit).toBe('done');
  });

  it('refuses a sign-in that the server refuses, with nothing changed', async () => {
    const wrong = { ...server, password: 'wrong' };
    const { last, events } = await runToEnd(inputFor(wrong, newDatabase(), await testPack()));
    expect(last).toMatchObject({ exit: 'connection', failure: { code: 'login-refused' } });
    expect(events).toHaveLength(1);
  });
});
