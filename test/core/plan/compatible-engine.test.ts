import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compatibleServers } from './compatible-servers.ts';
import { inputFor, realServers, runToEnd, type TestServer, testPack } from './store-runs.ts';
import { startTestServer } from './test-server.ts';

let server: TestServer & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

describe.runIf(process.env.STOREDB_TEST_SERVER === undefined)('on an engine that lacks features', () => {
  it.each([
    ['options of a database', [/\bALTER DATABASE\b/i]],
    ['grants for a whole database', [/\bGRANT EXECUTE\b/i]],
    ['members of roles', [/\bsp_addrolemember\b/i]],
    ['views about disks and locks', [/dm_os_volume_stats|dm_tran_locks/i]],
    [
      'all of them',
      [
        /\bALTER DATABASE\b/i,
        /\bGRANT EXECUTE\b/i,
        /\bsp_addrolemember\b/i,
        /dm_os_volume_stats|dm_tran_locks/i,
      ],
    ],
  ])('such as %s a run ends well with warnings, and the second has nothing to do', async (what, lacks) => {
    const servers = compatibleServers(realServers(), lacks);
    const database = `Compatible ${what}`;
    const input = inputFor(server, database, await testPack(), { servers, storeId: what.slice(0, 10) });

    const first = await runToEnd(input);
    expect(first.last).toMatchObject({ exit: 'done' });
    expect(first.warnings.length).toBeGreaterThan(0);
    expect(first.last.summary).toMatch(/warning/);

    const second = await runToEnd(input);
    expect(second.last).toMatchObject({ exit: 'done', summary: expect.stringMatching(/^Nothing to do/) });
    expect(second.last.summary).toMatch(/warning/);
  });
});
