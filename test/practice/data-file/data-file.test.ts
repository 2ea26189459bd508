import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mssql from 'mssql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type PracticeServer, startPracticeServer } from '../../../src/practice/index.ts';
import { catalogOf, inputFor, runToEnd, testPack } from '../../core/plan/store-runs.ts';

let folder: string;
let file: string;
const ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-'));
  file = join(folder, 'shop.sdb');
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true });
});

const start = async (password = 'Trainer-1'): Promise<PracticeServer> => {
  const server = await startPracticeServer({ dataFile: file, password });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await server.close();
  };
  ends.push(close);
  return { ...server, close };
};

const connect = async (server: PracticeServer, config: Partial<mssql.config> = {}) => {
  const pool = new mssql.ConnectionPool({
    server: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    ...config,
    pool: { max: 1, min: 0 },
    options: { encrypt: true, trustServerCertificate: true },
  });
  pool.on('error', () => undefined);
  await pool.connect();
  ends.push(() => pool.close());
  return pool;
};

/** Runs batches in the database shop, each on its own. */
const run = async (pool: mssql.ConnectionPool, ...batches: readonly string[]) => {
  let last: mssql.IResult<unknown> | undefined;
  for (const batch of batches) last = await pool.request().batch(batch);
  return last?.recordset as unknown as readonly Record<string, unknown>[];
};

const everything = [
  'create database shop',
  'use shop',
  'create schema till',
  `create table till.items(
     id int identity(10, 5) not null constraint pk_items primary key, name nvarchar(40) collate Latin1_General_BIN not null,
     price numeric(32, 16) null constraint df_price default (1.5), made datetime2(7) null default (sysutcdatetime()),
     twice as (price * 2), version rowversion, note varchar(max) null, photo varbinary(max) null,
     constraint ck_price check (price >= 0 or name = N'it''s "free"'))`,
  `create table till.sales(id bigint not null primary key, item int not null constraint fk_item references till.items(id) on delete cascade,
     amount money null, at datetimeoffset(3) null, flag bit null, weight float null, extra sql_variant null, day date null,
     hour time(3) null, code uniqueidentifier null)`,
  "create unique index ux_name on till.items(name) where price > 100 and note <> 'x'",
  'create index ix_amount on till.sales(amount desc) include (flag)',
  'create view till.dear as select id, name from till.items where price > 100',
  'create procedure till.add_item @name nvarchar(40), @price numeric(32,16) = 7.25 as insert till.items(name, price) values (@name, @price)',
  'create function till.total(@item int) returns money as begin return (select sum(amount) from till.sales where item = @item) end',
  'create function till.of_item(@item int) returns table as return select id, amount from till.sales where item = @item',
  'create trigger till.tr on till.items after delete as insert till.sales(id, item, amount) select -d.id, (select min(id) from till.items), 0 from deleted d',
  'set quoted_identifier off',
  'create procedure till.old_quotes as select "text, not a name" as said',
  'set quoted_identifier on',
  "insert till.items(name, price, note, photo) values (N'tea', 1234567890.1234567890123456, 'long', 0x00FF), (N'coffee', 200, null, null), (N'milk', default, N'', 0x)",
  `insert till.sales values (1, 10, 12.3456, '2026-01-02 03:04:05.678 +02:00', 1, 0.1, cast(12.5 as numeric(5,2)), '2026-01-02', '23:59:59.999', '6F9619FF-8B86-D011-B42D-00C04FC964FF'),
     (9007199254740993, 15, null, null, 0, -1e300, N'ä', null, null, null)`,
  "create login clerk with password = 'Till-4321x'",
  'create user clerk for login clerk create role cashiers',
  "exec sp_addrolemember 'cashiers', 'clerk'",
  'grant select, insert on schema::till to cashiers deny update on till.items to clerk',
  "exec sp_addextendedproperty 'note', N'the items', 'schema', 'till', 'table', 'items'",
  'alter table till.items nocheck constraint ck_price',
  'alter database shop set recovery simple alter database shop set allow_snapshot_isolation on',
];

const questions = [
  'select id, name, cast(price as varchar(60)) price, made, cast(twice as varchar(60)) twice, version, note, photo from till.items order by id',
  "select cast(id as varchar(20)) id, item, cast(amount as varchar(20)) amount, at, flag, weight, cast(extra as nvarchar(20)) extra, sql_variant_property(extra, 'basetype') base, day, hour, code from till.sales order by id",
  'select id, name from till.dear order by id',
  'select till.total(10) as total',
  'select cast(id as varchar(20)) id from till.of_item(15)',
  'exec till.old_quotes',
  'select name, type, object_definition(object_id) as text, create_date from sys.objects where is_ms_shipped = 0 order by object_id',
  'select object_id, name, column_id, system_type_id, max_length, precision, scale, collation_name, is_nullable, is_identity, is_computed from sys.columns where object_id > 100 order by object_id, column_id',
  'select object_id, name, index_id, type_desc, is_unique, has_filter, filter_definition from sys.indexes where object_id > 100 order by object_id, index_id',
  'select name, definition, is_disabled from sys.check_constraints',
  'select name, delete_referential_action_desc from sys.foreign_keys',
  'select class, major_id, grantee_principal_id, permission_name, state from sys.database_permissions order by class, major_id, grantee_principal_id, permission_name',
  'select name, principal_id, type, sid from sys.database_principals order by principal_id',
  'select name, value from sys.extended_properties',
  "select name, recovery_model_desc, snapshot_isolation_state, create_date from sys.databases where name not in ('tempdb') order by database_id",
  'select @@dbts as v',
];

