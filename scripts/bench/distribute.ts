import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Secret } from '../../src/core/secret.ts';
import { createSqlServers } from '../../src/core/sql/connect.ts';
import { memoryPins } from '../../src/core/sql/pins.ts';
import { amount } from '../../src/core/words.ts';
import type { Figure } from './main.ts';

const tables = [
  'INVENTTABLE',
  'INVENTTABLEMODULE',
  'INVENTITEMBARCODE',
  'ECORESPRODUCTTRANSLATION',
  'PRICEDISCTABLE',
];
type Server = { readonly server: string; readonly user: string; readonly password: string };

/**
 * Packs of five tables with 100,000 rows each: made, loaded into an empty database, loaded again where nothing
 * differs; beside it `freebcp in` of the same rows into a copy of one of the tables. Memory is that of the program.
 */
export async function measureDistribution(
  program: readonly string[],
  rows = 100_000,
): Promise<readonly Figure[]> {
  const [command = '', ...args] = program;
  const folder = mkdtempSync(join(tmpdir(), 'storedb-bench-'));
  const practice = spawn(command, [...args, 'practice', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: practice.stdout }).once('line', resolve),
    );
    const server = JSON.parse(line) as Server;
    const answers = (name: string) => {
      const path = join(folder, `${name}.yaml`);
      writeFileSync(
        path,
        `version: 1\ntask: store-database\nidentification: { storeId: ${name}, dataAreaId: usrt }\nstoreDatabase: { server: '${server.server}', name: ${name}, auth: { kind: sql, user: ${server.user}, password: env:BENCH_PASSWORD } }\noptions: { encryption: trust, initialData: sample }\n`,
      );
      return path;
    };
    const run = (...words: readonly string[]) =>
      runOnce([command, ...args, '--log-dir', folder, ...words], { BENCH_PASSWORD: server.password });
    for (const name of ['Seeded', 'Fresh']) await run('apply', answers(name));
    await multiply(server, rows);
    const pack = join(folder, 'pack');
    const made = await run(
      'distribute',
      'export',
      pack,
      '--answers',
      answers('Seeded'),
      '--jobs',
      'A-1040,A-prices',
    );
    const loaded = await run('distribute', pack, '--answers', answers('Fresh'));
    const again = await run('distribute', pack, '--answers', answers('Fresh'));
    const total = rows * tables.length;
    const speed = ({ seconds }: Ran) => `${amount(Math.round(total / seconds))} rows/s`;
    const bcp = await freebcp(server, folder, rows);
    return [
      {
        what: `pack of ${tables.length} tables with ${amount(rows)} rows: made`,
        measured: speed(made),
        budget: '',
      },
      {
        what: 'the same loaded, checked and written',
        measured: `${speed(loaded)}${bcp === undefined ? '' : ` (freebcp in, without checks: ${amount(Math.round(bcp))} rows/s)`}`,
        budget: '',
      },
      { what: 'the same loaded again, nothing differs', measured: speed(again), budget: '' },
      {
        what: 'memory of the program with a pack',
        measured: [made, loaded, again].map(({ megabytes }) => `${megabytes} MB`).join(', '),
        budget: 'at most 250 MB',
      },
    ];
  } finally {
    practice.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Ran = { readonly seconds: number; readonly megabytes: number };

/** Runs the program once; its greatest resident memory where the system tells it (Linux). */
async function runOnce(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> {
  const [command = '', ...args] = words;
  const begun = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let megabytes = 0;
  const watch = setInterval(() => {
    const status = `/proc/${child.pid}/status`;
    const peak = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
    if (peak !== undefined) megabytes = Math.round(Number(peak) / 1024);
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, megabytes };
}

/** Every row of the sample as often as it takes; keys are counted on, the rest is the same. */
async function multiply(server: Server, rows: number): Promise<void> {
  const session = await connect(server, 'Seeded');
  for (const table of tables) {
    const columns = await session.query<{ name: string; isText: number }>(
      `SELECT c.name AS name, CASE WHEN y.name = N'nvarchar' THEN 1 ELSE 0 END AS isText FROM sys.columns AS c JOIN sys.types AS y ON y.user_type_id = c.system_type_id
WHERE c.object_id = OBJECT_ID(N'dbo.${table}') ORDER BY c.column_id`,
    );
    const counted = ['RECID', 'ITEMID', 'PRODUCT', 'ITEMRELATION'];
    const values = columns.map(({ name, isText }) =>
      !counted.includes(name)
        ? `[${name}]`
        : isText === 1
          ? `CAST(CAST([${name}] AS int) + @n * 1000 AS nvarchar(20))`
          : `[${name}] + @n * 1000`,
    );
    const names = columns.map(({ name }) => `[${name}]`).join(', ');
    await session.batch(`SELECT * INTO #few FROM dbo.[${table}];
DECLARE @n int; SET @n = 100;
WHILE @n < ${100 + rows / 500 - 1}
BEGIN
  INSERT INTO dbo.[${table}] (${names}) SELECT ${values.join(', ')} FROM #few;
  SET @n = @n + 1;
END;
DROP TABLE #few;`);
  }
  await session.close();
}

function connect({ server, user, password }: Server, database: string) {
  return createSqlServers({ pins: memoryPins(), appName: 'bench', connectTimeoutMs: 15_000 }).connect({
    server,
    database,
    signIn: { kind: 'sql', user, password: new Secret(password) },
    encryption: 'trust',
  });
}

/** Rows a second of `freebcp in` over the same tables, in character form; undefined where it is not installed. */
async function freebcp(server: Server, folder: string, rows: number): Promise<number | undefined> {
  if (spawnSync('freebcp', ['-v'], { stdio: 'ignore' }).error !== undefined) return undefined;
  const configuration = join(folder, 'freetds.conf');
  const [host, port] = server.server.split(',');
  writeFileSync(
    configuration,
    `[practice]\n host = ${host}\n port = ${port}\n tds version = 7.4\n encryption = require\n client charset = UTF-8\n`,
  );
  const session = await connect(server, 'Fresh');
  let seconds = 0;
  for (const table of tables) {
    await session.batch(`SELECT * INTO dbo.[BCP_${table}] FROM dbo.[${table}] WHERE 1 = 0;`);
    const file = join(folder, table);
    const copy = (name: string, way: 'in' | 'out') =>
      spawnSync(
        'freebcp',
        [
          name,
          way,
          file,
          '-c',
          '-b',
          String(rows),
          '-S',
          'practice',
          '-U',
          server.user,
          '-P',
          server.password,
        ],
        {
          env: { ...process.env, FREETDSCONF: configuration, LC_ALL: 'C.UTF-8' },
          stdio: 'ignore',
        },
      );
    copy(`Seeded.dbo.${table}`, 'out');
    const begun = performance.now();
    copy(`Fresh.dbo.BCP_${table}`, 'in');
    seconds += (performance.now() - begun) / 1000;
    const [count] = await session.query<{ n: number }>(`SELECT COUNT(*) AS n FROM dbo.[BCP_${table}]`);
    if (count?.n !== rows) throw new Error(`freebcp brought ${count?.n} of ${rows} rows of ${table}`);
  }
  await session.close();
  return (rows * tables.length) / seconds;
}
