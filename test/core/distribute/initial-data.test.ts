import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPack } from '../../../src/core/distribute/pack/open-pack.ts';
import { asSample } from '../../../src/core/distribute/pack/sample.ts';
import type { SetupInput } from '../../../src/core/plan/index.ts';
import { dropDatabase, outcomeOf, planOf, sessionIn, shopInput } from '../offline/shop.ts';
import { cutServers } from '../plan/cut-servers.ts';
import { realServers, type TestServer, withSession } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';
import { newFolder } from './small-packs.ts';

const shipped = join(import.meta.dirname, '..', '..', '..', 'assets', 'sample-data');
let server: TestServer & { readonly stop: () => Promise<void> };
let shops = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** A store database that gets the pack of the sample as any shop's own. */
async function storeWith(
  path = shipped,
  ids: { storeId?: string; dataAreaId?: string } = {},
): Promise<SetupInput> {
  shops += 1;
  const shop = { name: `storedb_initial_${process.pid}_${shops}`, storeId: `S${shops}`, ...ids };
  return {
    ...shopInput(server, 'store-database', shop),
    initialData: { pack: await openPack(path), jobs: undefined },
  };
}

describe('a store database with a pack of initial data', () => {
  it('is filled by the run that makes it, and only once', async () => {
    const input = await storeWith();
    expect(await outcomeOf(input)).toMatchObject({ exit: 'done' });
    const session = await sessionIn(server, input.answers.storeDatabase.name);
    try {
      const [row] = await session.query('SELECT COUNT(*) AS items FROM dbo.INVENTTABLE');
      expect(row).toEqual({ items: 500 });
      expect((await planOf(input)).actions).toEqual([]);
      // What the shop changed since is its own.
      await session.batch(`DELETE FROM dbo.INVENTTABLE WHERE ITEMID = N'10001'`);
      expect((await planOf(input)).actions).toEqual([]);
    } finally {
      await session.close();
    }
  });

  it('is not even begun when the pack is damaged, of another company or another version', async () => {
    const damaged = join(await newFolder(), 'pack');
    await cp(shipped, damaged, { recursive: true });
    const file = join(damaged, 'tables', 'CURRENCY.csv');
    await writeFile(file, (await readFile(file, 'utf8')).replace('Euro', 'Auro'));
    for (const [path, ids, code] of [
      [damaged, {}, 'pack-damaged'],
      [shipped, { dataAreaId: 'deus' }, 'pack-wrong-company'],
    ] as const) {
      const input = await storeWith(path, ids);
      expect(await outcomeOf(input)).toMatchObject({ exit: 'prerequisite', code });
      const found = await withSession(server, undefined, (session) =>
        session.query('SELECT name FROM sys.databases WHERE name = @name', {
          name: input.answers.storeDatabase.name,
        }),
      );
      expect(found).toEqual([]);
    }
  });

  it('that was killed while it was filled is filled by the next run', { timeout: 110_000 }, async () => {
    const whole = await storeWith();
    const counting = cutServers(realServers(), undefined);
    expect(await outcomeOf({ ...whole, servers: counting.servers })).toMatchObject({ exit: 'done' });
    // The load is what comes last; a few places in it, from its beginning to its last statement.
    for (const back of [140, 40, 9, 3, 1]) {
      const input = await storeWith();
      const { servers } = cutServers(realServers(), { at: counting.count() - back, when: 'after' });
      await outcomeOf({ ...input, servers });
      expect(await outcomeOf(input), String(back)).toMatchObject({ exit: 'done' });
      const session = await sessionIn(server, input.answers.storeDatabase.name);
      const [row] = await session.query('SELECT COUNT(*) AS items FROM dbo.INVENTTABLE');
      await session.close();
      expect(row, String(back)).toEqual({ items: 500 });
      await withSession(server, undefined, (master) =>
        dropDatabase(master, input.answers.storeDatabase.name),
      );
    }
  });
});

/** Every file of a folder by its text. */
async function textsOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) found[entry.name] = await readFile(join(entry.parentPath, entry.name), 'utf8');
  return found;
}

describe('the sample', () => {
  it('is what its script makes of it, byte for byte', { timeout: 120_000 }, async () => {
    const target = join(await newFolder(), 'sample');
    const script = join(shipped, '..', '..', 'scripts', 'sample-data.ts');
    await promisify(execFile)(process.execPath, [script, target]);
    expect(await textsOf(target)).toEqual(await textsOf(shipped));
  });

  it('is of the schema that travels with it, and loads under any ids', async () => {
    const pack = await openPack(shipped);
    for (const ids of [
      { storeId: 'X', registerId: 'HOUSTON-2', dataAreaId: 'deus' },
      { storeId: 'HOUSTON', registerId: 'HOUSTON-1', dataAreaId: 'usrt' },
    ]) {
      const input = await storeWith(shipped, { dataAreaId: ids.dataAreaId });
      const sample = { pack: asSample(pack, ids), jobs: undefined };
      expect(await outcomeOf({ ...input, initialData: sample })).toMatchObject({ exit: 'done' });
      const session = await sessionIn(server, input.answers.storeDatabase.name);
      try {
        const rows = await session.query(
          `SELECT STORENUMBER AS store, (SELECT COUNT(*) FROM dbo.INVENTTABLE WHERE DATAAREAID = @company) AS items,
  (SELECT COUNT(*) FROM dbo.RETAILTERMINALTABLE WHERE TERMINALID IN (N'HOUSTON-1', N'HOUSTON-2')) AS registers FROM dbo.RETAILSTORETABLE`,
          { company: ids.dataAreaId },
        );
        expect(rows).toEqual([{ store: ids.storeId, items: 500, registers: 2 }]);
      } finally {
        await session.close();
      }
    }
  });

  it('is not mixed with the data of a shop', async () => {
    const input = await storeWith();
    expect(await outcomeOf(input)).toMatchObject({ exit: 'done' });
    const sample = { pack: asSample(await openPack(shipped), input.answers.identification), jobs: undefined };
    expect((await planOf({ ...input, initialData: sample })).actions).toEqual([]);
  });
});
