import { describe, expect, it } from 'vitest';
import type { LocalGroups } from '../../../src/core/accounts/local-groups.ts';
import { ExpectedError } from '../../../src/core/errors.ts';
import { detectSide } from '../../../src/core/plan/detect/index.ts';
import { known, unknown } from '../../../src/core/plan/detected.ts';
import type { Sessions } from '../../../src/core/plan/sessions.ts';
import type { SqlRow } from '../../../src/core/sql/session.ts';
import { connectionLost, failure, type Respond, ScriptedServer } from './scripted-server.ts';

/** What a server answers, by a piece of the question; the first piece that is found in it counts. */
type Answers = readonly (readonly [piece: string, answer: readonly SqlRow[] | Error])[];

const identity = {
  productVersion: '11.0.7001.0',
  edition: 'Express Edition',
  engineEdition: 4,
  machineName: 'SRV01',
  collation: 'Latin1_General_CI_AS',
  versionText: 'Microsoft SQL Server 2012 on Windows NT 6.3',
};
const rights = { login: 'setup', sysadmin: 0, anyDatabase: 1, inMaster: 0, anyLogin: 0 };
/** What is asked in one statement where that works, and in several where it does not. */
const common = { ...identity, ...rights, windowsOnly: 0, utc: new Date(1_000_500) };
const serverAnswers: Answers = [
  ["SERVERPROPERTY('ProductVersion')", [common]],
  ["IS_SRVROLEMEMBER('sysadmin')", [common]],
  ['IsIntegratedSecurityOnly', [common]],
  ['dm_os_volume_stats', [{ free: '5000000000' }]],
  ['dm_os_sys_memory', [{ limit: 2147483647, kilobytes: '2097152' }]],
  ['SYSUTCDATETIME', [common]],
];
const header = { name: 'axretailpos', state: 'ONLINE', access: 'MULTI_USER', isReadOnly: false };
const databaseAnswers: Answers = [
  ['user_access_desc', [header]],
  [
    'recovery_model_desc',
    [{ recovery: 'FULL', snapshot: 'OFF', verify: 'CHECKSUM', autoClose: true, autoShrink: false }],
  ],
  ['SUM(CAST(size', [{ bytes: '83886080' }]],
  [
    'FROM sys.objects',
    [
      { schema: 'dbo', name: 'posisinfo', type: 'U ' },
      { schema: 'storedb', name: 'journal', type: 'U ' },
    ],
  ],
  ['AS dbVersion', [{ dbVersion: ' 6.2.0.0 ' }]],
  [
    'AS scriptId',
    [
      {
        pack: 'builtin',
        scriptId: 'a.sql',
        version: '6.2',
        sha256: 'abc',
        hashFormat: 1,
        outcome: 'done',
        errorNumber: null,
      },
    ],
  ],
  ["IS_MEMBER('db_owner')", [{ mayAlter: 0, isOwner: 1 }]],
  ['SELECT name FROM sys.database_principals', [{ name: 'DB_EXECUTOR' }, { name: 'storedb_register' }]],
  ['FROM sys.database_role_members', [{ role: 'db_datareader', member: 'storedb_register' }]],
  ["p.type = 'EX'", [{ granted: 1 }]],
  ['AS missing', [{ missing: 3 }]],
  ['SUSER_ID', [{ id: null }]],
];

async function detect(answers: Answers, storeId?: string, localGroups?: LocalGroups) {
  const respond: Respond = (text) => answers.find(([piece]) => text.includes(piece))?.[1];
  const server = new ScriptedServer(respond);
  const sessions: Sessions = {
    open: async (database) => server.open(database),
    connect: async () => server.open('AXRETAILPOS'),
    prepare: () => undefined,
    close: async () => undefined,
  };
  const clock = { now: () => new Date(1_000_000), elapsed: () => 0, sleep: async () => undefined };
  const wanted = { database: 'AXRETAILPOS', storeId };
  const detected = await detectSide(sessions, wanted, { clock, localGroups }, new AbortController().signal);
  return { detected, server };
}

