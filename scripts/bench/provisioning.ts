import { nothingProvisioned } from '../../src/core/offline/provision/detect-provisioning.ts';
import { profileTables, provisionActions } from '../../src/core/offline/provision/provision-actions.ts';
import { readTableShapes } from '../../src/core/offline/tables/read-table-shapes.ts';
import { batchesOf } from '../../src/core/plan/index.ts';
import { Secret } from '../../src/core/secret.ts';
import { createSqlServers } from '../../src/core/sql/connect.ts';
import { memoryPins } from '../../src/core/sql/pins.ts';
import type { SqlSession } from '../../src/core/sql/session.ts';
import { startPracticeServer } from '../../src/practice/index.ts';
import type { Figure } from './main.ts';
import { median } from './median.ts';

const signal = new AbortController().signal;
const tables = 80;
const rounds = 7;
const manyRows = 1_000_000;
const target = { role: 'offline', server: 'x', database: 'x' } as const;

/** Provisioning 80 tables, in round trips and against creating them; a table of a million rows against an empty one. */
export async function measureProvisioning(): Promise<readonly Figure[]> {
  const server = await startPracticeServer({});
  const servers = createSqlServers({ pins: memoryPins(), appName: 'bench', connectTimeoutMs: 15_000 });
  const signIn = { kind: 'sql', user: server.user, password: new Secret(server.password) } as const;
  const connect = (database?: string) =>
    servers.connect({
      server: server.server,
      signIn,
      encryption: 'trust',
      ...(database === undefined ? {} : { database }),
    });
  const master = await connect();
  const created: number[] = [];
  const provisioned: number[] = [];
  let trips = 0;
  for (let round = 0; round < rounds; round += 1) {
    await master.batch(`CREATE DATABASE [P${round}]`);
    const session = await connect(`P${round}`);
    await prepare(session);
    const names = Array.from({ length: tables }, (_, index) => `T${index}`);
    const begun = performance.now();
    for (const name of names) await session.batch(createTable(name));
    created.push(performance.now() - begun);
    const done = await provision(session, names);
    provisioned.push(done.milliseconds);
    trips = done.trips;
    await session.close();
  }
  const [empty, full] = await oneTable(master, connect);
  await master.close();
  await server.close();
  return [
    {
      what: `provisioning ${tables} tables of one database against creating them`,
      measured: `${(median(provisioned) / median(created)).toFixed(1)} times (${median(provisioned).toFixed(0)} ms, ${median(created).toFixed(0)} ms; ${trips} round trips; practice server)`,
      budget: '',
    },
    {
      what: 'provisioning a table of a million rows against an empty one',
      measured: `${(full / empty).toFixed(2)} times (${full.toFixed(1)} ms, ${empty.toFixed(1)} ms; practice server)`,
      budget: 'within noise of 1',
    },
  ];
}

async function oneTable(master: SqlSession, connect: (database: string) => Promise<SqlSession>) {
  const times: [number[], number[]] = [[], []];
  await master.batch('CREATE DATABASE [Rows]');
  const session = await connect('Rows');
  await prepare(session);
  await session.batch(createTable('Million'));
  await session.batch(`INSERT INTO dbo.Million (ID, NAME) VALUES (0, N'x');
DECLARE @n int; SET @n = 1;
WHILE @n < ${manyRows}
BEGIN
  INSERT INTO dbo.Million (ID, NAME) SELECT ID + @n, NAME FROM dbo.Million WHERE ID + @n < ${manyRows};
  SET @n = @n * 2;
END;`);
  for (let round = 0; round < rounds; round += 1) {
    await session.batch(createTable(`Empty${round}`));
    times[0].push((await provision(session, [`Empty${round}`])).milliseconds);
    times[1].push((await provision(session, ['Million'])).milliseconds);
    await session.batch(
      'DROP TRIGGER dbo.Million_storedb_tracking; DROP TABLE dbo.Million_tracking; DELETE FROM storedb.SyncTable;',
    );
  }
  await session.close();
  return [median(times[0]), median(times[1])] as const;
}

async function provision(session: SqlSession, names: readonly string[]) {
  const scope = { name: 'Bench', direction: 'download', frequencySeconds: 0, tables: names } as const;
  const shapes = await readTableShapes(session, signal);
  const wanted = profileTables({ name: 'Bench', description: '', scopes: [scope] }, shapes);
  const { actions } = provisionActions(wanted, nothingProvisioned, target);
  const batches = actions.flatMap(batchesOf);
  const begun = performance.now();
  for (const { sql } of batches) await session.batch(sql);
  return { milliseconds: performance.now() - begun, trips: batches.length };
}

const createTable = (name: string): string =>
  `CREATE TABLE dbo.[${name}] (ID int NOT NULL, NAME nvarchar(20) NULL, CONSTRAINT [PK_${name}] PRIMARY KEY CLUSTERED (ID))`;

async function prepare(session: SqlSession): Promise<void> {
  await session.batch("EXEC (N'CREATE SCHEMA storedb AUTHORIZATION dbo')");
  await session.batch('CREATE ROLE storedb_register');
}