const answers = async (pool: mssql.ConnectionPool) => {
  const found: unknown[] = [];
  for (const question of questions) found.push(await run(pool, question));
  return found;
};

describe('a data file', () => {
  test('brings everything back after a restart: rows, types, keys, modules, logins, permissions, options', async () => {
    const first = await start();
    const before = await connect(first);
    await run(before, ...everything);
    const kept = await answers(before);
    await first.close();

    const second = await start();
    const after = await connect(second);
    await run(after, 'use shop');
    expect(await answers(after)).toEqual(kept);
  });

  test('goes on where it was: identities, checks, keys, triggers, procedures with their defaults', async () => {
    const first = await start();
    await run(await connect(first), ...everything);
    await first.close();
    const pool = await connect(await start());
    await run(pool, 'use shop', "exec till.add_item N'sugar'");
    expect(
      await run(pool, "select id, cast(price as float) price from till.items where name = N'sugar'"),
    ).toEqual([{ id: 25, price: 7.25 }]);
    const number = (sql: string) =>
      run(pool, sql).then(
        () => 0,
        (error) => error.number,
      );
    expect(await number('insert till.sales(id, item) values (1, 10)')).toBe(2627);
    expect(await number('insert till.sales(id, item) values (5, 11)')).toBe(547);
    expect(await number("insert till.items(name, price, note) values (N'coffee', 300, 'a')")).toBe(0);
    expect(await number("insert till.items(name, price, note) values (N'coffee', 300, 'a')")).toBe(2601);
    await run(pool, 'alter table till.items check constraint ck_price');
    expect(await number("insert till.items(name, price) values (N'bad', -1)")).toBe(547);
    await run(pool, "delete till.items where name = N'milk'");
    expect(await run(pool, 'select cast(id as int) id from till.sales where id < 0')).toEqual([{ id: -20 }]);
  });

  test('knows logins by their hashes only, and lets the administrator in with the password of this start', async () => {
    const first = await start('First-4321x');
    await run(await connect(first), ...everything);
    await first.close();
    const text = (await readFile(file)).toString('latin1');
    for (const secret of ['Till-4321x', 'First-4321x']) expect(text).not.toContain(secret);
    const second = await start('Second-4321x');
    const clerk = await connect(second, { user: 'clerk', password: 'Till-4321x', database: 'shop' });
    expect(await run(clerk, 'select count(*) as n from till.items')).toEqual([{ n: 3 }]);
    await expect(run(clerk, 'update till.items set price = 1')).rejects.toMatchObject({ number: 229 });
    await expect(connect(second, { password: 'First-4321x' })).rejects.toThrow('Login failed');
    await connect(second);
  });

  test('keeps nothing of a transaction that was open at the end', async () => {
    const first = await start();
    const pool = await connect(first);
    await run(pool, ...everything, 'begin tran delete till.sales create table gone(id int)');
    await first.close();
    const after = await connect(await start());
    await run(after, 'use shop');
    expect(await run(after, "select count(*) as n, object_id('gone') as gone from till.sales")).toEqual([
      { n: 2, gone: null },
    ]);
  });

  test('follows rows that come, change and go, and columns that do', async () => {
    const steps = [
      'create database shop',
      'use shop',
      'create table t(id int identity primary key, name nvarchar(20))',
      "insert t values (N'a'), (N'b'), (N'c'), (N'd')",
      "update t set name = N'B' where id = 2",
      'delete t where id in (1, 4)',
      "delete t where id = 3 insert t values (N'e')",
      'alter table t add extra int not null default 7, more nvarchar(5) null',
      'alter table t drop column name',
      "update t set more = N'x' where id = 5",
      "truncate table t insert t(more) values (N'y')",
      'create table u(id int) insert u values (1) begin tran delete u rollback',
      'drop table t',
    ];
    for (const step of steps) {
      const server = await start();
      const pool = await connect(server);
      if (step !== steps[0]) await run(pool, 'use shop');
      if (step !== steps[1]) await run(pool, step);
      const tables = async (from: mssql.ConnectionPool) => {
        const names =
          (await run(from, "select name from sys.tables where name in ('t', 'u') order by name")) ?? [];
        const found: unknown[] = [];
        for (const { name } of names) found.push(await run(from, `select * from ${name} order by 1`));
        return found;
      };
      const kept = await tables(pool);
      await server.close();
      const again = await start();
      const after = await connect(again);
      if (step !== steps[0]) await run(after, 'use shop');
      expect(await tables(after), step).toEqual(kept);
      await again.close();
    }
  });

  test('forgets what was dropped, and what is temporary', async () => {
    const first = await start();
    const pool = await connect(first);
    await run(pool, ...everything, 'create table #mine(id int)');
    await run(
      pool,
      'drop function till.of_item',
      'drop table till.sales',
      'use master',
      'create database other',
    );
    await first.close();
    const second = await start();
    const again = await connect(second);
    await run(again, 'use master', 'drop database shop');
    await second.close();
    const third = await connect(await start());
    expect(await run(third, 'select name from sys.databases where database_id > 4')).toEqual([
      { name: 'other' },
    ]);
  });

  test('is written while the server runs, so that a kill costs little', async () => {
    const server = await start();
    await run(await connect(server), ...everything);
    const copy = join(folder, 'copy.sdb');
    await vi.waitFor(
      async () => {
        await writeFile(copy, await readFile(file));
        const sqlite = new DatabaseSync(copy);
        try {
          const { n } = sqlite.prepare("select count(*) as n from row where cells like '%coffee%'").get()!;
          expect(n).toBe(1);
        } finally {
          sqlite.close();
        }
      },
      { timeout: 20_000, interval: 100 },
    );
  });

  test('holds a whole store database, on which the next run finds nothing to do', async () => {
    const first = await start();
    const input = async (server: PracticeServer) =>
      inputFor(server, 'POS', await testPack(), { storeId: 'HOUSTON' });
    expect((await runToEnd(await input(first))).last.exit).toBe('done');
    const kept = await catalogOf(first, 'POS');
    await first.close();
    const second = await start();
    expect(await catalogOf(second, 'POS')).toEqual(kept);
    const { last } = await runToEnd(await input(second));
    expect(last).toMatchObject({ exit: 'done', summary: expect.stringContaining('Nothing to do') });
  });
});

