import { readTableShapes } from '../../../src/core/offline/tables/read-table-shapes.ts';
import { commonColumns, outgoing } from '../../../src/core/sync/transfer/columns.ts';
import { type Natives, nativesOf, plainNatives } from '../../../src/core/sync/transfer/natives.ts';
import { passRows } from '../../../src/core/sync/transfer/pass-rows.ts';
import { plainRows } from '../../../src/core/sync/transfer/plain-rows.ts';
import { stageRows } from '../../../src/core/sync/transfer/stage-rows.ts';
import { createStaging, stagingTable } from '../../../src/core/sync/transfer/staging.ts';
import type { Figure } from '../main.ts';
import { median } from '../median.ts';
import type { ServerAddress } from '../practice/server.ts';
import { copyByFreebcp, hasFreebcp } from './freebcp.ts';
import { createSales, fillSales } from './sales.ts';
import { cycleOnce, openShop, type Shop, shapeIn } from './shop.ts';

const signal = new AbortController().signal;
const rowCount = 100_000;
const rounds = 3;

/** 100,000 rows from the store to the register, by us, by a plain pipe, and by freebcp, in turns. */
export async function measureFirstLoad(program: readonly string[]): Promise<readonly Figure[]> {
  const shop = await openShop(program, [
    { name: 'SALES', create: createSales('SALES'), direction: 'download' },
  ]);
  const times = new Map<string, number[]>();
  const measure = async (what: string, work: () => Promise<void>): Promise<void> => {
    const begun = performance.now();
    await work();
    times.set(what, [...(times.get(what) ?? []), performance.now() - begun]);
  };
  const tools = hasFreebcp() ? (['-c', '-n'] as const) : [];
  try {
    await fillSales(shop.store, 'SALES', rowCount);
    await shop.register.batch(createSales('COPIED'));
    for (let round = 0; round < rounds; round += 1) {
      await measure('staging', () => stage(shop));
      for (const [what, address] of [
        ['load', shop.address],
        ['every day', shop.everyDay],
      ] as const) {
        await shop.register.batch('TRUNCATE TABLE dbo.SALES; DELETE FROM storedb.Anchor');
        await measure(what, () => load(address));
      }
      await measure('plain', () => pipe(shop));
      for (const form of tools) {
        await shop.register.batch('TRUNCATE TABLE dbo.COPIED');
        await measure(form, () =>
          copyByFreebcp(shop.address, 'Store.dbo.SALES', 'Register.dbo.COPIED', form),
        );
      }
    }
  } finally {
    await shop.end();
  }
  const middle = (what: string) => median(times.get(what) ?? []);
  const figure = (what: string, ours: number, budget: string): Figure => {
    const than = (tool: string) => (middle(tool) / ours).toFixed(2);
    const bcp =
      tools.length === 0
        ? 'freebcp (Debian: freetds-bin) is not installed'
        : `${than('-c')} times freebcp, ${than('-n')} times freebcp in its native form`;
    return {
      what: `${rowCount.toLocaleString('en')} rows of 26 columns ${what}`,
      measured: `${Math.round((rowCount / ours) * 1000).toLocaleString('en')} rows/s: ${bcp}, ${than('plain')} times a plain pipe of tedious (practice server)`,
      budget,
    };
  };
  return [
    figure('into staging', middle('staging'), 'at least 1.2 times freebcp'),
    figure('in their first cycle, anchors saved', middle('load'), 'at least freebcp'),
    figure('in their first cycle by the account of every day', middle('every day'), 'at least freebcp'),
  ];
}

const query = (columns: ReturnType<typeof commonColumns>): string =>
  `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} FROM dbo.SALES AS b`;

async function columnsOf({ store, register }: Shop, natives: Natives) {
  const [from, to] = [await readTableShapes(store, signal), await readTableShapes(register, signal)];
  return commonColumns(shapeIn(from, 'SALES'), shapeIn(to, 'SALES'), natives);
}

async function stage(shop: Shop): Promise<void> {
  const { store: reader, register: writer } = shop;
  const columns = await columnsOf(shop, await nativesOf(writer, signal));
  await stageRows(
    { reader, writer, query: query(columns), staging: stagingTable(2, 'SALES'), columns },
    signal,
  );
}

async function pipe(shop: Shop): Promise<void> {
  const { store: reader, register: writer } = shop;
  const columns = await columnsOf(shop, plainNatives);
  const staging = stagingTable(2, 'PLAIN');
  await writer.batch(createStaging(staging, columns));
  await passRows({ reader, writer, query: query(columns) }, plainRows(staging, columns), signal);
}

async function load(address: ServerAddress): Promise<void> {
  const rows = await cycleOnce(address);
  if (rows !== rowCount) throw new Error(`${rows} rows came.`);
}
