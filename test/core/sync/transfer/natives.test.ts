import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { nativesOf } from '../../../../src/core/sync/transfer/natives.ts';
import { realServers } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let session: DriverSession;
const signal = new AbortController().signal;
beforeAll(async () => {
  server = await startTestServer();
  session = (await realServers().connect({
    server: server.server,
    signIn: { kind: 'sql', user: server.user, password: new Secret(server.password) },
    encryption: 'trust',
  })) as DriverSession;
});
afterAll(async () => {
  await session.close();
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
