import type { SqlSession } from '../../../src/core/sql/session.ts';

/** Two key columns, a moment, a long number, 8 amounts, 10 texts, 4 small numbers: 26 columns, as a line of a sale has. */
const amounts = Array.from({ length: 8 }, (_, index) => `AMOUNT${index}`);
const texts = Array.from({ length: 10 }, (_, index) => `TEXT${index}`);
const numbers = Array.from({ length: 4 }, (_, index) => `NUMBER${index}`);

export const createSales = (name: string): string => `CREATE TABLE dbo.[${name}] (
  TRANSACTIONID nvarchar(44) NOT NULL, LINENUM int NOT NULL, CREATEDDATETIME datetime NOT NULL, RECORD bigint NOT NULL,
  ${amounts.map((column) => `${column} numeric(32, 16) NOT NULL`).join(', ')},
  ${texts.map((column) => `${column} nvarchar(20) NOT NULL`).join(', ')},
  ${numbers.map((column) => `${column} int NOT NULL`).join(', ')},
  CONSTRAINT [PK_${name}] PRIMARY KEY CLUSTERED (TRANSACTIONID, LINENUM))`;

/** Fills the table by doubling it; every row differs from the others in most of its columns. */
export async function fillSales(session: SqlSession, name: string, rows: number): Promise<void> {
  await session.batch('CREATE TABLE #N (N int NOT NULL PRIMARY KEY); INSERT INTO #N VALUES (0);');
  for (let count = 1; count < rows; count *= 2)
    await session.batch(`INSERT INTO #N SELECT N + ${count} FROM #N WHERE N + ${count} < ${rows}`);
  await session.batch(`INSERT INTO dbo.[${name}] SELECT N'HOUSTON-' + RIGHT(N'000000000' + CAST(N / 4 AS nvarchar(10)), 10), N % 4,
  DATEADD(second, N, '20120101'), CAST(N AS bigint) * 5637144576,
  ${amounts.map((_, index) => `CAST(N AS numeric(32, 16)) * 1.${index}7 + 1844.68`).join(', ')},
  ${texts.map((_, index) => `N'Article ' + CAST(N % ${1000 + index} AS nvarchar(10))`).join(', ')},
  ${numbers.map((_, index) => `N % ${10 ** (index + 1)}`).join(', ')} FROM #N;
DROP TABLE #N;`);
}
