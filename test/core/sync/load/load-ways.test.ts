import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LoadResult, loadTables } from '../../../../src/core/sync/load/load-tables.ts';
import type { WindowOrder, WindowProgress } from '../../../../src/core/sync/window/order.ts';
import { Faults } from '../../../../src/practice/faults/faults.ts';
import { type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { withoutHook } from '../transfer/changed-driver.ts';
import { dropSides, makeSide, orderFor, type Side } from '../window/databases.ts';

const faults = new Faults();
let server: PracticeServer;
let store: Side;
let register: Side;
const never = new AbortController().signal;
const rowsOfRange = 500;
const many = 4000;
const create = [
  'CREATE TABLE dbo.T (N int NOT NULL CONSTRAINT PK_T PRIMARY KEY, AMOUNT numeric(32, 16) NULL, NAME nvarchar(60) NULL)',
  'CREATE TABLE dbo.C (CODE nvarchar(10) NOT NULL CONSTRAINT PK_C PRIMARY KEY)',
];

beforeAll(async () => {
  server = await startPracticeServer({ faults });
});
afterAll(async () => server.close());
beforeEach(async () => {
  [store, register] = [await makeSide(server, create), await makeSide(server, create)];
  return async () => {
    faults.clear();
    await dropSides(server, [store, register]);
  };
});

async function fill(): Promise<void> {
  await store.till.batch("INSERT INTO dbo.T VALUES (0, 1844.68, N'a row of some length, for packets')");
  for (let count = 1; count < many; count *= 2)
    await store.till.batch(
      `INSERT INTO dbo.T SELECT N + ${count}, AMOUNT + ${count}, NAME FROM dbo.T WHERE N + ${count} < ${many}`,
    );
}

const rowsOf = ({ session }: Side, table = 'T') => session.query(`SELECT * FROM dbo.${table} ORDER BY 1`);
const reached = async () =>
  (await register.session.query('SELECT State AS state, ResumeKey AS [key] FROM storedb.Anchor'))[0];

async function order(table = 'T'): Promise<WindowOrder> {
  const made = await orderFor(store, register, [table], 'download', 'offline');
  const key = ((await reached())?.key ?? undefined) as string | undefined;
  return {
    ...made,
    tables: made.tables.map((each) => ({
      ...each,
      anchor: each.anchor && { ...each.anchor, resumeKey: key },
    })),
  };
}

/** The same with sessions of another driver. */
function plainly(order: WindowOrder): WindowOrder {
  const take = async (signal: AbortSignal) => withoutHook(await order.destination.take(signal));
  return { ...order, destination: { ...order.destination, take } };
}

async function load(
  what: WindowOrder,
  each: (step: WindowProgress) => unknown = () => undefined,
  signal = never,
  range = rowsOfRange,
): Promise<LoadResult> {
  const steps = loadTables(what, signal, { rowsOfRange: range });
  for (let step = await steps.next(); ; step = await steps.next()) {
    if (step.done === true) return step.value;
    each(step.value);
  }
}
const loaded = (rows: number) => ({ total: rows, ok: rows, parked: 0, left: [] });

test('a store whose line is cut within a range costs that range alone', async () => {
  await fill();
  const cut = ({ done }: WindowProgress) => {
    if (done === 2 * rowsOfRange)
      faults.arm({ at: 'packet', direction: 'out', type: 4, does: 'drop', skip: 3 });
  };
  await expect(load(await order(), cut)).rejects.toMatchObject({ code: 'connection-lost' });
  const there = (await rowsOf(register)).length;
  expect(there).toBeGreaterThanOrEqual(2 * rowsOfRange);
  expect(there % rowsOfRange).toBe(0);
  expect(await reached()).toEqual({ state: 'initial', key: `["${there - 1}"]` });
  expect(await load(await order())).toEqual(loaded(many - there));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
  expect(await reached()).toEqual({ state: 'incremental', key: null });
});

test('with a driver whose inner workings have changed, a load goes by its values and can be resumed as well', async () => {
  await fill();
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('killed'));
  await expect(load(plainly(await order()), stop, stopped.signal)).rejects.toThrow('killed');
  const there = (await rowsOf(register)).length;
  expect(await reached()).toEqual({ state: 'initial', key: `["${there - 1}"]` });
  expect(await load(plainly(await order()))).toEqual(loaded(many - there));
  expect(await rowsOf(register)).toEqual(await rowsOf(store));
});

test('a key that cannot be said exactly leaves the anchor at the one before, and nothing comes twice', async () => {
  // The driver writes the same letter for what it cannot read.
  await store.till.batch(
    `INSERT INTO dbo.C SELECT REPLACE(CODE, '?', NCHAR(0xFFFD)) FROM (${['a', 'b?', 'c', 'd', 'e?', 'f?', 'z'].map((code) => `SELECT N'${code}' AS CODE`).join(' UNION ALL ')}) AS t`,
  );
  const until = async (rows: number) => {
    const stopped = new AbortController();
    const stop = ({ done }: WindowProgress) => done === rows && stopped.abort(new Error('killed'));
    await expect(load(plainly(await order('C')), stop, stopped.signal, 2)).rejects.toThrow('killed');
    return [(await reached())?.key, (await rowsOf(register, 'C')).length];
  };
  expect(await until(2)).toEqual([null, 2]);
  expect(await until(4)).toEqual(['["d"]', 4]);
  expect(await until(2)).toEqual(['["d"]', 6]);
  expect(await load(plainly(await order('C')), undefined, never, 2)).toEqual(loaded(3));
  expect(await rowsOf(register, 'C')).toEqual(await rowsOf(store, 'C'));
});
