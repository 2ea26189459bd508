import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/core/plan/index.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { openSync, runCycle } from '../../../../src/core/sync/index.ts';
import { type PracticeServer, startPracticeServer } from '../../../../src/practice/index.ts';
import { withSession } from '../../plan/store-runs.ts';
import { introduce, makeDatabase } from './databases.ts';
import { idsOf } from './small-shop.ts';
import { WatchedServers } from './watched-servers.ts';

let folder: string;
let server: PracticeServer;
const password = 'Trainer-1';
const start = (port = 0) =>
  startPracticeServer({
    port,
    password,
    dataFile: join(folder, 'shop.sdb'),
  });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storedb-restart-'));
  server = await start();
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const place = (database: string) =>
  ({
    server: server.server,
    database,
    signIn: { kind: 'sql', user: server.user, password: new Secret(password) },
    encryption: 'trust',
  }) as const;
const run = (database: string, sql: string) =>
  withSession(server, database, async (session) => session.query<{ n: number }>(sql));

test('a server that stops in the middle of a cycle and comes back from its file has everything once', async () => {
  await makeDatabase(place('store'), { role: 'store', snapshots: 'always', isAudited: false });
  await makeDatabase(place('r1'), { role: 'offline', snapshots: 'none', isAudited: false });
  await introduce(place('store'), place('r1'), idsOf('r1'));
  const { signal } = new AbortController();
  const cycle = async (stopAt: number | undefined) => {
    const servers = new WatchedServers();
    servers.before = async (call) => {
      if (call !== stopAt) return;
      const { port } = server;
      await server.close();
      server = await start(port);
    };
    const link = await openSync(
      {
        servers,
        store: place('store'),
        offline: place('r1'),
        ids: idsOf('r1'),
        host: 'r1',
        clock: systemClock,
      },
      signal,
    );
    const events = runCycle(link, { logsIdle: true }, signal);
    let next = await events.next();
    while (next.done !== true) next = await events.next();
    await link.close();
    return next.value.outcome;
  };
  for (const [index, stopAt] of [12, 30, 50].entries()) {
    const nr = index + 1;
    await run(
      'r1',
      `INSERT INTO dbo.SALE (TERMINAL, NR, CODE, LINES) VALUES (N'R1', ${nr}, N'${nr}', 1); INSERT INTO dbo.SALELINE (TERMINAL, NR, LINE) VALUES (N'R1', ${nr}, 1);`,
    );
    await run('store', `INSERT INTO dbo.ITEM (ITEMID, CODE) VALUES (N'I${nr}', N'${nr}')`);
    await cycle(stopAt);
    expect(await cycle(undefined)).toBe('done');
    expect(await run('store', 'SELECT COUNT(*) AS n FROM dbo.SALE')).toEqual([{ n: nr }]);
    expect(await run('store', 'SELECT COUNT(*) AS n FROM dbo.SALELINE')).toEqual([{ n: nr }]);
    expect(await run('r1', 'SELECT COUNT(*) AS n FROM dbo.ITEM')).toEqual([{ n: nr }]);
  }
  expect(await run('store', 'SELECT COUNT(*) AS n FROM storedb.Conflict')).toEqual([{ n: 0 }]);
});
