import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../../src/core/plan/index.ts';
import { Secret } from '../../../../src/core/secret.ts';
import type { MssqlServers } from '../../../../src/core/sql/connect.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import type { SqlRow } from '../../../../src/core/sql/session.ts';
import type {
  CycleOptions,
  CycleResult,
  SyncEvent,
  SyncInput,
  SyncLink,
} from '../../../../src/core/sync/index.ts';
import { openSync, runCycle } from '../../../../src/core/sync/index.ts';
import { realServers, type TestServer } from '../../plan/store-runs.ts';
import { dropSides, makeSide, type Side } from '../window/databases.ts';

/** A store and its registers with three scopes, as a set-up leaves them, but of a handful of tables. */
export type Shop = {
  readonly store: Side;
  readonly registers: ReadonlyMap<string, Side>;
  readonly register: Side;
  input(registerId?: string, change?: Partial<SyncInput>): SyncInput;
  addRegister(registerId: string): Promise<Side>;
  drop(): Promise<void>;
};

const tables = [
  `CREATE TABLE dbo.SALES (ID nvarchar(20) NOT NULL CONSTRAINT PK_SALES PRIMARY KEY, TOTAL numeric(32, 16) NULL)`,
  `CREATE TABLE dbo.SALESLINES (ID nvarchar(20) NOT NULL, LINE int NOT NULL, ITEM nvarchar(20) NULL, CONSTRAINT PK_SALESLINES PRIMARY KEY (ID, LINE))`,
  `CREATE TABLE dbo.SHIFTS (ID nvarchar(20) NOT NULL CONSTRAINT PK_SHIFTS PRIMARY KEY, STATUS nvarchar(20) NULL)`,
  `CREATE TABLE dbo.PRICES (ITEM nvarchar(20) NOT NULL CONSTRAINT PK_PRICES PRIMARY KEY, AMOUNT numeric(32, 16) NULL)`,
];
const logTables = [
  `CREATE TABLE dbo.RETAILOFFLINESCOPE (RECID bigint NOT NULL PRIMARY KEY, DESCRIPTION nvarchar(256) NOT NULL UNIQUE, LASTSYNCTIME datetime NOT NULL DEFAULT ('19000101'))`,
  `INSERT INTO dbo.RETAILOFFLINESCOPE (RECID, DESCRIPTION) VALUES (11, N'Sales'), (12, N'Shifts'), (13, N'Prices')`,
  `CREATE TABLE dbo.RETAILOFFLINESYNCLOG (RECID bigint NOT NULL, LOGTIME datetime NOT NULL DEFAULT ('19000101'), SCOPEID bigint NOT NULL DEFAULT (0),
TOTALDOWNLOADED int NOT NULL DEFAULT (0), TOTALDOWNLOADEDOK int NOT NULL DEFAULT (0), TOTALDOWNLOADEDERR int NOT NULL DEFAULT (0),
TOTALUPLOADED int NOT NULL DEFAULT (0), TOTALUPLOADEDOK int NOT NULL DEFAULT (0), TOTALUPLOADEDERR int NOT NULL DEFAULT (0),
SYNCSTARTTIME datetime NOT NULL, SYNCSTOPTIME datetime NOT NULL, TERMINAL nvarchar(10) NOT NULL DEFAULT (''),
REPLICATIONCOUNTER int IDENTITY(1, 1) NOT NULL PRIMARY KEY)`,
];
const scopes = `UPDATE storedb.SyncTable SET ScopeName = N'Sales', ScopeOrder = 1, TableOrder = 1, Direction = N'upload' WHERE TableName = N'SALES';
UPDATE storedb.SyncTable SET ScopeName = N'Sales', ScopeOrder = 1, TableOrder = 2, Direction = N'upload' WHERE TableName = N'SALESLINES';
UPDATE storedb.SyncTable SET ScopeName = N'Shifts', ScopeOrder = 2, Direction = N'bidirectional' WHERE TableName = N'SHIFTS';
UPDATE storedb.SyncTable SET ScopeName = N'Prices', ScopeOrder = 3, Direction = N'download' WHERE TableName = N'PRICES';`;

const columns =
  'LocalId, ReplicaId, Kind, StoreId, RegisterId, DataAreaId, Machine, DatabaseName, Epoch, CreatedUtc';
const replica = (localId: string, id: string, kind: string, registerId: string, database: string) =>
  `INSERT INTO storedb.Replica (${columns}) SELECT ${localId}, '${id}', N'${kind}', N'HOUSTON', N'${registerId}', N'usrt', N'REG-1', N'${database}', 1, GETUTCDATE();`;
const nextId = '(SELECT ISNULL(MAX(LocalId), 1) + 1 FROM storedb.Replica)';

