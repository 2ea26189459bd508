import type { Answers } from '../../../src/core/answers/answers.ts';
import {
  type DatabaseContents,
  type DetectedDatabase,
  type DetectedServer,
  type DetectedSide,
  type JournalEntry,
  known,
  unknown,
} from '../../../src/core/plan/detected.ts';
import { hashFormat, hashScript } from '../../../src/core/schema/hash.ts';
import type { PackScript, SchemaPack } from '../../../src/core/schema/pack.ts';

/** Detections as plain data, for planning without a server. */

export const answers: Answers = {
  version: 1,
  task: 'store-database',
  identification: { storeId: 'HOUSTON', dataAreaId: 'usrt' },
  storeDatabase: {
    server: 'SRV01\\RETAIL',
    name: 'AXRETAILPOS',
    auth: { kind: 'sql', user: 'setup', password: 'env:P' },
  },
  options: {
    encryption: 'verify',
    schemaPack: 'builtin',
    offlineProfile: 'Default pr.',
    startService: true,
    replaceRegister: false,
  },
};

export function script(
  id: string,
  version: string,
  sql = `CREATE TABLE ${id.replace(/\W/g, '_')} (a int);`,
): PackScript {
  return { id, version, sha256: hashScript(sql), isTransactional: true, batches: [{ sql, line: 1 }] };
}

export const pack: SchemaPack = {
  name: 'builtin',
  origin: 'the built-in schema',
  scripts: [
    script('6.2.0.0/a.sql', '6.2.0.0'),
    script('6.2.0.0/b.sql', '6.2.0.0'),
    script('6.2.1.0/c.sql', '6.2.1.0'),
  ],
};

export const server: DetectedServer = {
  identity: {
    productVersion: '11.0.7001.0',
    edition: 'Express Edition (64-bit)',
    engineEdition: 4,
    versionText:
      'Microsoft SQL Server 2012 (SP4) - 11.0.7001.0 (X64)\n\tExpress Edition (64-bit) on Windows NT 6.3 <X64>',
    isPracticeServer: false,
    isWindows: true,
    machineName: 'SRV01',
    collation: 'Latin1_General_CI_AS',
  },
  rights: known({ login: 'setup', isSysadmin: false, mayCreateDatabase: true, mayCreateLogin: true }),
  isWindowsSignInOnly: known(false),
  freeBytes: known(50 * 1024 ** 3),
  memory: known({ isUnlimited: false, physicalMegabytes: 8192 }),
  clockSkewMs: known(12),
  localGroups: unknown('storedb does not run there'),
};

export const nothingThere: DetectedSide = {
  server,
  database: { exists: false },
  otherStores: known([]),
  unaskedDatabases: [],
};

export function onServer(
  change: Partial<DetectedServer>,
  detected: DetectedSide = nothingThere,
): DetectedSide {
  return { ...detected, server: { ...detected.server, ...change } };
}

export function journalOf(
  scripts: readonly PackScript[],
  change: Partial<JournalEntry> = {},
): readonly JournalEntry[] {
  return scripts.map(({ id, version, sha256 }) => ({
    pack: 'builtin',
    scriptId: id,
    version,
    sha256,
    hashFormat,
    outcome: 'done',
    errorNumber: undefined,
    ...change,
  }));
}

export const emptyContents: DatabaseContents = {
  foreignObjects: 0,
  bookkeeping: [],
  hasPosInfo: false,
  dbVersion: undefined,
  isHeadOffice: false,
  journal: [],
  identity: undefined,
  mayChange: known(true),
  access: known({
    hasExecutorRole: false,
    executorMayExecute: false,
    hasRegisterRole: false,
    registerMemberships: [],
    tablesWithoutDirectGrants: 0,
    hasCheckUser: true,
    groups: [{ account: 'SRV01\\POSUsers', hasLogin: false, hasUser: false, isMember: false }],
  }),
};

/** A database on which everything has been done. */
export const finishedContents: DatabaseContents = {
  foreignObjects: 171,
  bookkeeping: ['journal', 'databaseidentity'],
  hasPosInfo: true,
  dbVersion: '6.2.1.0',
  isHeadOffice: false,
  journal: journalOf(pack.scripts),
  identity: { kind: 'store', storeId: 'HOUSTON', dataAreaId: 'usrt' },
  mayChange: known(true),
  access: known({
    hasExecutorRole: true,
    executorMayExecute: true,
    hasRegisterRole: true,
    registerMemberships: ['db_datareader', 'db_datawriter', 'db_executor'],
    tablesWithoutDirectGrants: 171,
    hasCheckUser: false,
    groups: [{ account: 'SRV01\\POSUsers', hasLogin: true, hasUser: true, isMember: true }],
  }),
};

type Existing = Extract<DetectedDatabase, { exists: true }>;

export function existing(
  contents: Partial<DatabaseContents> = {},
  database: Partial<Existing> = {},
  base: DatabaseContents = finishedContents,
): DetectedSide {
  return {
    ...nothingThere,
    database: {
      exists: true,
      name: 'AXRETAILPOS',
      state: 'ONLINE',
      access: 'MULTI_USER',
      isReadOnly: false,
      options: known({
        recoveryModel: 'SIMPLE',
        snapshotIsolation: 'ON',
        pageVerify: 'CHECKSUM',
        isAutoClose: false,
        isAutoShrink: false,
      }),
      dataBytes: known(80 * 1024 ** 2),
      contents: known({ ...base, ...contents }),
      ...database,
    },
  };
}
