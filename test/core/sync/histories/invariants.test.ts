import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CycleResult, ScopeResult } from '../../../../src/core/sync/events.ts';
import { soundRules } from '../../../../src/core/sync/rules.ts';
import { readParked } from './conflicts.ts';
import { readLog } from './record.ts';
import { readRows } from './rows.ts';
import { type Place, type Register, registers } from './small-shop.ts';
import { World } from './world.ts';

/**
 * The promises of the synchronisation one by one, as a shop meets them. Numbers are those of the list of invariants;
 * the random histories beside this file check all of them at once.
 */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterEach(async () => world.reset());
afterAll(async () => world.close());

const at = async (place: Place, sql: string, session = ''): Promise<void> => {
  await (await world.session(place, session)).batch(sql);
};
const sync = async (register: Register, logsIdle = true): Promise<CycleResult> => {
  const ended = await world.service(register, soundRules).cycle({ logsIdle });
  if (ended === undefined) throw new Error('the cycle was not to be cancelled');
  return ended;
};
const scopeOf = (result: CycleResult, name: string): ScopeResult => {
  const scope = result.scopes.find((each) => each.scope === name);
  if (scope === undefined) throw new Error(`the cycle had no scope ${name}: ${JSON.stringify(result)}`);
  return scope;
};
const rows = async (place: Place) => readRows(await world.session(place));
const parked = async (place: Place) => readParked(await world.session(place));
const codes = async (place: Place) => {
  const found = await (await world.session(place)).query<{ text: string }>(
    `SELECT CAST(ID AS nvarchar(10)) + N' ' + CODE AS text FROM dbo.SHIFT ORDER BY ID`,
  );
  return found.map(({ text }) => text);
};
const movedBy = ({ scopes }: CycleResult): number =>
  scopes.reduce((sum, { downloaded, uploaded }) => sum + downloaded.total + uploaded.total, 0);

const price = (id: string, code = id) => `INSERT INTO dbo.ITEM (ITEMID, CODE) VALUES (N'${id}', N'${code}');`;
const shift = (id: number, code = `C${id}`) => `INSERT INTO dbo.SHIFT (ID, CODE) VALUES (${id}, N'${code}');`;
const sale = (terminal: string, nr: number, name = 'sold') =>
  `INSERT INTO dbo.SALE (TERMINAL, NR, CODE, LINES, NAME) VALUES (N'${terminal}', ${nr}, N'${terminal}-${nr}', 1, N'${name}');
INSERT INTO dbo.SALELINE (TERMINAL, NR, LINE, NAME) VALUES (N'${terminal}', ${nr}, 1, N'${name}');`;

test('1: prices reach every register, sales the store, shifts everybody', async () => {
  await at('store', price('A') + shift(1));
  await at('r1', sale('R1', 1) + shift(2));
  for (const register of ['r1', 'r2', 'r1'] as const) expect((await sync(register)).outcome).toBe('done');
  const store = await rows('store');
  expect([...store.SHIFT.keys()].toSorted()).toEqual(['1', '2']);
  for (const register of ['r1', 'r2'] as const) {
    const here = await rows(register);
    expect(here.ITEM).toEqual(store.ITEM);
    expect(new Map([...here.SHIFT].toSorted())).toEqual(new Map([...store.SHIFT].toSorted()));
  }
  expect(store.SALE).toEqual((await rows('r1')).SALE);
  expect(store.SALELINE).toEqual((await rows('r1')).SALELINE);
});

test('3: a second cycle moves nothing and writes nothing', async () => {
  await at('store', price('A') + shift(1));
  await at('r1', sale('R1', 1) + shift(2));
  await sync('r1');
  // What arrived is newer than the anchors of the way back: they follow it once.
  const again = await sync('r1', false);
  expect(movedBy(again)).toBe(0);
  const commits = () => [world.sites.store.faults.commits, world.sites.r1.faults.commits];
  const before = commits();
  expect(movedBy(await sync('r1', false))).toBe(0);
  expect(commits()).toEqual(before);
});

test('4: nobody gets back what he sent, and everybody else gets it once', async () => {
  for (const register of ['r1', 'r2'] as const) await sync(register);
  await at('r1', shift(1) + shift(2));
  expect(scopeOf(await sync('r1'), 'Shifts').uploaded.ok).toBe(2);
  expect(scopeOf(await sync('r1'), 'Shifts').downloaded.total).toBe(0);
  expect(scopeOf(await sync('r2'), 'Shifts').downloaded.total).toBe(2);
  expect(scopeOf(await sync('r2'), 'Shifts').downloaded.total).toBe(0);
  expect(scopeOf(await sync('r1'), 'Shifts').downloaded.total).toBe(0);
});

test('7: what is open while others are sent comes with the next cycle', async () => {
  await sync('r1');
  await at('r1', `BEGIN TRANSACTION; ${sale('R1', 1)}`, 'open');
  await at('r1', sale('R1', 2));
  await sync('r1');
  await at('r1', 'COMMIT TRANSACTION', 'open');
  await sync('r1');
  expect([...(await rows('store')).SALE.keys()].toSorted()).toEqual(['R1/1', 'R1/2']);
});

