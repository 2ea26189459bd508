/**
 * Writes assets/sample-data: the pack of a small, invented shop, for practice servers. A practice server is set up,
 * filled with the same rows each time, and exported like any store database. Nobody in it exists.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers } from '../src/core/answers/answers.ts';
import { exportStore } from '../src/core/distribute/export/export-store.ts';
import { openTarget } from '../src/core/distribute/export/open-target.ts';
import { parseJobs } from '../src/core/distribute/job.ts';
import { runApply, type SetupInput, systemClock } from '../src/core/plan/index.ts';
import { posFilesOnDisk } from '../src/core/pos/pos-files-on-disk.ts';
import { loadPack, packFilesOnDisk } from '../src/core/schema/index.ts';
import { Secret } from '../src/core/secret.ts';
import { createSqlServers } from '../src/core/sql/connect.ts';
import { memoryPins } from '../src/core/sql/pins.ts';
import { startPracticeServer } from '../src/practice/index.ts';
import { shopStatements } from './sample-shop.ts';

const root = join(import.meta.dirname, '..');
const target = process.argv[2] ?? join(root, 'assets', 'sample-data');
const signal = new AbortController().signal;
const practice = await startPracticeServer();
const signIn = { kind: 'sql', user: practice.user, password: new Secret(practice.password) } as const;
const answers: Answers = {
  version: 1,
  task: 'store-database',
  identification: { storeId: 'HOUSTON', dataAreaId: 'usrt' },
  storeDatabase: {
    server: practice.server,
    name: 'SampleShop',
    auth: { kind: 'sql', user: practice.user, password: 'env:UNUSED' },
  },
  options: {
    encryption: 'trust',
    schemaPack: 'builtin',
    offlineProfile: 'Default pr.',
    startService: false,
    replaceRegister: false,
  },
};
const input: SetupInput = {
  answers,
  servers: createSqlServers({ pins: memoryPins(), appName: 'storedb', connectTimeoutMs: 15_000 }),
  storeSignIn: signIn,
  pack: await loadPack('builtin', packFilesOnDisk(join(root, 'sql'))),
  profiles: [],
  jobs: parseJobs(readFileSync(join(root, 'assets', 'jobs', 'jobs.yaml'), 'utf8')),
  posFiles: posFilesOnDisk({}),
  clock: systemClock,
  operator: { host: 'sample', osUser: 'sample', toolVersion: '1.0.0' },
};
for await (const event of runApply(input, signal))
  if (event.kind === 'run-finished' && event.exit !== 'done') throw new Error(event.summary);
const session = await input.servers.connect({
  server: practice.server,
  database: 'SampleShop',
  signIn,
  encryption: 'trust',
});
for (const statement of shopStatements()) await session.batch(statement);
await session.close();
rmSync(target, { recursive: true, force: true });
const options = {
  jobs: undefined,
  format: { text: 'csv', isCompressed: false },
  madeUtc: new Date('2012-08-01T00:00:00Z'),
  openTarget: () => openTarget(target),
} as const;
for await (const event of exportStore(input, options, signal))
  if (event.kind === 'exported')
    process.stdout.write(
      `${target}: ${event.manifest.files.reduce((sum, { rows }) => sum + rows, 0)} rows\n`,
    );
await practice.close();
