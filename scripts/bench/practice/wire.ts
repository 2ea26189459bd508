import { TYPES } from 'tedious';
import type { Figure } from '../main.ts';
import { type ServerProcess, startServer } from './server.ts';
import { WireClient, type WireColumn } from './wire-client.ts';

const million = 1_000_000;
const batch = 100_000;

/** Six narrow columns: what a million rows cost in the server, not what their texts weigh. */
const narrow: readonly WireColumn[] = [
  { name: 'ID', type: TYPES.Int, options: {}, isNullable: false },
  { name: 'CODE', type: TYPES.NVarChar, options: { length: 20 }, isNullable: false },
  { name: 'QTY', type: TYPES.Int, options: {}, isNullable: false },
  { name: 'AMOUNT', type: TYPES.Decimal, options: { precision: 18, scale: 2 }, isNullable: false },
  { name: 'AT', type: TYPES.DateTime, options: {}, isNullable: false },
  { name: 'FLAG', type: TYPES.Bit, options: {}, isNullable: false },
];

function* narrowRows(from: number, count: number): Generator<readonly unknown[], void> {
  const at = new Date(Date.UTC(2012, 0, 1));
  for (let i = from; i < from + count; i += 1) yield [i, `C${i}`, i % 1000, i / 4, at, i % 2 === 0];
}

/** The server as a process of its own, through tedious: rows/s, memory, and how soon statements can be interrupted. */
export async function measureWire(program: readonly string[]): Promise<readonly Figure[]> {
  const server = await startServer(program);
  const client = await WireClient.open(server.address);
  try {
    await client.run('create database bench');
    await client.run('use bench');
    await client.run(
      'create table dbo.narrow (ID int not null primary key, CODE nvarchar(20) not null, QTY int not null, AMOUNT numeric(18,2) not null, AT datetime not null, FLAG bit not null)',
    );
    const loaded = await perSecond(million, async () => {
      for (let from = 0; from < million; from += batch) {
        await client.load('dbo.narrow', narrow, narrowRows(from, batch));
      }
    });
    const peaks = [server.peakMegabytes()];
    const read = await perSecond(million, () => client.run('select * from dbo.narrow'));
    peaks.push(server.peakMegabytes());
    await client.run('update dbo.narrow set QTY = QTY + 1');
    peaks.push(server.peakMegabytes());
    const interruptions = await measureInterruptions(server, client);
    return [
      {
        what: 'practice server: bulk load over the wire, 6 columns',
        measured: `${loaded} rows/s`,
        budget: '',
      },
      { what: 'practice server: full scan over the wire, 6 columns', measured: `${read} rows/s`, budget: '' },
      {
        what: 'practice server: memory with a million rows of 6 columns',
        measured:
          peaks[0] === undefined
            ? 'not measured on this platform'
            : `at most ${peaks.map((peak) => peak?.toFixed(0)).join(', then ')} MB: loaded, read, updated at once`,
        budget: 'at most 1024 MB',
      },
      ...interruptions,
    ];
  } finally {
    client.close();
    await server.end();
  }
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<string> {
  const begun = performance.now();
  await work();
  return Math.round((count / (performance.now() - begun)) * 1000).toLocaleString('en');
}

const statements: readonly (readonly [string, string])[] = [
  ['scan', 'select count(*) from dbo.narrow a cross join dbo.narrow b'],
  ['rows on their way', 'select a.* from dbo.narrow a'],
  ['join', 'select count(*) from dbo.narrow a join dbo.narrow b on a.QTY = b.QTY and a.ID < b.ID'],
  ['sort', 'select top 1 CODE from dbo.narrow order by CODE desc, ID'],
  ['subquery', 'select (select count(*) from dbo.narrow a cross join dbo.narrow b)'],
  ['loop', 'declare @i int = 0; while 1 = 1 set @i = 1 - @i'],
  ['UPDATE', 'update dbo.narrow set QTY = QTY + 1, CODE = CODE'],
  ['lock wait', 'select * from dbo.held'],
];

const times = 5;

async function measureInterruptions(server: ServerProcess, client: WireClient): Promise<readonly Figure[]> {
  const other = await WireClient.open(server.address);
  try {
    await other.run('use bench');
    await other.run('create table dbo.held (ID int); insert into dbo.held values (1)');
    await other.run('begin transaction; update dbo.held set ID = 2');
    const worst: string[] = [];
    let slowest = 0;
    for (const [name, text] of statements) {
      let longest = 0;
      // At other moments each time: within the hash, the sort, the change.
      for (let i = 0; i < times; i += 1) {
        longest = Math.max(longest, (await client.interrupt(text, 20 + i * 60)) ?? 0);
        if (!Number.isFinite(longest)) break;
      }
      worst.push(`${name} ${Number.isFinite(longest) ? longest.toFixed(0) : 'does not end'}`);
      slowest = Math.max(slowest, longest);
      if (!Number.isFinite(slowest)) break;
    }
    return [
      {
        what: 'practice server: a statement ends after the attention',
        measured: Number.isFinite(slowest)
          ? `${slowest.toFixed(0)} ms at worst (${worst.join(', ')})`
          : worst.join(', '),
        budget: 'within 100 ms',
      },
    ];
  } finally {
    other.close();
  }
}