test('8: a transaction that stays open for ten cycles holds changes up, is reported, and loses none', async () => {
  await at('store', price('A'));
  await sync('r1');
  await at('store', `BEGIN TRANSACTION; ${price('OPEN')}`, 'open');
  const codesOf = [];
  for (let cycle = 1; cycle <= 10; cycle++) {
    await at('store', price(`N${cycle}`));
    world.service('r1', soundRules).letPass(1);
    codesOf.push(...(await sync('r1')).findings.map(({ code }) => code));
  }
  expect(codesOf).toContain('bound-stalled');
  await at('store', 'COMMIT TRANSACTION', 'open');
  await sync('r1');
  expect((await rows('r1')).ITEM).toEqual((await rows('store')).ITEM);
});

describe('a change of keys', () => {
  test('9: a renamed row is one gone and one come', async () => {
    await at('store', price('A'));
    await sync('r1');
    await at('store', `UPDATE dbo.ITEM SET ITEMID = N'B'`);
    await sync('r1');
    expect([...(await rows('r1')).ITEM.keys()]).toEqual(['B']);
  });

  test('10: codes that rows hand over or swap arrive in one window', async () => {
    await at('store', shift(1) + shift(2) + shift(3));
    await sync('r1');
    await at(
      'store',
      `UPDATE dbo.SHIFT SET CODE = CASE CODE WHEN N'C1' THEN N'C2' ELSE N'C1' END WHERE ID < 3;
DELETE FROM dbo.SHIFT WHERE ID = 3; ${shift(4, 'C3')}`,
    );
    expect((await sync('r1')).outcome).toBe('done');
    expect(await codes('r1')).toEqual(['1 C2', '2 C1', '4 C3']);
  });

  test('11: a row that was deleted and is there again is its newest self', async () => {
    await at('r1', shift(1));
    await sync('r1');
    await at('r1', `DELETE FROM dbo.SHIFT; ${shift(1, 'again')}`);
    for (const register of ['r1', 'r2'] as const) await sync(register);
    expect([await codes('store'), await codes('r2')]).toEqual([['1 again'], ['1 again']]);
  });
});

test('12: of two services of one register only one works at a time, and the end is the same', async () => {
  await at('r1', sale('R1', 1));
  const other = world.service('r1', soundRules, 'second');
  let ended: CycleResult | undefined;
  // The other one comes while the first one has all its locks.
  let isThere = false;
  const first = await world.service('r1', soundRules).cycle({ logsIdle: true }, async () => {
    const held = await (await world.session('r1')).query(
      `SELECT 1 AS one FROM sys.dm_tran_locks WHERE resource_type = N'APPLICATION'`,
    );
    if (held.length === 0 || isThere) return;
    isThere = true;
    ended = await other.cycle({ logsIdle: true });
  });
  expect(first?.outcome).toBe('done');
  expect(ended?.outcome).toBe('busy');
  expect(ended?.findings).toHaveLength(1);
  expect((await rows('store')).SALE.size).toBe(1);
});

test('13: the same key from two registers: the first stays, the second is parked and counted', async () => {
  await at('r1', sale('X', 1, 'first'));
  await at(
    'r2',
    `INSERT INTO dbo.SALE (TERMINAL, NR, CODE, LINES, NAME) VALUES (N'X', 1, N'other', 0, N'second')`,
  );
  await sync('r1');
  const result = await sync('r2');
  expect(result.outcome).toBe('partly');
  expect(scopeOf(result, 'Sales').uploaded).toEqual({ total: 1, ok: 0, parked: 1 });
  expect(scopeOf(result, 'Sales').findings).not.toEqual([]);
  expect((await rows('store')).SALE.get('X/1')).toContain('<first>');
  expect(await parked('store')).toMatchObject([{ table: 'SALE', key: 'X/1', register: 'r2', isOpen: true }]);
});