describe('a data file is refused', () => {
  test('while another server has it', async () => {
    await start();
    await expect(startPracticeServer({ dataFile: file })).rejects.toMatchObject({
      reason: 'in-use',
      message: expect.stringContaining('in use by another practice server'),
    });
  });

  test('when it is something else, and stays as it was', async () => {
    await writeFile(file, 'a letter to the manager\n'.repeat(200));
    await expect(startPracticeServer({ dataFile: file })).rejects.toMatchObject({ reason: 'damaged' });
    expect(await readFile(file, 'utf8')).toContain('a letter');
    const other = join(folder, 'other.db');
    const sqlite = new DatabaseSync(other);
    sqlite.exec('create table theirs(id int)');
    sqlite.close();
    await expect(startPracticeServer({ dataFile: other })).rejects.toMatchObject({ reason: 'foreign' });
  });

  test('when a newer program wrote it', async () => {
    await (await start()).close();
    const sqlite = new DatabaseSync(file);
    sqlite.exec('pragma user_version = 99');
    sqlite.close();
    await expect(startPracticeServer({ dataFile: file })).rejects.toMatchObject({
      reason: 'newer',
      message: expect.stringContaining('newer storedb'),
    });
  });

  test('when it is damaged, in its pages or in what they say', async () => {
    const server = await start();
    await run(await connect(server), ...everything);
    await server.close();
    const bytes = await readFile(file);
    const broken = join(folder, 'broken.sdb');
    await writeFile(
      broken,
      Buffer.concat([bytes.subarray(0, 5000), Buffer.alloc(bytes.length - 5000, 0x55)]),
    );
    await expect(startPracticeServer({ dataFile: broken })).rejects.toMatchObject({ reason: 'damaged' });
    const sqlite = new DatabaseSync(file);
    sqlite.exec('update document set content = replace(content, \'"ref":1}\', \'"ref":999999}\')');
    sqlite.close();
    await expect(startPracticeServer({ dataFile: file })).rejects.toMatchObject({ reason: 'damaged' });
  });

  test('in a folder that is not there', async () => {
    await expect(startPracticeServer({ dataFile: join(folder, 'no', 'no.sdb') })).rejects.toMatchObject({
      reason: 'unusable',
    });
  });
});

test('a server whose file cannot be written says so at its end, and may be closed twice', async () => {
  const server = await startPracticeServer({ dataFile: file });
  await run(await connect(server), 'create database shop');
  const written = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation((sql) => {
    if (sql.startsWith('begin'))
      throw Object.assign(new Error('disk full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  });
  await expect(server.close()).rejects.toMatchObject({
    reason: 'unusable',
    message: expect.stringContaining('disk full'),
  });
  written.mockRestore();
  await server.close();
});
