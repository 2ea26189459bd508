import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import mssql from 'mssql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CAMPAIGN_TIMEOUT, campaign, Random } from '../campaign.ts';
import { attack } from './attack.ts';
import { type Conversation, recordConversations } from './conversations.ts';
import type { ServerReport } from './fuzzed-server.ts';
import { mutatedConversation, noise } from './packet-mutations.ts';

/** Bytes that the server may hold on to after a campaign, everything counted. */
const HEAP_LIMIT = 150 * 1024 * 1024;
const AT_ONCE = 16;

let conversations: readonly Conversation[] = [];
let server: ChildProcess;
let port = 0;
const bugs: string[] = [];

const nextReport = async <Kind extends ServerReport['kind']>(kind: Kind) => {
  for (;;) {
    const [report] = (await once(server, 'message')) as [ServerReport];
    if (report.kind === kind) return report as Extract<ServerReport, { kind: Kind }>;
  }
};

beforeAll(async () => {
  conversations = await recordConversations();
  server = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--max-old-space-size=512',
      fileURLToPath(new URL('./fuzzed-server.ts', import.meta.url)),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  server.on('message', (report: ServerReport) => {
    if (report.kind === 'bug') bugs.push(report.problem);
  });
  ({ port } = await nextReport('listening'));
});

afterAll(async () => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.disconnect();
  await ended;
});

test(
  'a stream that is no conversation ends the connection or is answered well, and never the server',
  async () => {
    const { seed, cases } = campaign('packets', 1_000);
    const problems: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < cases && problems.length < 5 && server.exitCode === null) {
        const index = next++;
        const random = new Random(seed, index);
        const bytes = index % 16 === 0 ? noise(random) : mutatedConversation(random, conversations);
        const problem = await attack(port, bytes, () => random.next());
        if (problem !== undefined) problems.push(`case ${index} of seed ${seed}: ${problem}`);
        if (bugs.length > 0)
          problems.push(`near case ${index} of seed ${seed}: ${bugs.splice(0).join('\n')}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(problems).toEqual([]);
    expect(server.exitCode).toBe(null);
  },
  CAMPAIGN_TIMEOUT,
);

test('afterwards nothing is left over, and a real client is served as ever', async () => {
  await expect
    .poll(async () => {
      server.send('state');
      const { sessions, transactions } = await nextReport('state');
      return { sessions, transactions };
    })
    .toEqual({ sessions: 0, transactions: 0 });
  server.send('state');
  expect((await nextReport('state')).heap).toBeLessThan(HEAP_LIMIT);
  const pool = await new mssql.ConnectionPool({
    server: '127.0.0.1',
    port,
    user: 'sa',
    password: 'Secret-1',
    options: { encrypt: true, trustServerCertificate: true },
  }).connect();
  expect((await pool.request().query('select 1 as one')).recordset).toEqual([{ one: 1 }]);
  await pool.close();
});
