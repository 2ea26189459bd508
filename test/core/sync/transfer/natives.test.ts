import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTableShapes } from '../../../../src/core/offline/tables/read-table-shapes.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { commonColumns, incoming, outgoing } from '../../../../src/core/sync/transfer/columns.ts';
import { nativesOf, plainNatives } from '../../../../src/core/sync/transfer/natives.ts';
import { stageRows } from '../../../../src/core/sync/transfer/stage-rows.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { withoutHook } from './changed-driver.ts';
import { twoDatabases } from './databases.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let databases: Awaited<ReturnType<typeof twoDatabases>>;
let session: DriverSession;
let reader: DriverSession;
const signal = new AbortController().signal;
const shapes = (of: DriverSession) => readTableShapes(of, signal);
beforeAll(async () => {
  server = await startTestServer();
  databases = await twoDatabases(server);
  session = databases.destination;
  reader = await databases.another('destination');
  await session.batch(`CREATE TABLE dbo.T (ID int NOT NULL CONSTRAINT PK_T PRIMARY KEY, AMOUNT numeric(32, 16), AT datetime2(7), NAME nvarchar(9));
INSERT INTO dbo.T VALUES (1, 9999999999999999.9999999999999999, '9999-12-31T23:59:59.9999999', N'x '), (2, NULL, NULL, NULL)`);
});
afterAll(async () => {
  await databases.drop();
  await server.stop();
});

test('the pinned driver still lets the bytes of rows through, and this server takes every type as it is', async () => {
  const { way, types } = await nativesOf(session, signal);
  expect(way).toBe('raw');
  expect([...types].sort()).toEqual(
    'bigint bit date datetime datetime2 datetimeoffset decimal int money numeric smalldatetime smallint smallmoney time tinyint uniqueidentifier'.split(
      ' ',
    ),
  );
});

test('with a driver whose inner workings have changed, rows take the plain way', async () => {
  const changed = withoutHook(session);
  expect(await nativesOf(changed, signal)).toEqual(plainNatives);
  const columns = commonColumns(
    (await shapes(session)).get('t')!,
    (await shapes(session)).get('t')!,
    plainNatives,
  );
  const query = `SELECT CAST(0 AS bit), ${columns.map((column) => outgoing(column, 'b')).join(', ')} FROM dbo.T AS b`;
  const order = { reader, writer: changed, query, staging: '#staged', columns };
  expect(await stageRows(order, signal)).toBe(2);
  expect(
    await session.query(
      `SELECT ${columns.map((column) => `${incoming(column, 's')} AS ${column.name}`).join(', ')} FROM #staged AS s EXCEPT SELECT * FROM dbo.T`,
    ),
  ).toEqual([]);
});
