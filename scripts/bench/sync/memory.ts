import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../main.ts';
import { openShop } from './shop.ts';

const rows = 1_000_000;

/** The most memory of a process that brings a million rows; the server is another process. */
export async function measureMemory(program: readonly string[]): Promise<readonly Figure[]> {
  if (process.platform !== 'linux') return [];
  const create = `CREATE TABLE dbo.ITEMS (ITEMID nvarchar(20) NOT NULL CONSTRAINT PK_ITEMS PRIMARY KEY, PRICE numeric(32, 16) NOT NULL,
  NAME nvarchar(60) NULL, CHANGED datetime NOT NULL)`;
  const shop = await openShop(program, [{ name: 'ITEMS', create, direction: 'download' }]);
  try {
    await shop.store.batch(`ALTER TABLE dbo.ITEMS DISABLE TRIGGER ALL;
CREATE TABLE #N (N int NOT NULL PRIMARY KEY); INSERT INTO #N VALUES (0);`);
    for (let count = 1; count < rows; count *= 2)
      await shop.store.batch(`INSERT INTO #N SELECT N + ${count} FROM #N WHERE N + ${count} < ${rows}`);
    await shop.store.batch(`INSERT INTO dbo.ITEMS SELECT N'ITEM-' + RIGHT(N'0000000' + CAST(N AS nvarchar(10)), 8), N * 1.25, N'Article number ' + CAST(N AS nvarchar(10)), '20120101' FROM #N;
DROP TABLE #N; ALTER TABLE dbo.ITEMS ENABLE TRIGGER ALL;`);
    const child = join(import.meta.dirname, 'memory-child.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify(shop.address)]);
    const found: { readonly rows: number; readonly megabytes: number } = JSON.parse(stdout);
    if (found.rows !== rows) throw new Error(`${found.rows} rows came.`);
    return [
      {
        what: 'memory of the process through which a million rows pass',
        measured: `${found.megabytes.toFixed(0)} MB resident at most (practice server)`,
        budget: 'at most 250 MB',
      },
    ];
  } finally {
    await shop.end();
  }
}
