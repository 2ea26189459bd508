import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startPracticeServer } from '../../src/practice/index.ts';
import { selfSigned } from '../../src/practice/tds/certificate.ts';
import { prepareSqlClient } from './sqlclient/sqlclient.ts';

const client = await prepareSqlClient();
const reason = client.kind === 'unavailable' ? `, which cannot be had here: ${client.reason}` : '';

describe.skipIf(client.kind === 'unavailable')(`Microsoft.Data.SqlClient${reason}`, () => {
  test('logs in, asks, loads, cancels and fails as on SQL Server', { timeout: 240_000 }, async () => {
    if (client.kind !== 'ready') throw new Error(client.reason);
    const folder = await mkdtemp(join(tmpdir(), 'storedb-client-'));
    const problems: string[] = [];
    const tls = selfSigned();
    const server = await startPracticeServer({
      wire: { tls, onProblem: (problem) => problems.push(problem.message) },
    });
    try {
      const certificate = join(folder, 'server.pem');
      await writeFile(certificate, tls.certificate);
      const checks = await client.check({ ...server, certificate });
      expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThan(20);
      // The client that distrusts the certificate says so with an alert; nothing else went wrong on the wire.
      expect(problems.filter((problem) => !/alert|certificate/.test(problem))).toEqual([]);
    } finally {
      await server.close();
      await rm(folder, { recursive: true });
    }
  });
});
