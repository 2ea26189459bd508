import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PosFiles } from '../../../src/core/pos/pos-files.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { SqlSession } from '../../../src/core/sql/session.ts';
import { compatibleServers } from '../plan/compatible-servers.ts';
import { realServers } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';
import {
  appliedWithoutRows,
  outcomeOf,
  planOf,
  type ShopOptions,
  sessionIn,
  shippedProfiles,
  shopInput,
} from './shop.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
const sessions: SqlSession[] = [];

/** A database of its own for every test that needs a fresh shop. */
let number = 0;
const freshShop = (): ShopOptions => {
  number += 1;
  return { name: `storedb-register-${process.pid}-${number}`, storeId: `S${number}` };
};
const shop = freshShop();

async function inDatabase(database: string): Promise<SqlSession> {
  const session = await sessionIn(server, database);
  sessions.push(session);
  return session;
}

const store = (options: ShopOptions = shop) => shopInput(server, 'store-database', options);
const register = (options: ShopOptions = shop) => shopInput(server, 'offline-database', options);

beforeAll(async () => {
  server = await startTestServer();
  expect(await outcomeOf(store())).toMatchObject({ exit: 'done' });
});

afterAll(async () => {
  for (const session of sessions) await session.close();
  await server.stop();
});

describe('an offline database', () => {
  it('is refused without a store database, and without its initial data', async () => {
    const empty = freshShop();
    expect(await outcomeOf(register(empty))).toMatchObject({
      exit: 'prerequisite',
      code: 'store-database-missing',
    });
    const { initialData: _, ...unfilled } = store(empty);
    const { initialData: __, ...options } = unfilled.answers.options;
    expect(await outcomeOf({ ...unfilled, answers: { ...unfilled.answers, options } })).toMatchObject({
      exit: 'done',
    });
    const refused = await outcomeOf(register(empty));
    expect(refused).toMatchObject({ exit: 'prerequisite', code: 'store-database-unfilled' });
    expect(refused.message).toContain('N-1000 Currency (empty: CURRENCY)');
  });

  it('is tracked on both sides before any row comes, and writes nothing down about those that are there', async () => {
    const events = await appliedWithoutRows(register());
    expect(events.at(-1)).toMatchObject({ kind: 'run-finished', exit: 'cancelledDuring' });
    for (const database of [`${shop.name}-store`, `${shop.name}-HOUSTON-1`]) {
      const session = await inDatabase(database);
      const [row] = await session.query<{ tables: number; triggers: number }>(
        `SELECT (SELECT COUNT(*) FROM sys.tables WHERE name LIKE '%[_]tracking') AS tables,
  (SELECT COUNT(*) FROM sys.triggers WHERE name LIKE '%[_]storedb[_]tracking') AS triggers`,
      );
      expect(row).toEqual({ tables: 161, triggers: 161 });
      // Lazy: nothing is written down about rows that were there before.
      expect(await session.query('SELECT * FROM dbo.INVENTTABLE_tracking')).toEqual([]);
    }
  });

  it('goes on with the rows where it was stopped, and has nothing to do after that', async () => {
    const plan = await planOf(register());
    expect(plan.actions.map(({ id }) => id)).toEqual(['first-load']);
    expect(plan.facts).toContainEqual({
      label: 'Rows',
      value: expect.stringContaining('to load for the first'),
    });
    expect(await outcomeOf(register())).toMatchObject({ exit: 'done' });
    expect((await planOf(register())).actions).toEqual([]);
    const rows = 'SELECT COUNT(*) AS rows, MAX(NAMEALIAS) AS last FROM dbo.INVENTTABLE';
    const atStore = await (await inDatabase(`${shop.name}-store`)).query(rows);
    expect(await (await inDatabase(`${shop.name}-HOUSTON-1`)).query(rows)).toEqual(atStore);
    expect(atStore).not.toMatchObject([{ rows: 0 }]);
  }, 180_000);

  it('makes both databases known to each other', async () => {
    const inStore = await inDatabase(`${shop.name}-store`);
    const onRegister = await inDatabase(`${shop.name}-HOUSTON-1`);
    const read = (session: SqlSession) =>
      session.query<{ LocalId: number; Id: string; Kind: string; RegisterId: string }>(
        'SELECT LocalId, CAST(ReplicaId AS varchar(36)) AS Id, Kind, RegisterId FROM storedb.Replica ORDER BY LocalId',
      );
    const [atStore, atRegister] = [await read(inStore), await read(onRegister)];
    expect(atStore.map(({ Kind }) => Kind)).toEqual(['store', 'offline']);
    expect(atRegister.map(({ Kind }) => Kind)).toEqual(['offline', 'store']);
    expect(atStore[1]!.Id).toBe(atRegister[0]!.Id);
    expect(atStore[0]!.Id).toBe(atRegister[1]!.Id);
  });

  it.each([
    ['another store', { storeId: 'DALLAS' }, /DALLAS/],
    ['another company', { dataAreaId: 'demf' }, /demf/],
  ])('is refused for %s than the store database knows', async (_, ids, message) => {
    const refused = await outcomeOf(register({ ...shop, ...ids, registerId: 'HOUSTON-2' }));
    expect(refused).toMatchObject({ exit: 'prerequisite' });
    expect(refused.message).toMatch(message);
  });

  it('takes the ids in any case, and warns of a register that head office has not sent', async () => {
    const plan = await planOf(register({ ...shop, storeId: 's1', dataAreaId: 'USRT', registerId: 'NEW-9' }));
    expect(plan.warnings).toContainEqual(
      expect.objectContaining({ message: 'Register NEW-9 is not in the store database yet.' }),
    );
  });

  it('belongs to one computer, unless another one replaces it', async () => {
    const elsewhere = { ...shop, host: 'REG-2' };
    // Another computer has no such database of its own.
    const input = register(elsewhere);
    const other = {
      ...input,
      answers: {
        ...input.answers,
        offlineDatabase: { ...input.answers.offlineDatabase!, name: `${shop.name}-other` },
      },
    };
    expect(await outcomeOf(other)).toMatchObject({ exit: 'prerequisite', code: 'register-elsewhere' });
    const replacing = {
      ...other,
      answers: { ...other.answers, options: { ...other.answers.options, replaceRegister: true } },
    };
    expect(await outcomeOf(replacing)).toMatchObject({ exit: 'done' });
    const rows = await (await inDatabase(`${shop.name}-store`)).query<{ Machine: string; retired: number }>(
      `SELECT Machine, CASE WHEN RetiredUtc IS NULL THEN 0 ELSE 1 END AS retired FROM storedb.Replica
WHERE RegisterId = 'HOUSTON-1' ORDER BY LocalId`,
    );
    expect(rows).toEqual([
      { Machine: 'REG-1', retired: 1 },
      { Machine: 'REG-2', retired: 0 },
    ]);
  });

  it('is not taken for a store database, nor the other way round', async () => {
    const input = register();
    const { offlineDatabase, storeDatabase } = input.answers;
    const swapped = {
      ...input,
      answers: { ...input.answers, storeDatabase: offlineDatabase!, offlineDatabase: storeDatabase },
    };
    expect(await outcomeOf(swapped)).toMatchObject({ code: 'database-of-register' });
    const otherStore = store(freshShop());
    await outcomeOf(otherStore);
    const both = {
      ...input,
      answers: { ...input.answers, offlineDatabase: otherStore.answers.storeDatabase },
    };
    expect(await outcomeOf(both)).toMatchObject({ code: 'database-of-store' });
  });

  it('with a bad table in its profile is refused with one line for each problem', async () => {
    const [base] = shippedProfiles;
    const scope = { name: 'Own', direction: 'download', frequencySeconds: 0 } as const;
    const profile = {
      ...base!,
      name: 'Own',
      scopes: [{ ...scope, tables: ['NOSUCHTABLE', 'RETAILOFFLINESYNCLOG', 'CURRENCY', 'currency'] }],
    };
    const refused = await outcomeOf(
      register({ ...shop, profiles: [profile], options: { offlineProfile: 'Own' } }),
    );
    expect(refused).toMatchObject({ exit: 'prerequisite', code: 'profile-unusable' });
    expect(refused.message).toContain('The table NOSUCHTABLE of the scope Own is not in the store database.');
    expect(refused.message).toContain('has the identity column REPLICATIONCOUNTER in its primary key');
    expect(refused.message).toContain('The table currency stands twice in the scope Own.');
  });

  it('of an unknown profile is refused with the names of those there are', async () => {
    const refused = await outcomeOf(register({ ...shop, options: { offlineProfile: 'Nobody' } }));
    expect(refused).toMatchObject({ code: 'profile-unknown' });
  });

  it('lets go of tables that left the profile, but not while rows of theirs wait for upload', async () => {
    const own = freshShop();
    await outcomeOf(store(own));
    expect(await outcomeOf(register(own))).toMatchObject({ exit: 'done' });
    const [base] = shippedProfiles;
    const fewer = {
      ...base!,
      name: 'Fewer',
      scopes: base!.scopes.filter(({ name }) => name !== 'Loyalty card transactions' && name !== 'Loyalty'),
    };
    const changed = { ...own, profiles: [fewer], options: { offlineProfile: 'Fewer' } };
    const onRegister = await inDatabase(`${own.name}-HOUSTON-1`);
    const [key] = await onRegister.query<{ columns: string }>(
      `SELECT c.name AS columns FROM sys.columns AS c WHERE c.object_id = OBJECT_ID('dbo.RETAILLOYALTYMSRCARDTRANS') AND c.column_id = 1`,
    );
    expect(key).toBeDefined();
    await onRegister.batch(`${await minimalInsert(onRegister, 'RETAILLOYALTYMSRCARDTRANS')}`);
    const refused = await outcomeOf(register(changed));
    expect(refused).toMatchObject({ exit: 'prerequisite', code: 'rows-wait-for-upload' });
    expect(refused.message).toContain('RETAILLOYALTYMSRCARDTRANS (1)');
    await onRegister.batch('DELETE FROM dbo.RETAILLOYALTYMSRCARDTRANS');
    expect(await outcomeOf(register(changed))).toMatchObject({ exit: 'done' });
    const [gone] = await onRegister.query<{ id: number | null; base: number | null }>(
      `SELECT OBJECT_ID('dbo.RETAILLOYALTYMSRCARDTRANS_tracking') AS id, OBJECT_ID('dbo.RETAILLOYALTYMSRCARDTRANS') AS base`,
    );
    expect(gone!.id).toBeNull();
    expect(gone!.base).not.toBeNull();
    expect((await planOf(register(changed))).actions).toEqual([]);
  });

  it('is taken out of the synchronisation again, but not while rows wait for upload', async () => {
    const own = freshShop();
    await outcomeOf(store(own));
    await outcomeOf(register(own));
    const removal = { ...register(own), isRemoval: true };
    const onRegister = await inDatabase(`${own.name}-HOUSTON-1`);
    await onRegister.batch(await minimalInsert(onRegister, 'RETAILTRANSACTIONTABLE'));
    expect(await outcomeOf(removal)).toMatchObject({ exit: 'prerequisite', code: 'rows-wait-for-upload' });
    await onRegister.batch('DELETE FROM dbo.RETAILTRANSACTIONTABLE');
    expect(await outcomeOf(removal)).toMatchObject({
      exit: 'done',
      message: expect.stringContaining('does not take part in the synchronisation any more'),
    });
    const [left] = await onRegister.query<{ tables: number; triggers: number }>(
      `SELECT (SELECT COUNT(*) FROM sys.tables WHERE name LIKE '%[_]tracking') AS tables,
  (SELECT COUNT(*) FROM sys.triggers) AS triggers`,
    );
    expect(left).toEqual({ tables: 0, triggers: 0 });
    expect((await planOf(removal)).actions).toEqual([]);
    // And it can come back, as a new one.
    expect(await outcomeOf(register(own))).toMatchObject({ exit: 'done' });
    expect((await planOf(register(own))).actions).toEqual([]);
  });

  it('gives the SQL login of the run time the right to read and write, and nothing else', async () => {
    const own = {
      ...freshShop(),
      serviceAccount: { user: `run-${process.pid}`, password: 'Canary-Pa55-x9!' },
    };
    const all = JSON.stringify([
      await planOf(store(own)),
      await outcomeOf(store(own)),
      await planOf(register(own)),
    ]);
    expect(all).not.toContain('Canary-Pa55');
    expect(await outcomeOf(register(own))).toMatchObject({ exit: 'done' });
    expect((await planOf(register(own))).actions).toEqual([]);
    const session = await sessionIn(
      { ...server, user: own.serviceAccount.user, password: own.serviceAccount.password },
      `${own.name}-HOUSTON-1`,
    );
    sessions.push(session);
    await session.query(`UPDATE dbo.POSISINFO SET [TEXT] = [TEXT]`);
    await expect(session.batch('CREATE TABLE dbo.MINE (A int)')).rejects.toMatchObject({ number: 2760 });
    await expect(session.batch('DROP TABLE dbo.POSISINFO')).rejects.toMatchObject({ number: 3701 });
  });
});

