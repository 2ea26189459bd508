import { randomUUID } from 'node:crypto';
import { readTableShapes } from '../../../src/core/offline/tables/read-table-shapes.ts';
import type { TableShape } from '../../../src/core/offline/tables/table-shape.ts';
import { metadataTables } from '../../../src/core/offline/tracking/metadata.ts';
import { trackingStatements } from '../../../src/core/offline/tracking/statements.ts';
import { systemClock } from '../../../src/core/plan/index.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createSqlServers } from '../../../src/core/sql/connect.ts';
import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import type { CycleResult, SyncInput, SyncLink } from '../../../src/core/sync/index.ts';
import { openSync, runCycle } from '../../../src/core/sync/index.ts';
import { type ServerAddress, startServer } from '../practice/server.ts';

const signal = new AbortController().signal;
export const benchServers = createSqlServers({
  pins: memoryPins(),
  appName: 'bench',
  connectTimeoutMs: 15_000,
});

/** A table of each side and the direction in which its scope of the same name goes. */
export type ShopTable = {
  readonly name: string;
  readonly create: string;
  readonly direction: 'upload' | 'download';
};

/** A practice server in a process of its own with a store's and a register's database, set up to be synchronised. */
export type Shop = {
  readonly address: ServerAddress;
  /** The account of every day: rows of tables, and tables of its own in staging; not ALTER. */
  readonly everyDay: ServerAddress;
  readonly store: DriverSession;
  readonly register: DriverSession;
  readonly end: () => Promise<void>;
};

export async function openShop(program: readonly string[], tables: readonly ShopTable[]): Promise<Shop> {
  const server = await startServer(program);
  const { address } = server;
  const [store, register] = [
    await makeSide(address, 'Store', tables),
    await makeSide(address, 'Register', tables),
  ];
  const everyDay = { ...address, user: 'everyday', password: `Pw-${randomUUID()}` };
  await store.batch(`CREATE LOGIN everyday WITH PASSWORD = N'${everyDay.password}', CHECK_POLICY = OFF`);
  const [storeId, registerId] = [randomUUID(), randomUUID()];
  await store.batch(storeTables);
  await store.batch(replica(1, storeId, 'store', '') + replica(2, registerId, 'offline', 'R1'));
  await register.batch(replica(1, registerId, 'offline', 'R1') + replica(2, storeId, 'store', ''));
  for (const session of [store, register]) await session.batch(giveRole);
  return {
    ...{ address, everyDay, store, register },
    end: async () => {
      for (const session of [store, register]) await session.close();
      await server.end();
    },
  };
}

/** As a set-up gives them. */
const giveRole = `CREATE ROLE storedb_register; CREATE USER everyday FOR LOGIN everyday;
EXEC sp_addrolemember N'storedb_register', N'everyday';
GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO storedb_register;
GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::storedb TO storedb_register;
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::storedb_staging TO storedb_register;
GRANT CREATE TABLE TO storedb_register;`;

async function makeSide(address: ServerAddress, name: string, tables: readonly ShopTable[]) {
  const master = await connectTo(address, 'master');
  await master.batch(`CREATE DATABASE [${name}]`);
  await master.close();
  const session = await connectTo(address, name);
  for (const schema of ['storedb', 'storedb_staging']) await session.batch(`CREATE SCHEMA ${schema}`);
  for (const { create } of metadataTables) await session.batch(create);
  for (const { create } of tables) await session.batch(create);
  const shapes = await readTableShapes(session, signal);
  for (const [order, table] of tables.entries()) {
    const { table: tracking, index, trigger, triggerHash } = trackingStatements(shapeIn(shapes, table.name));
    for (const text of [tracking, index, trigger]) await session.batch(text);
    await session.batch(`INSERT INTO storedb.SyncTable (TableName, ScopeName, ScopeOrder, TableOrder, Direction, FrequencySeconds, TriggerHash, ProvisionedUtc)
VALUES (N'${table.name}', N'${table.name}', ${order + 1}, 1, N'${table.direction}', 60, '${triggerHash}', GETUTCDATE())`);
  }
  return session;
}