describe('a database from yesterday', () => {
  test('14: a restored register gets the prices again, and its sales of today are still at the store', async () => {
    await at('store', price('A'));
    await at('r1', sale('R1', 1));
    await sync('r1');
    const yesterday = world.backUp('r1');
    await at('store', price('B'));
    await at('r1', sale('R1', 2));
    await sync('r1');
    await world.restore('r1', yesterday);
    await at('r1', sale('R1', 3));
    for (let cycle = 1; cycle <= 2; cycle++) await sync('r1');
    expect((await rows('r1')).ITEM).toEqual((await rows('store')).ITEM);
    expect([...(await rows('store')).SALE.keys()].toSorted()).toEqual(['R1/1', 'R1/2', 'R1/3']);
  });

  test('15: a restored store gets the sales again, and its new prices are not skipped', async () => {
    await at('store', price('A'));
    await sync('r1');
    const yesterday = world.backUp('store');
    await at('store', price('B') + price('C') + price('D'));
    await at('r1', sale('R1', 1));
    await sync('r1');
    await world.restore('store', yesterday);
    await at('store', price('E'));
    const result = await sync('r1');
    expect(result.findings).not.toEqual([]);
    expect([...(await rows('r1')).ITEM.keys()].toSorted()).toEqual(['A', 'E']);
    expect([...(await rows('store')).SALE.keys()]).toEqual(['R1/1']);
    expect(movedBy(await sync('r1'))).toBe(0);
  });

  test('14, 15: also when only the last cycle is missing, and when as much has been written since', async () => {
    for (const place of ['r1', 'store'] as const) {
      await sync('r1');
      const before = world.backUp(place);
      await at('store', price(`${place}-a`));
      await at('r1', sale('R1', place === 'r1' ? 1 : 11));
      await sync('r1');
      await world.restore(place, before);
      // Rowversions that the other side has taken already are given out again.
      await at('store', price(`${place}-b`) + price(`${place}-c`) + price(`${place}-d`));
      for (const nr of [2, 3, 4]) await at('r1', sale('R1', place === 'r1' ? nr : nr + 10));
      await sync('r1');
      await sync('r1');
      expect((await rows('r1')).ITEM).toEqual((await rows('store')).ITEM);
      const [store, register] = [await rows('store'), await rows('r1')];
      for (const [key, row] of register.SALE) expect([key, store.SALE.get(key)]).toEqual([key, row]);
    }
  });

  test('16: a register on a new computer gets everything back, its own shifts too', async () => {
    await at('store', price('A'));
    await at('r1', shift(1) + sale('R1', 1));
    await sync('r1');
    await world.reimage('r1');
    await sync('r1');
    expect((await rows('r1')).ITEM).toEqual((await rows('store')).ITEM);
    expect(await codes('r1')).toEqual(['1 C1']);
    expect([...(await rows('store')).SALE.keys()]).toEqual(['R1/1']);
  });
});

test('17: numbers, dates and texts arrive identical to the last digit, both ways', async () => {
  const values = [
    `'9999999999999999.9999999999999999', '9999-12-31T23:59:59.997', N'a '`,
    `'-9999999999999999.9999999999999999', '1753-01-01T00:00:00', N''`,
    `'0.0000000000000001', '2012-02-29T12:00:00.003', N'\u{1F600}'`,
    `'1844.68', '1900-01-01T00:00:00.007', NULL`,
  ];
  const insert = (offset: number) =>
    values
      .map(
        (each, index) =>
          `INSERT INTO dbo.SHIFT (ID, CODE, AMOUNT, SINCE, NAME) VALUES (${offset + index}, N'${offset + index}', ${each});`,
      )
      .join('\n');
  await at('store', insert(0));
  await at('r1', insert(100));
  await sync('r1');
  const [store, register] = [await rows('store'), await rows('r1')];
  expect(store.SHIFT.size).toBe(8);
  expect(register.SHIFT).toEqual(store.SHIFT);
  expect(store.SHIFT.get('0')).toBe('<0>¦<9999999999999999.9999999999999999>¦<9999-12-31T23:59:59.997>¦<a >');
});

test('18: each run leaves one row in the log for each scope, and the totals add up', async () => {
  await at('r1', sale('R1', 1));
  await sync('r1');
  await sync('r2');
  await sync('r1');
  const log = await readLog(await world.session('store'));
  expect(log.map(({ terminal, scope }) => `${terminal} ${scope}`).toSorted()).toEqual([
    'R1 Prices',
    'R1 Prices',
    'R1 Sales',
    'R1 Sales',
    'R1 Shifts',
    'R1 Shifts',
    'R2 Prices',
    'R2 Sales',
    'R2 Shifts',
  ]);
  for (const { downloaded, uploaded, isInOrder } of log) {
    for (const [total, ok, err] of [downloaded, uploaded]) expect(total).toBe(ok + err);
    expect(isInOrder).toBe(true);
  }
  expect(log.filter(({ uploaded }) => uploaded[1] === 2)).toMatchObject([{ scope: 'Sales', terminal: 'R1' }]);
});

test('21: a register that was not upgraded yet still sends its sales to a store that was', async () => {
  await sync('r1');
  world.wear();
  await at(
    'store',
    `ALTER TABLE dbo.SALE ADD EXTRA nvarchar(10) NOT NULL CONSTRAINT DF_EXTRA DEFAULT (N'none')`,
  );
  await at('r1', sale('R1', 1));
  await sync('r1');
  const [row] = await (await world.session('store')).query('SELECT NR AS nr, EXTRA AS extra FROM dbo.SALE');
  expect(row).toEqual({ nr: 1, extra: 'none' });
});

test('what a register tidies away stays at the store', async () => {
  for (const register of registers) await at(register, sale(register, 1));
  for (const register of registers) await sync(register);
  for (const register of registers) await at(register, 'DELETE FROM dbo.SALELINE; DELETE FROM dbo.SALE;');
  for (const register of registers) await sync(register);
  expect((await rows('store')).SALE.size).toBe(3);
});
