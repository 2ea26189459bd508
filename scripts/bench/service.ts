import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './main.ts';
import type { Sample } from './service-child.ts';
import { openShop } from './sync/shop.ts';

const days = 2;

/** A service over compressed days of a register that sells: what its memory, its handles and its log come to. */
export async function measureService(program: readonly string[]): Promise<readonly Figure[]> {
  if (process.platform !== 'linux') return [];
  const create = `CREATE TABLE dbo.SALES (RECEIPT nvarchar(20) NOT NULL CONSTRAINT PK_SALES PRIMARY KEY, AMOUNT numeric(32, 16) NOT NULL)`;
  const shop = await openShop(program, [{ name: 'SALES', create, direction: 'upload' }]);
  const folder = mkdtempSync(join(tmpdir(), 'storedb-bench-'));
  try {
    const child = join(import.meta.dirname, 'service-child.ts');
    const args = ['--expose-gc', child, JSON.stringify(shop.address), folder, String(days)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 24 });
    const found: {
      readonly exit: number;
      readonly days: number;
      readonly cycles: number;
      readonly sales: number;
      readonly moved: number;
      readonly outcomes: Readonly<Record<string, number>>;
      readonly logBytes: number;
      readonly samples: readonly Sample[];
    } = JSON.parse(stdout);
    if (found.exit !== 0 || found.samples.length < 3) throw new Error(stdout);
    const [first, last] = [found.samples[0], found.samples.at(-1)];
    if (first === undefined || last === undefined) throw new Error(stdout);
    const what = `service over ${found.days.toFixed(1)} compressed days`;
    const much = `${found.cycles.toLocaleString('en')} cycles, ${found.moved.toLocaleString('en')} sales`;
    const heap = `heap ${first.heapMegabytes.toFixed(1)} to ${last.heapMegabytes.toFixed(1)} MB`;
    return [
      {
        what: `${what}: memory`,
        measured: `${first.megabytes.toFixed(0)} to ${last.megabytes.toFixed(0)} MB resident, ${heap} (${much}; practice server)`,
        budget: 'flat',
      },
      { what: `${what}: handles`, measured: `${first.handles} to ${last.handles}`, budget: 'flat' },
      { what: `${what}: log`, measured: `${(found.logBytes / 1e3).toFixed(0)} KB`, budget: 'at most 32 MB' },
    ];
  } finally {
    await shop.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
