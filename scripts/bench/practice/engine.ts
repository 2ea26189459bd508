import { join } from 'node:path';
import { loadPack, packFilesOnDisk } from '../../../src/core/schema/index.ts';
import type { Row, Value } from '../../../src/practice/engine/types.ts';
import type { Figure } from '../main.ts';
import { median } from '../median.ts';
import { salesColumns, salesRow } from './sales-table.ts';
import { type BenchSession, openSession, typeText } from './session.ts';

const rowCount = 100_000;
const singles = 20_000;
const rounds = 3;

/** The practice engine in this process, without the wire, beside a bare loop that does the least that could be done. */
export async function measureEngine(): Promise<readonly Figure[]> {
  const session = await openSession();
  await session.run('create database bench');
  await session.run('use bench');
  const rows = Array.from({ length: rowCount }, (_, i) => salesRow(i));
  const load = await timesOf(async () => {
    await session.run("if object_id('dbo.sales') is not null drop table dbo.sales");
    await createSalesTable(session);
    return time(() => session.load('dbo.sales', salesColumns, rows));
  });
  const bareLoad = await timesOf(() => time(() => keyed(rows)));
  const scan = await timesOf(() => time(() => session.run('select * from dbo.sales')));
  const bareScan = await timesOf(() => time(() => rows.map((row) => [...row])));
  const byKey = keyed(rows);
  const update = await timesOf(() =>
    time(() => session.run("update dbo.sales set QTY = QTY + 1 where TRANSACTIONID > N'' and LINENUM >= 0")),
  );
  const bareUpdate = await timesOf(() => time(() => changeAll(byKey)));
  const one = await timesOf(() => time(() => updateOneByOne(session)), 2);
  await session.run('create table dbo.single (ID int primary key, NAME nvarchar(40), AMOUNT numeric(32,16))');
  const insert = await timesOf(async () => {
    await session.run('truncate table dbo.single');
    return time(() => insertOneByOne(session));
  }, 2);
  // Once: the second time its texts would be known.
  const schema = await measureSchema();
  return [
    compared('practice engine: bulk load, 26 columns', load, bareLoad),
    compared('practice engine: full scan, 26 columns', scan, bareScan),
    compared('practice engine: one UPDATE of all rows', update, bareUpdate),
    {
      what: 'practice engine: UPDATE by key through sp_executesql',
      measured: `${perSecond(one, singles)} rows/s, ${(one / singles).toFixed(3)} ms each`,
      budget: '',
    },
    {
      what: 'practice engine: one-row INSERT through sp_executesql',
      measured: `${perSecond(insert, singles)} rows/s, ${(insert / singles).toFixed(3)} ms each`,
      budget: 'below 0.2 ms',
    },
    { what: 'practice engine: the store schema', measured: `${schema.toFixed(0)} ms`, budget: '' },
  ];
}

async function createSalesTable(session: BenchSession): Promise<void> {
  const columns = salesColumns.map(
    ({ name, type, isNullable }) => `[${name}] ${typeText(type)} ${isNullable ? 'null' : 'not null'}`,
  );
  const key = 'constraint PK_sales primary key (TRANSACTIONID, LINENUM, DATAAREAID)';
  await session.run(`create table dbo.sales (${columns.join(', ')}, ${key})`);
}

const decimal = { kind: 'numeric', precision: 32, scale: 16 } as const;

async function updateOneByOne(session: BenchSession): Promise<void> {
  const text =
    'update dbo.sales set QTY = @qty where TRANSACTIONID = @id and LINENUM = @line and DATAAREAID = @area';
  const declarations = '@qty numeric(32,16), @id nvarchar(44), @line int, @area nvarchar(4)';
  for (let i = 0; i < singles; i += 1) {
    await session.execute(text, declarations, [
      [decimal, BigInt(i)],
      [{ kind: 'nvarchar', length: 44 }, `HOUSTON-HOUSTON-1-${i}`],
      [{ kind: 'int' }, i % 100],
      [{ kind: 'nvarchar', length: 4 }, 'usrt'],
    ]);
  }
}

async function insertOneByOne(session: BenchSession): Promise<void> {
  const text = 'insert into dbo.single (ID, NAME, AMOUNT) values (@id, @name, @amount)';
  for (let i = 0; i < singles; i += 1) {
    await session.execute(text, '@id int, @name nvarchar(40), @amount numeric(32,16)', [
      [{ kind: 'int' }, i],
      [{ kind: 'nvarchar', length: 40 }, `name ${i}`],
      [decimal, BigInt(i)],
    ]);
  }
}

/** The batches of the built-in schema pack on a fresh engine; milliseconds. */
async function measureSchema(): Promise<number> {
  const pack = await loadPack('builtin', packFilesOnDisk(join(import.meta.dirname, '..', '..', '..', 'sql')));
  const session = await openSession();
  await session.run('create database shop');
  await session.run('use shop');
  return time(async () => {
    for (const script of pack.scripts) {
      for (const batch of script.batches) await session.run(batch.sql);
    }
  });
}

const keyOf = (row: Row): string => `${row[0]}:${row[1]}:${row[2]}`;
const keyed = (rows: readonly Row[]): Map<string, Row> => new Map(rows.map((row) => [keyOf(row), [...row]]));

function changeAll(rows: Map<string, Row>): void {
  for (const [key, row] of rows) {
    const changed: Value[] = [...row];
    changed[10] = (changed[10] as bigint) + 10_000_000_000_000_000n;
    rows.set(key, changed);
  }
}

async function time(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The middle of some rounds, in milliseconds. */
async function timesOf(measure: () => Promise<number>, count = rounds): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) times.push(await measure());
  return median(times);
}

const perSecond = (milliseconds: number, count: number): string =>
  Math.round((count / milliseconds) * 1000).toLocaleString('en');

const compared = (what: string, ours: number, bare: number): Figure => ({
  what,
  measured: `${perSecond(ours, rowCount)} rows/s (${(ours / bare).toFixed(1)} times a bare loop)`,
  budget: '',
});
