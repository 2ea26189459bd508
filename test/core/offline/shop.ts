import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Answers } from '../../../src/core/answers/answers.ts';
import { type Job, parseJobs } from '../../../src/core/distribute/job.ts';
import { openPack } from '../../../src/core/distribute/pack/open-pack.ts';
import { asSample } from '../../../src/core/distribute/pack/sample.ts';
import { loadProfiles } from '../../../src/core/offline/profile/load-profiles.ts';
import {
  makePlan,
  type RunEvent,
  runApply,
  type SetupInput,
  systemClock,
} from '../../../src/core/plan/index.ts';
import type { PosFiles } from '../../../src/core/pos/pos-files.ts';
import { loadPack, packFilesOnDisk } from '../../../src/core/schema/index.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { SqlSession } from '../../../src/core/sql/session.ts';
import { noPosFiles, realServers, type TestServer } from '../plan/store-runs.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const shipped = (path: string) => join(root, path);

const pack = await loadPack('builtin', packFilesOnDisk(shipped('sql')));
export const shippedProfiles = await loadProfiles(shipped('assets/offline-profiles/default.yaml'), 'builtin');
const jobs: readonly Job[] = parseJobs(readFileSync(shipped('assets/jobs/jobs.yaml'), 'utf8'));
const sample = await openPack(shipped('assets/sample-data'));

export type ShopOptions = {
  /** Two databases on one server, as a practice run has them. */
  readonly name: string;
  readonly registerId?: string;
  readonly storeId?: string;
  readonly dataAreaId?: string;
  readonly host?: string;
  readonly options?: Partial<Answers['options']>;
  readonly serviceAccount?: { readonly user: string; readonly password: string };
  readonly posFiles?: PosFiles;
  readonly profiles?: SetupInput['profiles'];
};

/** What sets up one side of a small shop; the store's side with sample data unless told otherwise. */
export function shopInput(server: TestServer, task: Answers['task'], shop: ShopOptions): SetupInput {
  const auth = { kind: 'sql', user: server.user, password: 'env:P' } as const;
  const signIn = { kind: 'sql', user: server.user, password: new Secret(server.password) } as const;
  const { serviceAccount } = shop;
  const answers: Answers = {
    version: 1,
    task,
    identification: {
      storeId: shop.storeId ?? 'HOUSTON',
      registerId: shop.registerId ?? 'HOUSTON-1',
      dataAreaId: shop.dataAreaId ?? 'usrt',
    },
    storeDatabase: { server: server.server, name: `${shop.name}-store`, auth },
    ...(task === 'offline-database'
      ? {
          offlineDatabase: {
            server: server.server,
            name: `${shop.name}-${shop.registerId ?? 'HOUSTON-1'}`,
            auth,
          },
        }
      : {}),
    ...(serviceAccount === undefined
      ? {}
      : { serviceAccount: { user: serviceAccount.user, password: 'env:S' } }),
    options: {
      encryption: 'trust',
      schemaPack: 'builtin',
      offlineProfile: 'Default pr.',
      startService: true,
      replaceRegister: false,
      ...(task === 'store-database' ? { initialData: 'sample' } : {}),
      ...shop.options,
    },
  };
  return {
    answers,
    servers: realServers(),
    storeSignIn: signIn,
    offlineSignIn: task === 'offline-database' ? signIn : undefined,
    serviceAccountPassword: serviceAccount === undefined ? undefined : new Secret(serviceAccount.password),
    pack,
    profiles: shop.profiles ?? shippedProfiles,
    jobs,
    initialData:
      answers.options.initialData === 'sample'
        ? { pack: asSample(sample, answers.identification), jobs: undefined }
        : undefined,
    posFiles: shop.posFiles ?? noPosFiles,
    clock: systemClock,
    operator: { host: shop.host ?? 'REG-1', osUser: 'tester', toolVersion: '1.0.0' },
  };
}

/** A whole run; gives its events. */
export async function applied(input: SetupInput): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of runApply(input, new AbortController().signal)) events.push(event);
  return events;
}

/** A run that is stopped where the rows would begin to come. */
export async function appliedWithoutRows(input: SetupInput): Promise<readonly RunEvent[]> {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  for await (const event of runApply(input, stop.signal)) {
    events.push(event);
    if (event.kind === 'action-started' && event.id === 'first-load') stop.abort();
  }
  return events;
}

/** How a run ended. */
export async function outcomeOf(input: SetupInput) {
  const last = (await applied(input)).at(-1);
  if (last?.kind !== 'run-finished') throw new Error('A run ends with run-finished.');
  return { exit: last.exit, code: last.failure?.code, message: last.failure?.message ?? last.summary };
}

export const planOf = (input: SetupInput) => makePlan(input, new AbortController().signal);

/** Removes a database as soon as the sessions that were closed have left it. */
export async function dropDatabase(master: SqlSession, database: string): Promise<void> {
  await vi.waitFor(() => master.batch(`DROP DATABASE [${database}]`), { timeout: 10_000 });
}

/** A session of the test's own in a database of the shop. */
export async function sessionIn(server: TestServer, database: string): Promise<SqlSession> {
  return await realServers().connect({
    server: server.server,
    database,
    signIn: { kind: 'sql', user: server.user, password: new Secret(server.password) },
    encryption: 'trust',
  });
}
