import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Connection, Request } from 'tedious';
import { batchesOf, type Plan, runApply, systemClock } from '../../src/core/plan/index.ts';
import { loadPack, packFilesOnDisk, type SchemaPack } from '../../src/core/schema/index.ts';
import { Secret } from '../../src/core/secret.ts';
import { createSqlServers } from '../../src/core/sql/connect.ts';
import { memoryPins } from '../../src/core/sql/pins.ts';
import type { Figure } from './main.ts';
import { median } from './median.ts';

const rounds = 11;
type Server = { readonly server: string; readonly user: string; readonly password: string };

/** Creating a store database as `apply` does it, against its own batches on one bare tedious connection, in turns. */
export async function measureCreation([command = '', ...args]: readonly string[]): Promise<
  readonly Figure[]
> {
  const child = spawn(command, [...args, 'practice', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: child.stdout }).once('line', resolve),
    );
    const server = JSON.parse(line) as Server;
    const ours: number[] = [];
    const bare: number[] = [];
    const pack = await loadPack('builtin', packFilesOnDisk(join(import.meta.dirname, '..', '..', 'sql')));
    for (let round = 0; round < rounds; round += 1) {
      const { plan, milliseconds } = await createOurWay(server, `Ours${round}`, pack);
      ours.push(milliseconds);
      bare.push(await createBare(server, `Ours${round}`, `Bare${round}`, plan));
    }
    const ratio = median(ours) / median(bare);
    return [
      {
        what: 'creating the store database against its bare batches',
        measured: `${ratio.toFixed(2)} times (${median(ours).toFixed(0)} ms, ${median(bare).toFixed(0)} ms; practice server)`,
        budget: 'at most 1.2 times',
      },
    ];
  } finally {
    child.kill();
  }
}

async function createOurWay({ server, user, password }: Server, database: string, pack: SchemaPack) {
  const begun = performance.now();
  let plan: Plan | undefined;
  const events = runApply(
    {
      answers: {
        version: 1,
        task: 'store-database',
        storeDatabase: { server, name: database, auth: { kind: 'sql', user, password: 'env:UNUSED' } },
        options: {
          encryption: 'trust',
          schemaPack: 'builtin',
          offlineProfile: 'Default pr.',
          startService: false,
          replaceRegister: false,
        },
      },
      servers: createSqlServers({ pins: memoryPins(), appName: 'storedb', connectTimeoutMs: 15_000 }),
      profiles: [],
      jobs: [],
      posFiles: { findConfig: async () => undefined, read: async () => undefined, replace: async () => '' },
      storeSignIn: { kind: 'sql', user, password: new Secret(password) },
      pack,
      clock: systemClock,
      operator: { host: hostname(), osUser: 'bench', toolVersion: 'bench' },
      onPlan: (made) => {
        plan = made;
      },
    },
    new AbortController().signal,
  );
  for await (const event of events) {
    if (event.kind === 'run-finished' && event.exit !== 'done') throw new Error(event.summary);
  }
  if (plan === undefined) throw new Error('The run had no plan');
  return { plan, milliseconds: performance.now() - begun };
}

async function createBare(
  { server, user, password }: Server,
  ours: string,
  name: string,
  plan: Plan,
): Promise<number> {
  const [host = '', port] = server.split(',');
  const begun = performance.now();
  const connection = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: { port: Number(port), encrypt: true, trustServerCertificate: true, requestTimeout: 0 },
  });
  await new Promise<void>((resolve, reject) =>
    connection.connect((error) => (error ? reject(error) : resolve())),
  );
  const send = (text: string) =>
    new Promise<void>((resolve, reject) =>
      connection.execSqlBatch(new Request(text, (error) => (error ? reject(error) : resolve()))),
    );
  for (const action of plan.actions) {
    for (const batch of batchesOf(action)) {
      await send(batch.sql.replaceAll(ours, name));
    }
    if (action.kind === 'create-database') await send(`USE [${name}]`);
  }
  const milliseconds = performance.now() - begun;
  connection.close();
  return milliseconds;
}
