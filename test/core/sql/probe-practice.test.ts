import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { createSqlServers } from '../../../src/core/sql/connect.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import { probeConnection } from '../../../src/core/sql/probe.ts';
import { startTestServer, type TestServer } from '../../practice/server.ts';

describe('a connection test against a server that answers itself', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const probe = async (database: string) => {
    const options = { pins: memoryPins(), appName: 'storedb test', connectTimeoutMs: 15_000 };
    const signIn = { kind: 'sql', user: server.user, password: new Secret(server.password) } as const;
    const target = { server: server.server, database, signIn, encryption: 'trust' } as const;
    const lines: string[] = [];
    for await (const { label, status, message } of probeConnection(target, options)) {
      if (status !== 'working') lines.push(`${label}: ${status}: ${message}`);
    }
    const session = await createSqlServers(options)
      .connect(target)
      .catch(() => undefined);
    await session?.close();
    return { lines, exists: session !== undefined };
  };

  it('finds nothing wrong with a database that the set-up is still to create, and creates nothing', async () => {
    const { lines, exists } = await probe('NotYetThere');
    expect(lines).toContain('Database: ok: NotYetThere does not exist yet');
    expect(lines.filter((line) => line.includes(': failed:'))).toEqual([]);
    expect(exists).toBe(false);
  });

  it('says nothing of a database that is there', async () => {
    const { lines } = await probe('master');
    expect(lines.filter((line) => line.startsWith('Database'))).toEqual([]);
  });
});
