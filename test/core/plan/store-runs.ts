import type { Answers } from '../../../src/core/answers/answers.ts';
import type { RunEvent } from '../../../src/core/plan/index.ts';
import { type ApplyInput, runApply, systemClock } from '../../../src/core/plan/index.ts';
import type { PosFiles } from '../../../src/core/pos/pos-files.ts';
import { loadPack, type SchemaPack } from '../../../src/core/schema/index.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createSqlServers, type MssqlServers } from '../../../src/core/sql/connect.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import type { SqlSession } from '../../../src/core/sql/session.ts';
import { listOf, packInMemory } from '../schema/packs.ts';

/** Whole runs against a server that answers over the wire. */

export type TestServer = { readonly server: string; readonly user: string; readonly password: string };

export const realServers = (): MssqlServers =>
  createSqlServers({ pins: memoryPins(), appName: 'storedb test', connectTimeoutMs: 15_000 });

export const noPosFiles: PosFiles = {
  findConfig: async () => undefined,
  read: async () => undefined,
  replace: async () => '',
};

/** Two versions, a script with several batches, one without a transaction, and the table of the version. */
const files = {
  'base.sql': `CREATE TABLE dbo.POSISINFO (ID nvarchar(10) NOT NULL CONSTRAINT PK_POSISINFO PRIMARY KEY, [TEXT] nvarchar(50) NULL);
GO
CREATE TABLE dbo.SALES (RECID bigint NOT NULL CONSTRAINT PK_SALES PRIMARY KEY, AMOUNT numeric(32, 16) NULL);
GO
INSERT INTO dbo.SALES (RECID, AMOUNT) VALUES (1, 12.5);
`,
  'items.sql': 'CREATE TABLE dbo.ITEMS (ITEMID nvarchar(20) NOT NULL CONSTRAINT PK_ITEMS PRIMARY KEY);\n',
  'prices.sql': `-- tx: off
IF OBJECT_ID(N'dbo.PRICES') IS NULL CREATE TABLE dbo.PRICES (ITEMID nvarchar(20) NOT NULL CONSTRAINT PK_PRICES PRIMARY KEY);
GO
IF OBJECT_ID(N'dbo.DISCOUNTS') IS NULL CREATE TABLE dbo.DISCOUNTS (ITEMID nvarchar(20) NOT NULL CONSTRAINT PK_DISCOUNTS PRIMARY KEY);
`,
};
const rows = [
  ['6.2.0.0', 'base.sql'],
  ['6.2.0.0', 'items.sql'],
  ['6.2.10.0', 'prices.sql'],
] as const;

/** The first `versions` versions of the test's pack, with changed or added files. */
export async function testPack(
  options: {
    readonly scripts?: number;
    readonly changed?: Readonly<Record<string, string>>;
    readonly name?: string;
  } = {},
): Promise<SchemaPack> {
  const listed = rows.slice(0, options.scripts ?? rows.length);
  const list = listOf(...listed);
  const pack = await loadPack('x', packInMemory({ 'POSISUPGRADES.xml': list, ...files, ...options.changed }));
  return { ...pack, name: options.name ?? 'builtin' };
}

export function inputFor(
  server: TestServer,
  database: string,
  pack: SchemaPack,
  change: { readonly servers?: MssqlServers; readonly storeId?: string } = {},
): ApplyInput {
  const answers: Answers = {
    version: 1,
    task: 'store-database',
    identification: { storeId: change.storeId, dataAreaId: 'usrt' },
    storeDatabase: {
      server: server.server,
      name: database,
      auth: { kind: 'sql', user: server.user, password: 'env:P' },
    },
    options: {
      encryption: 'trust',
      schemaPack: 'builtin',
      offlineProfile: 'Default pr.',
      startService: true,
      replaceRegister: false,
    },
  };
  return {
    answers,
    servers: change.servers ?? realServers(),
    profiles: [],
    jobs: [],
    posFiles: noPosFiles,
    storeSignIn: { kind: 'sql', user: server.user, password: new Secret(server.password) },
    pack,
    clock: { ...systemClock, sleep: async () => undefined },
    operator: { host: 'TESTPC', osUser: 'tester', toolVersion: '1.0.0' },
  };
}

export async function runToEnd(
  input: ApplyInput,
  signal = new AbortController().signal,
  onEvent?: (event: RunEvent) => void,
) {
  const events: RunEvent[] = [];
  for await (const event of runApply(input, signal)) {
    events.push(event);
    onEvent?.(event);
  }
  const last = events.at(-1);
  if (last?.kind !== 'run-finished') throw new Error('A run ends with run-finished.');
  const warnings = events.flatMap((event) => ('finding' in event && event.finding ? [event.finding] : []));
  return { events, last, warnings };
}

export async function withSession<Value>(
  server: TestServer,
  database: string | undefined,
  work: (session: SqlSession) => Promise<Value>,
): Promise<Value> {
  const session = await realServers().connect({
    server: server.server,
    ...(database !== undefined && { database }),
    signIn: { kind: 'sql', user: server.user, password: new Secret(server.password) },
    encryption: 'trust',
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Everything in the database that a run makes, without what differs from run to run (times, ids). */
export function catalogOf(server: TestServer, database: string) {
  return withSession(server, database, async (session) => {
    const columns = await session.query(
      `SELECT s.name AS [schema], o.name AS [table], c.name AS [column], c.column_id AS place
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id JOIN sys.columns AS c ON c.object_id = o.object_id
WHERE o.type = 'U' ORDER BY s.name, o.name, c.column_id`,
    );
    const members = await session.query(
      `SELECT r.name AS role, m.name AS member FROM sys.database_role_members AS d
JOIN sys.database_principals AS r ON r.principal_id = d.role_principal_id
JOIN sys.database_principals AS m ON m.principal_id = d.member_principal_id
WHERE m.name <> N'dbo' ORDER BY r.name, m.name`,
    );
    const journal = await session.query(
      `SELECT ScriptId AS script, Version AS version FROM storedb.Journal WHERE Outcome IN ('done', 'recorded') ORDER BY ScriptId`,
    );
    const identity = await session.query(
      'SELECT Kind AS kind, StoreId AS store, DataAreaId AS company FROM storedb.DatabaseIdentity',
    );
    const version = await session.query(
      `SELECT [TEXT] AS version FROM dbo.POSISINFO WHERE ID = N'DBVERSION'`,
    );
    const sales = await session.query('SELECT COUNT(*) AS sales FROM dbo.SALES');
    return { columns, members, journal, identity, version, sales };
  });
}
