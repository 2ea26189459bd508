import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { detectProvisioning } from '../../../../src/core/offline/provision/detect-provisioning.ts';
import { profileTables, provisionActions } from '../../../../src/core/offline/provision/provision-actions.ts';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import { batchesOf } from '../../../../src/core/plan/index.ts';
import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { dropDatabase, sessionIn } from '../shop.ts';
import { prepare } from '../tracking/tracked-table.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let master: SqlSession;
let session: SqlSession;
let database = '';
let number = 0;
const signal = new AbortController().signal;
const target = { role: 'offline', server: 'x', database: 'x' } as const;

beforeAll(async () => {
  server = await startTestServer();
  master = await sessionIn(server, 'master');
});

beforeEach(async () => {
  number += 1;
  database = `storedb-provision-${process.pid}-${number}`;
  await master.batch(`CREATE DATABASE [${database}]`);
  session = await sessionIn(server, database);
  await session.batch(prepare);
});

afterEach(async () => {
  await session.close();
  await dropDatabase(master, database);
});

afterAll(async () => {
  await master.close();
  await server.stop();
});

const create = (name: string) =>
  session.batch(
    `CREATE TABLE dbo.[${name.replaceAll(']', ']]')}] (ID int NOT NULL, V nvarchar(10) NULL, CONSTRAINT [PK_${name.replaceAll(']', ']]')}] PRIMARY KEY CLUSTERED (ID))`,
  );

/** What is to be done for these tables. */
async function planFor(names: readonly string[]) {
  const scope = { name: 'S', direction: 'upload', frequencySeconds: 0, tables: names } as const;
  const shapes = await readTableShapes(session, signal);
  const tables = profileTables({ name: 'P', description: '', scopes: [scope] }, shapes);
  return provisionActions(tables, await detectProvisioning(session, signal), target);
}

async function provision(names: readonly string[]) {
  const plan = await planFor(names);
  for (const action of plan.actions) for (const { sql } of batchesOf(action)) await session.batch(sql);
  return plan;
}

const trackingId = async (table: string) => {
  const [row] = await session.query<{ id: string }>(
    'SELECT CAST(TrackingId AS varchar(36)) AS id FROM storedb.SyncTable WHERE TableName = @table',
    { table },
  );
  return row?.id;
};

describe('provisioning', () => {
  it('is done once, whatever the names are', async () => {
    const names = ["O'Brien", 'a]b', '東京', 'x'.repeat(111), 'select', 'a b; DROP TABLE c--'];
    for (const name of names) await create(name);
    await provision(names);
    expect((await planFor(names)).actions).toEqual([]);
    for (const name of names) {
      const table = `dbo.[${name.replaceAll(']', ']]')}]`;
      await session.batch(`INSERT INTO ${table} (ID) VALUES (7)`);
      const tracking = `dbo.[${`${name}_tracking`.replaceAll(']', ']]')}]`;
      expect(await session.query(`SELECT ID FROM ${tracking}`)).toEqual([{ ID: 7 }]);
    }
  });

  it('puts a trigger back that was off, says so, and has the whole table compared', async () => {
    await create('T');
    await provision(['T']);
    const before = await trackingId('T');
    await session.batch(
      'INSERT INTO dbo.T (ID) VALUES (1); DISABLE TRIGGER dbo.T_storedb_tracking ON dbo.T;',
    );
    await session.batch('INSERT INTO dbo.T (ID) VALUES (2)');
    const { warnings } = await provision(['T']);
    expect(warnings).toMatchObject([{ code: 'trigger-was-off' }]);
    expect(await trackingId('T')).not.toBe(before);
    await session.batch('INSERT INTO dbo.T (ID) VALUES (3)');
    // What was tracked before is kept.
    expect(await session.query('SELECT ID FROM dbo.T_tracking ORDER BY ID')).toEqual([{ ID: 1 }, { ID: 3 }]);
    expect((await planFor(['T'])).actions).toEqual([]);
  });

  it('replaces a trigger of an earlier edition without a gap', async () => {
    await create('T');
    await provision(['T']);
    const before = await trackingId('T');
    const older = 'CREATE TRIGGER dbo.T_storedb_tracking ON dbo.T AFTER INSERT AS BEGIN SET NOCOUNT ON; END';
    await session.batch('DROP TRIGGER dbo.T_storedb_tracking');
    await session.batch(older);
    const { triggers } = await detectProvisioning(session, signal);
    await session.query('UPDATE storedb.SyncTable SET TriggerHash = @hash', {
      hash: triggers.get('t')?.hash ?? '',
    });
    await provision(['T']);
    expect(await trackingId('T')).toBe(before);
    await session.batch('INSERT INTO dbo.T (ID) VALUES (1)');
    expect(await session.query('SELECT ID FROM dbo.T_tracking')).toEqual([{ ID: 1 }]);
  });

  it('leaves alone what Sync Framework tracks, and says so', async () => {
    await create('T');
    await session.batch(
      'CREATE TABLE dbo.T_tracking (ID int NOT NULL PRIMARY KEY, update_scope_local_id int NULL, scope_update_peer_key int NULL, local_update_peer_key int NOT NULL, local_update_peer_timestamp timestamp NOT NULL, sync_row_is_tombstone int NOT NULL, last_change_datetime datetime NULL)',
    );
    const { actions, warnings } = await provision(['T']);
    expect(warnings).toMatchObject([
      { code: 'tracking-foreign', message: expect.stringContaining('Sync Framework') },
    ]);
    expect(actions.map(({ id }) => id)).not.toContain('provision');
    expect((await planFor(['T'])).actions).toEqual([]);
  });

  it('makes the tracking anew for a table whose primary key has changed', async () => {
    await create('T');
    await provision(['T']);
    const before = await trackingId('T');
    await session.batch(
      'DROP TABLE dbo.T; CREATE TABLE dbo.T (CODE nvarchar(5) NOT NULL, CONSTRAINT PK_T PRIMARY KEY CLUSTERED (CODE));',
    );
    await provision(['T']);
    await session.batch("INSERT INTO dbo.T (CODE) VALUES (N'A')");
    expect(await session.query('SELECT CODE FROM dbo.T_tracking')).toEqual([{ CODE: 'A' }]);
    expect(await trackingId('T')).not.toBe(before);
  });

  it('cut off between any two of its round trips is finished by the next one', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `T${index}`);
    for (const name of names) await create(name);
    const all = (await planFor(names)).actions.flatMap(batchesOf);
    expect(all.length).toBeGreaterThan(4);
    for (let done = 0; done < all.length; done += 1) {
      const rest = (await planFor(names)).actions.flatMap(batchesOf);
      expect(rest.length).toBe(all.length - done);
      await session.batch(rest[0]?.sql ?? '');
    }
    expect((await planFor(names)).actions).toEqual([]);
  });
});
