import mssql from 'mssql';
import { afterEach, expect, test } from 'vitest';
import type { TroubleName } from '../../../src/practice/faults/fault.ts';
import { Faults } from '../../../src/practice/faults/faults.ts';
import { type PracticeServer, startPracticeServer } from '../../../src/practice/index.ts';
import { startFaultyServer } from '../server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const start = async () => {
  const faults = new Faults();
  const server = await startPracticeServer({ faults });
  ends.push(() => server.close());
  const connect = (database = 'master', timeout = 15_000) => connectTo(server, database, timeout);
  const first = await connect();
  await first.query('create database shop');
  const shop = await connect('shop');
  await shop.query('create table sales(id int primary key, amount money)');
  return { faults, connect, shop };
};

const connectTo = async (server: PracticeServer, database: string, timeout: number) => {
  const pool = new mssql.ConnectionPool({
    server: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    database,
    requestTimeout: timeout,
    connectionTimeout: timeout,
    pool: { max: 1, min: 0 },
    options: { encrypt: true, trustServerCertificate: true, cancelTimeout: 300 },
  });
  pool.on('error', () => undefined);
  await pool.connect();
  ends.push(() => pool.close());
  return pool;
};

const errorOf = async (
  work: Promise<unknown>,
): Promise<{ number?: number; code?: string; message: string }> =>
  work.then(
    () => {
      throw new Error('this should have failed');
    },
    (error) => error,
  );

/** What the driver calls a connection that was torn down depends on the moment. */
const gone = /ESOCKET|ECONNCLOSED|ECONNRESET|EPIPE/;

const ids = async (pool: mssql.ConnectionPool) =>
  (await pool.query<{ id: number }>('select id from sales order by id')).recordset.map(({ id }) => id);

test('a login is refused with the error that was asked for, once', async () => {
  const { faults, connect } = await start();
  faults.arm({ at: 'login', does: 'refuse', number: 18401, text: 'Server is in script upgrade mode.' });
  expect((await errorOf(connect())).message).toContain('script upgrade mode');
  await connect();
  expect(faults.struck).toBe(1);
});

test('a connection is dropped at its login', async () => {
  const { faults, connect } = await start();
  faults.arm({ at: 'login', does: 'drop' });
  expect((await errorOf(connect())).code).toMatch(gone);
  await connect();
});

test('an answer to a login may come too late', async () => {
  const { faults, connect } = await start();
  faults.arm({ at: 'login', does: 'delay', milliseconds: 600 });
  expect((await errorOf(connect('master', 300))).code).toBe('ETIMEOUT');
});

test('a request that is delayed can be given up by its client', async () => {
  const { faults, connect } = await start();
  const hasty = await connect('shop', 300);
  faults.arm({ at: 'request', does: 'delay', milliseconds: 60_000 });
  expect((await errorOf(hasty.query('select 1'))).code).toBe('ETIMEOUT');
  expect((await hasty.query('select 2 as two')).recordset).toEqual([{ two: 2 }]);
});

test('the n-th packet from a client ends the connection', async () => {
  const { faults, shop } = await start();
  faults.arm({ at: 'packet', direction: 'in', type: 1, skip: 1, does: 'drop' });
  await shop.request().batch('insert sales values (1, 1)');
  expect((await errorOf(shop.request().batch('insert sales values (2, 2)'))).code).toMatch(gone);
  expect(await ids(shop)).toEqual([1]);
});

test('an answer that is lost leaves its client waiting', async () => {
  const { faults, connect } = await start();
  const hasty = await connect('shop', 300);
  await hasty.query('select 1');
  // The pool asks first whether the connection still answers.
  faults.arm({ at: 'packet', direction: 'out', type: 4, skip: 1, does: 'lose' });
  expect((await errorOf(hasty.request().batch('insert sales values (1, 1)'))).code).toBe('ETIMEOUT');
});

const load = (pool: mssql.ConnectionPool, count: number) => {
  const table = new mssql.Table('sales');
  table.columns.add('id', mssql.Int, { nullable: false });
  table.columns.add('amount', mssql.Money, { nullable: true });
  for (let id = 1; id <= count; id++) table.rows.add(id, id);
  return pool.request().bulk(table);
};

test('a bulk load that ends inside leaves no row', async () => {
  const { faults, shop } = await start();
  faults.arm({ at: 'packet', direction: 'in', type: 7, skip: 2, does: 'drop' });
  expect((await errorOf(load(shop, 5000))).code).toMatch(gone);
  expect(await ids(shop)).toEqual([]);
  faults.arm({ at: 'bulk-row', skip: 50, does: 'drop' });
  expect((await errorOf(load(shop, 100))).code).toMatch(gone);
  expect(await ids(shop)).toEqual([]);
});