export async function makeShop(server: TestServer): Promise<Shop> {
  const store = await makeSide(server, tables);
  for (const text of [...logTables, scopes]) await store.session.batch(text);
  const storeId = randomUUID();
  await store.session.batch(replica('1', storeId, 'store', '', store.name));
  const registers = new Map<string, Side>();
  const addRegister = async (registerId: string): Promise<Side> => {
    const side = await makeSide(server, tables);
    const id = randomUUID();
    await side.session.batch(
      `${scopes}\n${replica('1', id, 'offline', registerId, side.name)}\n${replica('2', storeId, 'store', '', store.name)}`,
    );
    await store.session.batch(
      `UPDATE storedb.Replica SET RetiredUtc = GETUTCDATE() WHERE RegisterId = N'${registerId}';\n${replica(nextId, id, 'offline', registerId, side.name)}`,
    );
    registers.set(registerId, side);
    made.push(side);
    return side;
  };
  const made: Side[] = [store];
  const register = await addRegister('R1');
  const target = (database: string) => ({
    server: server.server,
    database,
    signIn: { kind: 'sql', user: server.user, password: new Secret(server.password) } as const,
    encryption: 'trust' as const,
  });
  return {
    store,
    registers,
    register,
    addRegister,
    input: (registerId = 'R1', change = {}) => ({
      servers: realServers(),
      store: target(store.name),
      offline: target(registers.get(registerId)!.name),
      ids: { storeId: 'HOUSTON', registerId, dataAreaId: 'usrt' },
      clock: { ...systemClock, sleep: async () => undefined },
      host: 'REG-1',
      ...change,
    }),
    drop: () => dropSides(server, made),
  };
}

export type Ran = { readonly events: readonly SyncEvent[]; readonly result: CycleResult };

/** A cycle over a link that stays open. */
export async function runOn(
  link: SyncLink,
  options: CycleOptions = { logsIdle: false },
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const events: SyncEvent[] = [];
  const running = runCycle(link, options, signal);
  for (;;) {
    const step = await running.next();
    if (step.done === true) return { events, result: step.value };
    events.push(step.value);
  }
}

/** A cycle over a link of its own, as `storedb sync once` runs it. */
export async function once(input: SyncInput, options: CycleOptions = { logsIdle: true }): Promise<Ran> {
  const link = await openSync(input, new AbortController().signal);
  try {
    return await runOn(link, options);
  } finally {
    await link.close();
  }
}

/** Each scope's counts, as "up/down" with "!" for parked rows: what a test compares at a glance. */
export const moved = ({ result }: Ran) =>
  Object.fromEntries(
    result.scopes.map(({ scope, uploaded, downloaded }) => [
      scope,
      `${uploaded.total}/${downloaded.total}${uploaded.parked + downloaded.parked > 0 ? '!' : ''}`,
    ]),
  );

export const codes = ({ result }: Ran) => [
  ...result.findings.map(({ code }) => code),
  ...result.scopes.flatMap(({ findings }) => findings.map(({ code }) => code)),
];

export const rowsOf = async ({ session }: Side, table: string) =>
  (await session.query(`SELECT * FROM dbo.${table} ORDER BY 1, 2`)) as readonly Record<string, unknown>[];

export const logOf = ({ session }: Side) =>
  session.query<{ scope: number; down: string; up: string }>(
    `SELECT CAST(SCOPEID AS int) AS scope, CAST(TOTALDOWNLOADED AS varchar(9)) + '=' + CAST(TOTALDOWNLOADEDOK AS varchar(9)) + '+' + CAST(TOTALDOWNLOADEDERR AS varchar(9)) AS down,
CAST(TOTALUPLOADED AS varchar(9)) + '=' + CAST(TOTALUPLOADEDOK AS varchar(9)) + '+' + CAST(TOTALUPLOADEDERR AS varchar(9)) AS up FROM dbo.RETAILOFFLINESYNCLOG ORDER BY REPLICATIONCOUNTER`,
  );

/** Servers that tell every trip of a session before it goes out, by its database; what is thrown then is the answer. */
export function watchedServers(
  servers: MssqlServers,
  onTrip: (database: string, text: string, session: DriverSession) => void | Promise<void>,
): MssqlServers {
  return {
    async connect(target, signal) {
      const session = await servers.connect(target, signal);
      const database = target.database ?? 'master';
      const told =
        <Input extends readonly unknown[], Answer>(send: (...input: Input) => Promise<Answer>) =>
        async (...input: Input) => {
          await onTrip(database, typeof input[0] === 'string' ? input[0] : 'driver', session);
          return send(...input);
        };
      return {
        query: told(session.query) as DriverSession['query'],
        queries: told(session.queries),
        batch: told(session.batch),
        withDriver: told(
          session.withDriver as (...input: unknown[]) => Promise<unknown>,
        ) as DriverSession['withDriver'],
        get isLost() {
          return session.isLost;
        },
        close: () => session.close(),
      };
    },
  };
}

/** Counts the trips of sessions by database. */
export function countingServers(servers: MssqlServers) {
  const trips = new Map<string, number>();
  const texts: string[] = [];
  const counted = watchedServers(servers, (database, text) => {
    trips.set(database, (trips.get(database) ?? 0) + 1);
    texts.push(text);
  });
  return { servers: counted, trips, texts };
}

/** Servers whose answers are changed on the way: what a server of another kind or size would say. */
export function answeringServers(
  servers: MssqlServers,
  change: (rows: readonly SqlRow[], database: string) => readonly SqlRow[],
): MssqlServers {
  return {
    async connect(target, signal) {
      const session = await servers.connect(target, signal);
      const database = target.database ?? 'master';
      return {
        query: (async (...input: Parameters<DriverSession['query']>) =>
          change(await session.query(...input), database)) as DriverSession['query'],
        queries: async (...input) => (await session.queries(...input)).map((rows) => change(rows, database)),
        batch: (...input) => session.batch(...input),
        withDriver: (...input) => session.withDriver(...input),
        get isLost() {
          return session.isLost;
        },
        close: () => session.close(),
      };
    },
  };
}
