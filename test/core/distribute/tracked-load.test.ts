import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStore } from '../../../src/core/distribute/export/export-store.ts';
import { openTarget } from '../../../src/core/distribute/export/open-target.ts';
import { manifestText } from '../../../src/core/distribute/pack/manifest.ts';
import { openPack } from '../../../src/core/distribute/pack/open-pack.ts';
import { outcomeOf, sessionIn, shopInput } from '../offline/shop.ts';
import type { TestServer } from '../plan/store-runs.ts';
import { startTestServer } from '../plan/test-server.ts';
import { newFolder } from './small-packs.ts';
import { loadInto } from './small-store.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const shop = { name: `storedb_tracked_load_${process.pid}` };

/** The pack with one file changed; its manifest says so. */
async function changed(pack: string, table: string, change: (text: string) => string): Promise<string> {
  const copy = join(await newFolder(), 'pack');
  await cp(pack, copy, { recursive: true });
  const { manifest } = await openPack(copy);
  const path = join(copy, 'tables', `${table}.csv`);
  const content = Buffer.from(change(await readFile(path, 'utf8')), 'utf8');
  await writeFile(path, content);
  const files = manifest.files.map((file) =>
    file.table === table
      ? {
          ...file,
          rows: content.toString().split('\n').length - 2,
          bytes: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
        }
      : file,
  );
  await writeFile(join(copy, 'manifest.json'), manifestText({ ...manifest, files }));
  return copy;
}

describe('loading into a store database whose registers are tracked', () => {
  it('writes what really changed into the tracking, and nothing else', { timeout: 240_000 }, async () => {
    expect(await outcomeOf(shopInput(server, 'store-database', shop))).toMatchObject({ exit: 'done' });
    expect(await outcomeOf(shopInput(server, 'offline-database', shop))).toMatchObject({ exit: 'done' });
    const { initialData: _, ...store } = shopInput(server, 'store-database', shop);
    const pack = join(await newFolder(), 'pack');
    const options = {
      jobs: undefined,
      format: { text: 'csv', isCompressed: false },
      madeUtc: new Date(0),
      openTarget: () => openTarget(pack),
    } as const;
    for await (const event of exportStore(store, options, new AbortController().signal)) void event;
    const session = await sessionIn(server, `${shop.name}-store`);
    try {
      const tracked = async (table: string, key: string) =>
        await session.query(
          `SELECT ${key} AS id, sync_row_is_tombstone AS gone, update_scope_local_id AS origin FROM dbo.${table}_tracking ORDER BY 1`,
        );
      const counts = async () =>
        (
          await session.query<{ n: number }>(
            'SELECT (SELECT COUNT(*) FROM dbo.INVENTTABLE_tracking) + (SELECT COUNT(*) FROM dbo.CURRENCY_tracking) + (SELECT COUNT(*) FROM dbo.TAXTABLE_tracking) + (SELECT COUNT(*) FROM dbo.PRICEDISCTABLE_tracking) AS n',
          )
        )[0]?.n;
      expect(await counts()).toBe(0);
      // The same rows again: nothing for the registers.
      expect((await loadInto(store, pack)).told).toContain('0 rows new, 0 changed, 0 gone');
      expect(await counts()).toBe(0);
      // One price, one tax gone and one new (an N job), one product gone from the pack (an A job: it stays).
      const priced = await changed(pack, 'PRICEDISCTABLE', (text) =>
        text.replace(/^1007,.*$/m, (row) => row.replace(/,(\d+\.?\d*),USD,/, ',77.77,USD,')),
      );
      const taxed = await changed(priced, 'TAXTABLE', (text) => text.replace(/^EXEMPT,/m, 'NOTAX,'));
      const fewer = await changed(taxed, 'INVENTTABLE', (text) => text.replace(/^usrt,10009,.*\n/m, ''));
      const done = await loadInto(store, fewer);
      expect(done.told).toContain('1 row new, 1 changed, 1 gone');
      expect(await tracked('PRICEDISCTABLE', 'CAST(RECID AS varchar(20))')).toEqual([
        { id: '1007', gone: false, origin: null },
      ]);
      expect(await tracked('TAXTABLE', 'TAXCODE')).toEqual([
        { id: 'EXEMPT', gone: true, origin: null },
        { id: 'NOTAX', gone: false, origin: null },
      ]);
      expect(await counts()).toBe(3);
    } finally {
      await session.close();
    }
  });
});