export function shapeIn(shapes: ReadonlyMap<string, TableShape>, name: string): TableShape {
  const shape = shapes.get(name.toLowerCase());
  if (shape === undefined) throw new Error(`${name} is missing.`);
  return shape;
}

const replica = (localId: number, id: string, kind: string, registerId: string): string =>
  `INSERT INTO storedb.Replica (LocalId, ReplicaId, Kind, StoreId, RegisterId, DataAreaId, Machine, DatabaseName, Epoch, CreatedUtc)
VALUES (${localId}, '${id}', N'${kind}', N'HOUSTON', N'${registerId}', N'usrt', N'BENCH', N'${kind === 'store' ? 'Store' : 'Register'}', 1, GETUTCDATE());\n`;

/** What the log of the synchronisation needs. */
const storeTables = `CREATE TABLE dbo.RETAILOFFLINESCOPE (RECID bigint NOT NULL PRIMARY KEY, DESCRIPTION nvarchar(256) NOT NULL UNIQUE, LASTSYNCTIME datetime NOT NULL DEFAULT ('19000101'));
CREATE TABLE dbo.RETAILOFFLINESYNCLOG (RECID bigint NOT NULL, LOGTIME datetime NOT NULL DEFAULT ('19000101'), SCOPEID bigint NOT NULL DEFAULT (0),
TOTALDOWNLOADED int NOT NULL DEFAULT (0), TOTALDOWNLOADEDOK int NOT NULL DEFAULT (0), TOTALDOWNLOADEDERR int NOT NULL DEFAULT (0),
TOTALUPLOADED int NOT NULL DEFAULT (0), TOTALUPLOADEDOK int NOT NULL DEFAULT (0), TOTALUPLOADEDERR int NOT NULL DEFAULT (0),
SYNCSTARTTIME datetime NOT NULL, SYNCSTOPTIME datetime NOT NULL, TERMINAL nvarchar(10) NOT NULL DEFAULT (''),
REPLICATIONCOUNTER int IDENTITY(1, 1) NOT NULL PRIMARY KEY)`;

const targetIn = ({ server, user, password }: ServerAddress, database: string) => ({
  ...{ server, database, encryption: 'trust' as const },
  signIn: { kind: 'sql', user, password: new Secret(password) } as const,
});

export const connectTo = (address: ServerAddress, database: string): Promise<DriverSession> =>
  benchServers.connect(targetIn(address, database));

export const syncInput = (
  address: ServerAddress,
  servers: SyncInput['servers'] = benchServers,
): SyncInput => ({
  servers,
  store: targetIn(address, 'Store'),
  offline: targetIn(address, 'Register'),
  ids: { storeId: 'HOUSTON', registerId: 'R1', dataAreaId: 'usrt' },
  clock: systemClock,
  host: 'BENCH',
});

/** Runs one cycle to its end; a bench of one that fails says nothing. */
export async function cycle(link: SyncLink): Promise<CycleResult> {
  const events = runCycle(link, { logsIdle: false }, signal);
  for (;;) {
    const step = await events.next();
    if (step.done !== true) continue;
    const { outcome, findings, scopes } = step.value;
    if (outcome !== 'done')
      throw new Error(JSON.stringify([outcome, findings, scopes.map((scope) => scope.findings)]));
    return step.value;
  }
}

/** One cycle over a link of its own: how many rows came. */
export async function cycleOnce(address: ServerAddress): Promise<number> {
  const link = await openSync(syncInput(address), signal);
  try {
    const { scopes } = await cycle(link);
    return scopes.reduce((sum, { downloaded, uploaded }) => sum + downloaded.total + uploaded.total, 0);
  } finally {
    await link.close();
  }
}
