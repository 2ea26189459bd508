import { type Job, parseJobs } from '../../../src/core/distribute/job.ts';
import { openPack } from '../../../src/core/distribute/pack/open-pack.ts';
import type { SetupInput } from '../../../src/core/plan/index.ts';
import { loadPack } from '../../../src/core/schema/index.ts';
import type { MssqlServers } from '../../../src/core/sql/connect.ts';
import { inputFor, runToEnd, type TestServer, withSession } from '../plan/store-runs.ts';
import { listOf, packInMemory } from '../schema/packs.ts';

/** A store database with few tables: of a company and shared, with a foreign key and every kind of type. */
const script = `CREATE TABLE dbo.POSISINFO (ID nvarchar(10) NOT NULL CONSTRAINT PK_POSISINFO PRIMARY KEY, [TEXT] nvarchar(50) NULL);
GO
CREATE TABLE dbo.ITEMS (DATAAREAID nvarchar(4) NOT NULL, ITEMID nvarchar(10) NOT NULL, NAME nvarchar(10) NOT NULL,
  PRICE numeric(32, 16) NOT NULL, QTY int NULL, SOLD datetime NULL, PICTURE varbinary(max) NULL, NOTE nvarchar(max) NULL,
  SERIAL bigint NULL, TOKEN uniqueidentifier NULL, STAMP datetime2(7) NULL, ACTIVE bit NULL, AMOUNT money NULL,
  COUNTER int IDENTITY(1, 1) NOT NULL, VERSIONED rowversion NOT NULL,
  CONSTRAINT PK_ITEMS PRIMARY KEY (DATAAREAID, ITEMID));
GO
CREATE TABLE dbo.LINES (RECID bigint NOT NULL CONSTRAINT PK_LINES PRIMARY KEY, DATAAREAID nvarchar(4) NOT NULL, ITEMID nvarchar(10) NOT NULL,
  CONSTRAINT FK_LINES_ITEMS FOREIGN KEY (DATAAREAID, ITEMID) REFERENCES dbo.ITEMS (DATAAREAID, ITEMID));
GO
CREATE TABLE dbo.RATES (CODE nvarchar(3) NOT NULL CONSTRAINT PK_RATES PRIMARY KEY, RATE numeric(28, 12) NOT NULL);
GO
CREATE TABLE dbo.EXTRAS (DATAAREAID nvarchar(4) NOT NULL, ID int NOT NULL, TXT nvarchar(20) NULL, CONSTRAINT PK_EXTRAS PRIMARY KEY (ID, DATAAREAID));
`;

const schema = await loadPack(
  'x',
  packInMemory({ 'POSISUPGRADES.xml': listOf(['6.2.0.0', 'base.sql']), 'base.sql': script }),
);

/** The line first in the list, so that only the foreign key can say which comes first. */
export const smallJobs: readonly Job[] = parseJobs(`version: 1
jobs:
  - { id: N-1, name: Items, kind: N, required: always, essential: [ITEMS], tables: [LINES, ITEMS] }
  - { id: N-2, name: Rates, kind: N, required: always, essential: [RATES], tables: [RATES] }
  - { id: A-3, name: Extras, kind: A, required: loyalty, essential: [EXTRAS], tables: [EXTRAS] }
`);

export function smallStore(server: TestServer, database: string, servers?: MssqlServers): SetupInput {
  const input = inputFor(
    server,
    database,
    { ...schema, name: 'builtin' },
    {
      storeId: database.slice(-10),
      ...(servers === undefined ? {} : { servers }),
    },
  );
  return { ...input, jobs: smallJobs };
}

export async function makeStore(server: TestServer, database: string): Promise<void> {
  const { last } = await runToEnd(smallStore(server, database));
  if (last.exit !== 'done') throw new Error(last.summary);
}

/** Loads a pack; gives the last event and what was told. */
export async function loadInto(
  input: SetupInput,
  path: string,
  jobs?: readonly string[],
  signal?: AbortSignal,
) {
  const pack = await openPack(path);
  const { last, warnings } = await runToEnd(
    { ...input, initialData: { pack, jobs }, isDistribution: true },
    signal,
  );
  return { exit: last.exit, failure: last.failure, told: warnings.map(({ message }) => message).join('\n') };
}

const tables = ['ITEMS', 'LINES', 'RATES', 'EXTRAS'] as const;

/** All rows of the database by value, without what the server counts itself. */
export function rowsOf(server: TestServer, database: string) {
  return withSession(server, database, async (session) => {
    const found: Record<string, unknown> = {};
    for (const table of tables) {
      const rows = await session.query(`SELECT * FROM dbo.${table} ORDER BY 1, 2`);
      found[table] = rows.map(({ COUNTER: _, VERSIONED: __, ...row }) => row);
    }
    return found;
  });
}
