import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApplyInput } from '../../../src/core/plan/index.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { SqlSession } from '../../../src/core/sql/session.ts';
import { inputFor, realServers, runToEnd, testPack, withSession } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
const database = `storedb_accounts_${process.pid}`;
const user = `storedb_sync_${process.pid}`;
const password = `c4nary-'Pa55]"`;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await withSession(server, undefined, async (session) => {
    for (const name of [database, `${database}_other`])
      await session.batch(`IF DB_ID(N'${name}') IS NOT NULL DROP DATABASE [${name}];`);
    await session.batch(`IF SUSER_ID(N'${user}') IS NOT NULL DROP LOGIN [${user}];`);
  });
  await server.stop();
});

async function input(account = user, secret = password): Promise<ApplyInput> {
  const plain = inputFor(server, database, await testPack());
  return {
    ...plain,
    answers: { ...plain.answers, serviceAccount: { user: account, password: 'env:SYNC' } },
    serviceAccountPassword: new Secret(secret),
  };
}

async function asAccount<Value>(
  name: string | undefined,
  work: (session: SqlSession) => Promise<Value>,
): Promise<Value> {
  const session = await realServers().connect({
    server: server.server,
    ...(name !== undefined && { database: name }),
    signIn: { kind: 'sql', user, password: new Secret(password) },
    encryption: 'trust',
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

describe('the account of every day', () => {
  it('is made with the store database, and its password is left nowhere', async () => {
    const { last, events } = await runToEnd(await input());
    expect(last).toMatchObject({ exit: 'done' });
    const left = [inspect(events, { depth: 20, showHidden: true }), JSON.stringify(events)];
    await withSession(server, database, async (session) => {
      left.push(JSON.stringify(await session.query('SELECT * FROM storedb.Journal')));
    });
    for (const text of left) expect(text).not.toContain('c4nary');
    expect(left.join()).toContain(user);
  });

  it('signs in, reads, writes and executes', async () => {
    await withSession(server, database, async (session) => {
      await session.batch('CREATE PROCEDURE dbo.CountSales AS SELECT COUNT(*) AS sales FROM dbo.SALES;');
    });
    await asAccount(database, async (session) => {
      await session.query('INSERT INTO dbo.SALES (RECID, AMOUNT) VALUES (77, 1)');
      await session.query('UPDATE dbo.SALES SET AMOUNT = 2 WHERE RECID = 77');
      expect(await session.query('SELECT RECID FROM dbo.SALES WHERE RECID = 77')).toHaveLength(1);
      await session.query('DELETE FROM dbo.SALES WHERE RECID = 77');
      expect(await session.query('EXEC dbo.CountSales')).toHaveLength(1);
    });
  });

  it('changes no tables, gives no rights, opens no other database and is no administrator', async () => {
    const other = `${database}_other`;
    await withSession(server, undefined, (session) => session.batch(`CREATE DATABASE [${other}];`));
    await withSession(server, other, (session) => session.batch('CREATE TABLE dbo.SALES (RECID bigint);'));
    await asAccount(database, async (session) => {
      for (const forbidden of [
        'CREATE TABLE dbo.T (A int)',
        'ALTER TABLE dbo.SALES ADD B int NULL',
        'DROP TABLE dbo.SALES',
        `EXEC sp_addrolemember N'db_owner', N'${user}'`,
        "CREATE LOGIN storedb_intruder WITH PASSWORD = N'Un-1-likely'",
        `SELECT * FROM [${other}].dbo.SALES`,
        `USE [${other}]`,
      ])
        expect(
          await session.query(forbidden).then(
            () => forbidden,
            () => 'refused',
          ),
        ).toBe('refused');
      expect(
        await session.query(
          `SELECT IS_SRVROLEMEMBER('sysadmin') AS admin, IS_SRVROLEMEMBER('securityadmin') AS security, IS_MEMBER('db_owner') AS owner`,
        ),
      ).toEqual([{ admin: 0, security: 0, owner: 0 }]);
    });
    await expect(asAccount(other, async () => undefined)).rejects.toMatchObject({ exit: 'connection' });
  });

  it('is left alone by the next run, whatever password that one was given', async () => {
    const { last, events } = await runToEnd(await input(user, 'Other-Pa55word'));
    expect(last).toMatchObject({ exit: 'done' });
    expect(events.filter(({ kind }) => kind === 'action-started')).toEqual([]);
    await asAccount(database, async (session) => {
      expect(await session.query('SELECT 1 AS one')).toHaveLength(1);
    });
  });

  it('gets its login back where the user is left of another server', async () => {
    await withSession(server, undefined, (session) => session.batch(`DROP LOGIN [${user}];`));
    await withSession(server, undefined, (session) =>
      session.query(
        `DECLARE @sql nvarchar(max); SET @sql = N'CREATE LOGIN [${user}] WITH PASSWORD = N''' + REPLACE(@password, N'''', N'''''') + N''''; EXEC (@sql);`,
        { password },
      ),
    );
    await expect(asAccount(database, async () => undefined)).rejects.toMatchObject({ exit: 'connection' });
    expect((await runToEnd(await input())).last).toMatchObject({ exit: 'done' });
    await asAccount(database, async (session) => {
      expect(await session.query('SELECT RECID FROM dbo.SALES')).not.toEqual([]);
    });
  });

  it('does not stop at a password with more characters than a login takes, and tells nobody what it is', async () => {
    const long = 'c4nary-'.repeat(20);
    const { last, events } = await runToEnd(await input(`${user}_long`, long));
    expect(last).toMatchObject({ exit: 'prerequisite' });
    const text = inspect(events, { depth: 20, showHidden: true });
    expect(text).toContain('login-not-created');
    expect(text).toContain('128');
    expect(text).not.toContain('c4nary');
  });

  it.each(['sa', 'DB_OWNER', 'storedb_register', 'the one who sets up'])(
    'is refused before anything is changed when it is %s',
    async (name) => {
      const account = name === 'the one who sets up' ? server.user.toUpperCase() : name;
      const { last } = await runToEnd(await input(account));
      expect(last).toMatchObject({
        exit: 'prerequisite',
        failure: { code: 'service-account-unfit' },
      });
    },
  );
});