describe.runIf(process.env.STOREDB_TEST_SERVER === undefined)('an offline database without rights', () => {
  it('is refused where the sign-in may not create or change a database, on either side, and nothing is changed', async () => {
    const master = await inDatabase('master');
    const login = `weak-${process.pid}`;
    const password = 'Weak-Pa55word-1';
    await master.batch(`CREATE LOGIN [${login}] WITH PASSWORD = '${password}'`);
    const weak = { kind: 'sql', user: login, password: new Secret(password) } as const;
    const input = register({ ...shop, registerId: 'WEAK' });
    expect(await outcomeOf({ ...input, offlineSignIn: weak })).toMatchObject({
      exit: 'prerequisite',
      code: 'no-right-to-create',
    });
    expect(await outcomeOf({ ...input, storeSignIn: weak })).toMatchObject({ exit: 'prerequisite' });
    expect(
      await master.query('SELECT name FROM sys.databases WHERE name = @name', { name: `${shop.name}-WEAK` }),
    ).toEqual([]);
  });
});

describe.runIf(process.env.STOREDB_TEST_SERVER === undefined)('on an engine that lacks features', () => {
  it('an offline database ends well, says what it does instead, and has nothing to do the second time', async () => {
    const lacks = [
      /\bALTER DATABASE\b/i,
      /\bGRANT (?:EXECUTE|CREATE TABLE)\b/i,
      /\bsp_addrolemember\b/i,
      /dm_os_volume_stats|dm_tran_locks/i,
      /MIN_ACTIVE_ROWVERSION|\bMERGE\b/i,
      /\bEXECUTE AS\b/i,
    ];
    const servers = compatibleServers(realServers(), lacks);
    const own = freshShop();
    expect(await outcomeOf({ ...store(own), servers })).toMatchObject({ exit: 'done' });
    const first = await outcomeOf({ ...register(own), servers });
    expect(first).toMatchObject({ exit: 'done', message: expect.stringContaining('warnings, see above') });
    const plan = await planOf({ ...register(own), servers });
    expect(plan.actions).toEqual([]);
    expect(plan.warnings.map(({ message }) => message).join('\n')).toContain('This server cannot do it');
  });
});

