import { describe, expect, test } from 'vitest';
import { type Finding, prepareLinter } from './tsql-lint/linter.ts';
import { recordedStatements, shippedBatches } from './tsql-lint/statements.ts';

const linter = await prepareLinter();

async function findings(...batches: readonly string[]): Promise<readonly Finding[]> {
  if (linter.kind !== 'ready') throw new Error(linter.reason);
  return await linter.check(batches.map((sql) => ({ file: sql, line: 1, sql })));
}

describe.skipIf(linter.kind === 'unavailable')("Microsoft's parser", () => {
  test('accepts every batch of sql/ as SQL Server 2008 R2 would', async () => {
    const batches = await shippedBatches();
    expect(batches.length).toBeGreaterThan(171);
    expect(linter.kind === 'ready' && (await linter.check(batches))).toEqual([]);
  });

  test('accepts what SQL Server 2008 R2 knows', async () => {
    expect(
      await findings(
        'MERGE t USING s ON t.a = s.a WHEN MATCHED THEN DELETE;',
        "SELECT ROW_NUMBER() OVER (ORDER BY a), x.value('(/a)[1]', 'int'), dbo.f(a), LEFT(b, 1), COALESCE(a, 1) FROM t",
        "EXEC sp_addrolemember N'db_datareader', N'register'",
        'DECLARE @a date = SYSDATETIME(); BEGIN TRY SELECT 1 END TRY BEGIN CATCH DECLARE @m nvarchar(100) = ERROR_MESSAGE(); RAISERROR(@m, 16, 1) END CATCH',
        'SELECT * FROM sys.tables JOIN sequences ON 1 = 1 CROSS APPLY sys.dm_os_volume_stats(1, 1)',
        'SELECT MIN_ACTIVE_ROWVERSION()',
      ),
    ).toEqual([]);
  });

  test.each([
    "THROW 50000, N'x', 1",
    'BEGIN TRY SELECT 1 END TRY BEGIN CATCH; THROW; END CATCH',
    'SELECT IIF(a = 1, 2, 3) FROM t',
    "SELECT CONCAT(N'a', N'b')",
    "SELECT FORMAT(1, N'N')",
    'SELECT TRY_CAST(a AS int) FROM t',
    'SELECT TRY_CONVERT(int, a) FROM t',
    'SELECT CHOOSE(1, a, b) FROM t',
    'SELECT EOMONTH(a) FROM t',
    'SELECT DATEFROMPARTS(2012, 1, 1)',
    "SELECT STRING_AGG(a, N',') FROM t",
    "SELECT SESSION_CONTEXT(N'a')",
    "EXEC sp_set_session_context N'a', 1",
    'SELECT LAG(a) OVER (ORDER BY b) FROM t',
    'SELECT LEAD(a) OVER (ORDER BY b) FROM t',
    'SELECT SUM(a) OVER (ORDER BY b) FROM t',
    "SELECT value FROM STRING_SPLIT(N'a', N',')",
    "SELECT HASHBYTES('SHA2_256', N'a')",
    'SELECT a FROM t ORDER BY a OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY',
    'DROP TABLE IF EXISTS t',
    'CREATE OR ALTER PROCEDURE p AS SELECT 1',
    'ALTER ROLE r ADD MEMBER m',
    'CREATE TABLE t (a int, INDEX i (a))',
    'SELECT * FROM sys.sequences',
    "EXEC(N'SELECT CHOOSE(1, 2)')",
    "EXEC sp_executesql N'THROW'",
  ])('refuses what came later: %s', async (sql) => {
    const found = await findings(sql);
    expect(found).not.toEqual([]);
    expect(found.every((finding) => finding.file === sql && finding.line === 1)).toBe(true);
  });

  test('names the place in the file, not in the batch', async () => {
    const sql = "SELECT a\nFROM t\nWHERE CONCAT(a, b) = N'é'";
    const found = linter.kind === 'ready' && (await linter.check([{ file: 'a.sql', line: 10, sql }]));
    expect(found).toEqual([
      {
        file: 'a.sql',
        line: 12,
        column: 7,
        number: 0,
        message: 'the function CONCAT is not in SQL Server 2008 R2',
      },
    ]);
  });

  test('reads names in double quotes as the session does', async () => {
    if (linter.kind !== 'ready') throw new Error(linter.reason);
    const batch = { file: 'a.sql', line: 1, sql: 'SELECT 1 AS a FROM "t"' };
    expect(await linter.check([batch])).toEqual([]);
    expect(await linter.check([{ ...batch, quotedIdentifier: false }])).not.toEqual([]);
  });
});

test('without an SDK the check says so instead of failing', async () => {
  expect(await prepareLinter({ PATH: '/nowhere' })).toEqual({
    kind: 'unavailable',
    reason: 'no .NET SDK',
  });
});

test('of a recording only what storedb sent is checked, each text once', () => {
  const lines = [
    { application: 'storedb', sql: 'SELECT 1' },
    { application: 'node-mssql', sql: 'SELECT IIF(1, 2, 3)' },
    { application: 'storedb', sql: 'SELECT 1' },
    { application: 'storedb sync', sql: 'SELECT\n  2' },
  ];
  const recording = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  expect(recordedStatements(recording)).toEqual([
    { file: 'sent: SELECT 1', line: 1, sql: 'SELECT 1' },
    { file: 'sent: SELECT 2', line: 1, sql: 'SELECT\n  2' },
  ]);
});