test('a bulk load fails at a row, and the connection goes on', async () => {
  const { faults, shop } = await start();
  faults.arm({ at: 'bulk-row', skip: 50, does: 'log-full' });
  expect(await errorOf(load(shop, 100))).toMatchObject({ number: 9002 });
  expect(await ids(shop)).toEqual([]);
  await load(shop, 3);
  expect(await ids(shop)).toEqual([1, 2, 3]);
});

test.each([
  ['before', []],
  ['after', [1]],
] as const)('a connection that ends %s a commit leaves %j', async (moment, expected) => {
  const { faults, shop } = await start();
  faults.arm({ at: 'commit', moment, does: 'drop', database: 'shop' });
  const work = shop.request().batch('begin tran insert sales values (1, 1) commit');
  expect((await errorOf(work)).code).toMatch(gone);
  expect(await ids(shop)).toEqual(expected);
  expect(faults.struck).toBe(1);
});

test('the driver loses the answer to the commit of its transaction, and the work stays', async () => {
  const { faults, shop } = await start();
  const transaction = shop.transaction();
  transaction.on('rollback', () => undefined);
  await transaction.begin();
  await transaction.request().query('insert sales values (7, 7)');
  faults.arm({ at: 'commit', moment: 'after', does: 'drop' });
  await errorOf(transaction.commit());
  expect(await ids(shop)).toEqual([7]);
});

test('a statement by itself commits too', async () => {
  const { faults, shop } = await start();
  faults.arm({ at: 'commit', moment: 'after', does: 'drop' });
  await errorOf(shop.request().batch('insert sales values (1, 1)'));
  expect(await ids(shop)).toEqual([1]);
  faults.arm({ at: 'commit', moment: 'before', does: 'drop' });
  await errorOf(shop.request().batch('delete sales'));
  expect(await ids(shop)).toEqual([1]);
});

test.each<[TroubleName, number]>([
  ['deadlock-victim', 1205],
  ['log-full', 9002],
  ['database-full', 1105],
  ['size-limit', 1827],
])('%s at the second write undoes the transaction with %i', async (does, number) => {
  const { faults, shop } = await start();
  faults.arm({ at: 'write', skip: 1, does, database: 'shop' });
  const work = 'begin tran insert sales values (1, 1) insert sales values (2, 2) commit';
  expect(await errorOf(shop.request().batch(work))).toMatchObject({ number });
  expect(await ids(shop)).toEqual([]);
  expect((await shop.request().batch('select @@trancount as depth')).recordset).toEqual([{ depth: 0 }]);
  await shop.request().batch(work);
  expect(await ids(shop)).toEqual([1, 2]);
});

test('a read-only database refuses every write until it is no longer one, and answers reads', async () => {
  const { faults, shop } = await start();
  faults.arm({ at: 'write', does: 'read-only', times: 0 });
  expect(await errorOf(shop.query('insert sales values (1, 1)'))).toMatchObject({ number: 3906 });
  expect(await errorOf(shop.query('create table other(id int)'))).toMatchObject({ number: 3906 });
  expect(await ids(shop)).toEqual([]);
  faults.clear();
  await shop.query('insert sales values (1, 1)');
  expect(await ids(shop)).toEqual([1]);
});

test('a deadlock can be caught, and dooms', async () => {
  const { faults, shop } = await start();
  faults.arm({ at: 'write', does: 'deadlock-victim' });
  const { recordset } = await shop
    .request()
    .batch(`begin try begin tran insert sales values (1, 1) commit end try
begin catch select error_number() as number, xact_state() as state if xact_state() <> 0 rollback end catch`);
  expect(recordset).toMatchObject([{ number: 1205 }]);
  expect(await ids(shop)).toEqual([]);
});

test('a server in a process of its own takes failures over its channel', async () => {
  const server = await startFaultyServer();
  ends.push(() => server.close());
  const pool = await server.connect();
  pool.on('error', () => undefined);
  await pool.query('create database shop');
  await server.arm({ at: 'write', does: 'database-full' });
  expect(await errorOf(pool.query('create table t(id int)'))).toMatchObject({ number: 1105 });
  expect(await server.struck()).toBe(1);
  await server.arm({ at: 'write', does: 'database-full', times: 0 });
  await server.clear();
  await pool.query('create table t(id int)');
});