describe('the POS of a register', () => {
  const config = '<configuration><AxRetailPOS StoreId=""/></configuration>';
  const disk = (text: string, isReadOnly = false) => {
    const written: string[] = [];
    const posFiles: PosFiles = {
      findConfig: async () => undefined,
      read: async () => ({ bytes: Buffer.from(written.at(-1) ?? text), isReadOnly }),
      replace: async (_, bytes) => {
        written.push(Buffer.from(bytes).toString());
        return 'backup';
      },
    };
    return { written, posFiles };
  };
  const connection = (posFiles: PosFiles, options: Partial<ShopOptions['options']> = { posConfig: 'x' }) =>
    shopInput(server, 'register-connection', { ...shop, posFiles, options: { ...options } });

  it('is told about the store database alone, once', async () => {
    const { written, posFiles } = disk(config);
    expect(await outcomeOf(connection(posFiles))).toMatchObject({ exit: 'done' });
    expect(written).toHaveLength(1);
    expect(written[0]).toContain('OfflineDatabaseConnectionString=""');
    expect(written[0]).toContain('Integrated Security=True');
    expect((await planOf(connection(posFiles))).actions).toEqual([]);
  });

  it.each([
    ['is read-only', disk(config, true).posFiles, 'pos-config-read-only'],
    ['is not of POS', disk('<configuration/>').posFiles, 'pos-config-no-section'],
  ])('is refused when its file %s', async (_, posFiles, code) => {
    expect(await outcomeOf(connection(posFiles))).toMatchObject({ exit: 'prerequisite', code });
  });

  it('is refused when no file is found, since there is nothing else to do', async () => {
    expect(await outcomeOf(connection(disk(config).posFiles, {}))).toMatchObject({
      exit: 'prerequisite',
      code: 'pos-config-not-found',
    });
  });
});

/** An INSERT with values for the columns that must have one. */
async function minimalInsert(session: SqlSession, table: string): Promise<string> {
  const columns = await session.query<{ name: string; type: string }>(
    `SELECT c.name AS name, y.name AS type FROM sys.columns AS c JOIN sys.types AS y ON y.user_type_id = c.user_type_id
WHERE c.object_id = OBJECT_ID('dbo.${table}') AND c.is_nullable = 0 AND c.is_identity = 0 AND c.default_object_id = 0`,
  );
  const values = columns.map(({ type }) =>
    /char/.test(type) ? "N'1'" : type.includes('date') ? "'20260101'" : '1',
  );
  return `INSERT INTO dbo.${table} (${columns.map(({ name }) => `[${name}]`).join(', ')}) VALUES (${values.join(', ')})`;
}
