import { hostname, userInfo } from 'node:os';
import type { Answers, DatabaseAnswers } from '../core/answers/answers.ts';
import { samplePack } from '../core/answers/paths.ts';
import { resolveSecret, type SecretPorts } from '../core/answers/secrets.ts';
import { connectionTarget } from '../core/answers/sign-in.ts';
import type { InitialData } from '../core/distribute/initial-data.ts';
import { loadJobs } from '../core/distribute/load-jobs.ts';
import { openPack, openShippedPack } from '../core/distribute/pack/open-pack.ts';
import { asSample } from '../core/distribute/pack/sample.ts';
import { loadProfiles } from '../core/offline/profile/load-profiles.ts';
import { type Operator, type SetupInput, systemClock } from '../core/plan/index.ts';
import { posFilesOnDisk } from '../core/pos/pos-files-on-disk.ts';
import { loadPack, packFilesOnDisk } from '../core/schema/index.ts';
import type { Secret } from '../core/secret.ts';
import { createSqlServers } from '../core/sql/connect.ts';
import { memoryPins, type PinStore } from '../core/sql/pins.ts';
import { openLocalGroups } from '../core/windows/index.ts';
import { version } from '../version.ts';
import type { PracticeProcess } from './practice-process.ts';
import { thisMachine } from './service/this-machine.ts';
import { shippedFiles } from './shipped-files.ts';
import { keepYoungHeapSmall } from './small-young-heap.ts';

/** Milliseconds that a slow link gets for each half of a connection. */
export const connectTimeout = 15_000;

/** What core needs for a run, from the answers and this machine. Throws ExpectedError for a bad pack or a missing password. */
export async function setUp(answers: Answers, secrets: SecretPorts, pins: PinStore): Promise<SetupInput> {
  const { storeDatabase, offlineDatabase, options } = answers;
  const pack = await loadPack(options.schemaPack, packFilesOnDisk(shippedFiles.builtinPack()));
  const signIn = async (section: 'storeDatabase' | 'offlineDatabase', database: DatabaseAnswers) =>
    (await connectionTarget(section, database, options.encryption, secrets)).signIn;
  return {
    answers,
    servers: createSqlServers({ pins, appName: 'storedb', connectTimeoutMs: connectTimeout }),
    storeSignIn: await signIn('storeDatabase', storeDatabase),
    offlineSignIn:
      offlineDatabase === undefined ? undefined : await signIn('offlineDatabase', offlineDatabase),
    serviceAccountPassword: await serviceAccountPassword(answers, secrets),
    pack,
    profiles: await loadProfiles(shippedFiles.offlineProfile(), options.schemaPack),
    jobs: await loadJobs(shippedFiles.jobs(), options.schemaPack),
    initialData: await initialDataOf(answers),
    // Only a register synchronises; whether a service is wanted is for the plan to say.
    machine: answers.task === 'offline-database' ? await thisMachine(pins) : undefined,
    posFiles: posFilesOnDisk(process.env),
    localGroups: process.platform === 'win32' ? openLocalGroups(hostname()) : undefined,
    clock: systemClock,
    operator: operator(),
  };
}

async function initialDataOf({ options, identification }: Answers): Promise<InitialData | undefined> {
  const { initialData } = options;
  if (initialData === undefined) return undefined;
  keepYoungHeapSmall();
  const pack =
    initialData === samplePack
      ? asSample(await openShippedPack(shippedFiles.samplePack()), identification)
      : await openPack(initialData);
  return { pack, jobs: undefined };
}

async function serviceAccountPassword(
  { serviceAccount }: Answers,
  secrets: SecretPorts,
): Promise<Secret | undefined> {
  const { user, password } = serviceAccount ?? {};
  if (user === undefined || password === undefined) return undefined;
  const question = `Password of the SQL login ${user} for the synchronisation`;
  return await resolveSecret({ key: 'serviceAccount.password', reference: password, question }, secrets);
}

/** The reference under which a practice server's password stands in the answers of a practice run. */
const practiceReference = 'env:STOREDB_PRACTICE_PASSWORD';

/**
 * The same answers with a practice server in the place of every server, and the passwords that belong to them. Its
 * certificate is new at each start, so pins are those of this process only.
 */
export function onPracticeServer(answers: Answers, practice: PracticeProcess, secrets: SecretPorts) {
  const instead = (database: DatabaseAnswers): DatabaseAnswers => ({
    ...database,
    server: practice.server,
    auth: { kind: 'sql', user: practice.user, password: practiceReference },
  });
  const { storeDatabase, offlineDatabase, options } = answers;
  const typed = new Map(
    ['storeDatabase', 'offlineDatabase'].map(
      (section) => [`${section}.auth.password`, practice.password] as const,
    ),
  );
  return {
    answers: {
      ...answers,
      storeDatabase: instead(storeDatabase),
      ...(offlineDatabase === undefined ? {} : { offlineDatabase: instead(offlineDatabase) }),
      options: { ...options, encryption: 'trust' },
    } satisfies Answers,
    secrets: { ...secrets, typed } satisfies SecretPorts,
    pins: memoryPins(),
  };
}

function operator(): Operator {
  return { host: hostname(), osUser: accountName(), toolVersion: version };
}

/** `userInfo` throws where the account has no entry in the password database, as in some containers. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? 'unknown';
  }
}