describe('detecting a store database', () => {
  it('reads a server on which the database is not there yet', async () => {
    const { detected, server } = await detect(serverAnswers);
    expect(detected).toMatchObject({
      database: { exists: false },
      server: {
        identity: { isWindows: true, isPracticeServer: false },
        rights: { known: true, value: { mayCreateDatabase: true, mayCreateLogin: false } },
        freeBytes: { value: 5_000_000_000 },
        memory: { value: { isUnlimited: true, physicalMegabytes: 2048 } },
        clockSkewMs: { value: 500 },
      },
    });
    expect(server.opened).toEqual(['master']);
  });

  it('finds the database and our tables in whatever case the engine writes names', async () => {
    const { detected } = await detect([...serverAnswers, ...databaseAnswers]);
    expect(detected.database).toMatchObject({
      exists: true,
      name: 'axretailpos',
      options: { value: { recoveryModel: 'FULL', isAutoClose: true } },
      dataBytes: { value: 83_886_080 },
      contents: {
        value: {
          foreignObjects: 1,
          bookkeeping: ['journal'],
          hasPosInfo: true,
          dbVersion: '6.2.0.0',
          journal: [{ scriptId: 'a.sql', outcome: 'done', errorNumber: undefined }],
          identity: undefined,
          mayChange: { value: true },
          access: {
            value: {
              hasExecutorRole: true,
              executorMayExecute: true,
              registerMemberships: ['db_datareader'],
              tablesWithoutDirectGrants: 3,
              hasCheckUser: false,
              groups: [
                { account: 'SRV01\\POSUsers', hasLogin: false, hasUser: false, isMember: false },
                {
                  account: 'SRV01\\RetailOfflineSyncUsers',
                  hasLogin: false,
                  hasUser: false,
                  isMember: false,
                },
              ],
            },
          },
        },
      },
    });
  });

  it('asks which groups are there only of the computer that it runs on', async () => {
    const groupsOf = (computer: string, has: LocalGroups['has']) =>
      detect(serverAnswers, undefined, {
        computer,
        has,
        make: async () => undefined,
        addService: async () => undefined,
      });
    const hasSync: LocalGroups['has'] = async (name) => name === 'RetailOfflineSyncUsers';
    expect((await groupsOf('srv01', hasSync)).detected.server.localGroups).toEqual(
      known(['RetailOfflineSyncUsers']),
    );
    expect((await groupsOf('REG01', hasSync)).detected.server.localGroups).toMatchObject({ known: false });
    const refuse: LocalGroups['has'] = async () => {
      throw new ExpectedError({ code: 'x', exit: 'prerequisite', message: 'No koffi.', hint: '' });
    };
    expect((await groupsOf('SRV01', refuse)).detected.server.localGroups).toEqual(unknown('No koffi.'));
  });

  it('writes nothing', async () => {
    const { server } = await detect([...serverAnswers, ...databaseAnswers], 'HOUSTON');
    for (const text of server.sent) {
      const statements = text.replace(/'[^']*'/g, "''");
      expect(statements).not.toMatch(/\b(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|EXEC)\b/);
    }
  });

  it.each([
    ['rights', "IS_SRVROLEMEMBER('sysadmin')"],
    ['isWindowsSignInOnly', 'IsIntegratedSecurityOnly'],
    ['freeBytes', 'dm_os_volume_stats'],
    ['memory', 'dm_os_sys_memory'],
    ['clockSkewMs', 'SYSUTCDATETIME'],
  ] as const)('goes on without %s when the server refuses that question', async (question, piece) => {
    const { detected } = await detect([
      [piece, failure(297, 'The user does not have permission')],
      ...serverAnswers,
    ]);
    expect(detected.server[question]).toEqual({
      known: false,
      reason: expect.stringContaining('does not have permission'),
    });
    const others = Object.entries(detected.server).filter(
      ([name]) => name !== question && name !== 'identity' && name !== 'localGroups',
    );
    expect(others).toSatisfy(() => others.every(([, answer]) => 'known' in answer && answer.known));
  });

  it('asks a server on which the database is not there yet four times', async () => {
    const { server } = await detect(serverAnswers);
    expect(server.sent).toHaveLength(4);
  });

  it.each([
    ['options', 'recovery_model_desc', 'options'],
    ['size', 'SUM(CAST(size', 'dataBytes'],
  ] as const)('goes on without the %s of the database', async (_what, piece, question) => {
    const { detected } = await detect([...serverAnswers, [piece, failure(207)], ...databaseAnswers]);
    expect(detected.database).toMatchObject({ exists: true, [question]: { known: false } });
  });

  it('does not open a database that is not open to everybody', async () => {
    for (const change of [{ state: 'RESTORING' }, { access: 'SINGLE_USER' }]) {
      const { detected, server } = await detect([
        ...serverAnswers,
        ['user_access_desc', [{ ...header, ...change }]],
        ...databaseAnswers,
      ]);
      expect(server.opened).toEqual(['master']);
      expect(detected.database).toMatchObject({ contents: { known: false } });
    }
  });

  it('asks every other database alone whether it belongs to the same store', async () => {
    const { detected } = await detect(
      [
        ...serverAnswers,
        [
          'HAS_DBACCESS',
          [
            { name: 'OLDPOS' },
            { name: 'broken' },
            { name: 'DALLAS' },
            { name: 'AxRetailPos' },
            { name: "x]'y" },
          ],
        ],
        ['[broken].', failure(824)],
        ['[OLDPOS].', [{ storeId: 'houston' }]],
        ['[DALLAS].', [{ storeId: 'DALLAS' }]],
      ],
      'HOUSTON',
    );
    expect(detected.otherStores).toEqual({
      known: true,
      value: [{ database: 'OLDPOS', storeId: 'houston' }],
    });
    expect(detected.unaskedDatabases).toEqual(['broken']);
  });

  it('does not take a lost connection for a missing right', async () => {
    await expect(detect([['dm_os_volume_stats', connectionLost()], ...serverAnswers])).rejects.toMatchObject({
      code: 'connection-lost',
    });
  });
});
