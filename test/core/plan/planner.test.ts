import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../../src/core/plan/detected.ts';
import { planStoreDatabase } from '../../../src/core/plan/planner.ts';
import { hashOfAction } from '../../../src/core/plan/refused-before.ts';
import {
  answers,
  emptyContents,
  existing,
  finishedContents,
  journalOf,
  nothingThere,
  onServer,
  pack,
  script,
  server,
} from './detections.ts';

const idsOf = (detected: Parameters<typeof planStoreDatabase>[1], using = pack) =>
  planStoreDatabase(answers, detected, using).actions.map(({ id }) => id);

describe('the plan of a store database', () => {
  it('creates everything where nothing is, in an order in which each step finds what it needs', () => {
    const plan = planStoreDatabase(answers, nothingThere, pack);
    expect(plan.purpose).toBe('create');
    expect(plan.actions.map(({ id }) => id)).toEqual([
      'create-database',
      'options',
      'verify:options',
      'bookkeeping',
      'script:6.2.0.0/a.sql',
      'script:6.2.0.0/b.sql',
      'script:6.2.1.0/c.sql',
      'role-executor',
      'verify:role-executor',
      'role-register',
      'verify:role-register',
      'group-login',
      'group-user',
      'verify:group-user',
      'identity',
    ]);
  });

  it('is empty when everything is as it should be', () => {
    const plan = planStoreDatabase(answers, existing(), pack);
    expect(plan.actions).toEqual([]);
    expect(plan.warnings).toEqual([]);
    expect(plan.purpose).toBe('nothing');
  });

  it('goes on with an empty database that is already there', () => {
    expect(idsOf(existing({}, {}, emptyContents))[0]).toBe('bookkeeping');
  });

  it('runs only the scripts that the journal does not have, and writes the version with the last one of it', () => {
    const plan = planStoreDatabase(
      answers,
      existing({ journal: journalOf(pack.scripts.slice(0, 2)), dbVersion: '6.2.0.0' }),
      pack,
    );
    expect(plan.purpose).toBe('upgrade');
    expect(plan.actions.map(({ id }) => id)).toEqual(['script:6.2.1.0/c.sql']);
    const [action] = plan.actions;
    expect(action?.kind === 'run-script' && action.batches.at(-1)?.sql).toContain(
      "N'6.2.1.0' WHERE ID = N'DBVERSION'",
    );
  });

  it('writes no version after a script that is not the last one of its version', () => {
    const [first] = planStoreDatabase(answers, nothingThere, pack).actions.filter(
      ({ kind }) => kind === 'run-script',
    );
    expect(first?.kind === 'run-script' && first.batches).toEqual(pack.scripts[0]?.batches);
  });

  it('runs a script again that was started, failed or cancelled, but not finished', () => {
    for (const outcome of ['started', 'failed', 'cancelled'] as const) {
      const [a, b, c] = pack.scripts;
      const journal = [...journalOf([a!, b!]), ...journalOf([c!], { outcome })];
      expect(idsOf(existing({ journal, dbVersion: '6.2.0.0' }))).toEqual(['script:6.2.1.0/c.sql']);
    }
  });

  it('puts a missing version row right instead of running everything again', () => {
    expect(idsOf(existing({ dbVersion: undefined }))).toEqual(['version']);
    expect(idsOf(existing({ dbVersion: '6.2.0.0' }))).toEqual(['version']);
  });

  it('sets only the options that are not set yet, with hostile names quoted', () => {
    const options = known({
      recoveryModel: 'FULL',
      snapshotIsolation: 'ON',
      pageVerify: 'CHECKSUM',
      isAutoClose: true,
      isAutoShrink: false,
    });
    const [action] = planStoreDatabase(
      answers,
      existing({}, { options, name: "x]; DROP DATABASE y--'" }, emptyContents),
      pack,
    ).actions;
    expect(action?.kind === 'run-batches' && action.batches.map(({ sql }) => sql)).toEqual([
      "ALTER DATABASE [x]]; DROP DATABASE y--'] SET RECOVERY SIMPLE;",
      "ALTER DATABASE [x]]; DROP DATABASE y--'] SET AUTO_CLOSE OFF;",
    ]);
  });

  it('leaves the recovery model of a store database that an administrator set to FULL, and says what to do', () => {
    const options = known({
      recoveryModel: 'FULL',
      snapshotIsolation: 'ON',
      pageVerify: 'CHECKSUM',
      isAutoClose: true,
      isAutoShrink: false,
    });
    const plan = planStoreDatabase(answers, existing({}, { options }), pack);
    expect(JSON.stringify(plan.actions)).toContain('AUTO_CLOSE OFF');
    expect(JSON.stringify(plan.actions)).not.toMatch(/recovery/i);
    expect(plan.warnings).toContainEqual(
      expect.objectContaining({
        code: 'recovery-kept',
        message: expect.stringContaining('FULL'),
        hint: expect.stringContaining('log is backed up'),
      }),
    );
  });

  it('does not touch the recovery model of a store database when it cannot be read', () => {
    const plan = planStoreDatabase(answers, existing({}, { options: unknown('no right') }), pack);
    expect(JSON.stringify(plan.actions)).toContain('PAGE_VERIFY');
    expect(JSON.stringify(plan.actions)).not.toMatch(/recovery/i);
  });

  it('uses the name as the server writes it', () => {
    expect(planStoreDatabase(answers, existing({}, { name: 'axretailpos' }), pack).target.database).toBe(
      'axretailpos',
    );
  });

  it('gives the Windows group its rights only on a Windows server', () => {
    const linux = onServer({ identity: { ...server.identity, isWindows: false } });
    expect(idsOf(linux).filter((id) => id.includes('group'))).toEqual([]);
    const access = finishedContents.access.known
      ? known({
          ...finishedContents.access.value,
          groups: [{ account: 'SRV01\\POSUsers', hasLogin: true, hasUser: false, isMember: false }],
        })
      : unknown('');
    expect(idsOf(existing({ access }))).toEqual(['group-user', 'verify:group-user']);
  });

  it('takes grants on every table for membership in the fixed roles, which some engines lack', () => {
    const base = finishedContents.access.known ? finishedContents.access.value : undefined;
    const access = (tablesWithoutDirectGrants: number) =>
      known({ ...base!, registerMemberships: ['db_executor'], tablesWithoutDirectGrants });
    expect(idsOf(existing({ access: access(0) }))).toEqual([]);
    expect(idsOf(existing({ access: access(3) }))).toEqual(['role-register', 'verify:role-register']);
  });

  it('does not try again what the engine cannot do, and says so', () => {
    const options = known({
      recoveryModel: 'SIMPLE',
      snapshotIsolation: 'OFF',
      pageVerify: 'NONE',
      isAutoClose: false,
      isAutoShrink: false,
    });
    const [action] = planStoreDatabase(answers, existing({}, { options }), pack).actions;
    const refused = {
      pack: 'storedb',
      scriptId: 'action:options',
      version: '1.0.0',
      sha256: action?.kind === 'run-batches' ? hashOfAction(action) : '',
      hashFormat: 1,
      outcome: 'refused' as const,
      errorNumber: 33557097,
    };
    const journal = [...finishedContents.journal, refused];
    const plan = planStoreDatabase(answers, existing({ journal }, { options }), pack);
    expect(plan.actions).toEqual([]);
    expect(plan.warnings).toMatchObject([
      { code: 'engine-lacks', message: expect.stringContaining('33557097') },
    ]);
    const changed = [...finishedContents.journal, { ...refused, sha256: 'of an older edition' }];
    expect(idsOf(existing({ journal: changed }, { options }))).toEqual(['options', 'verify:options']);
  });

  it('records the store of a database that was set up without one, and keeps what is recorded', () => {
    const identity = { kind: 'store', storeId: undefined, dataAreaId: 'usrt' };
    const [action] = planStoreDatabase(answers, existing({ identity }), pack).actions;
    expect(action).toMatchObject({ id: 'identity' });
    const { identification: _, ...anonymous } = answers;
    expect(planStoreDatabase(anonymous, existing(), pack).actions).toEqual([]);
  });

  it('plans every right when the rights could not be read', () => {
    expect(idsOf(existing({ access: unknown('no view') }))).toContain('role-register');
  });
});

describe('adopting a database of the original utility with the scripts of a customer', () => {
  const customer = { ...pack, name: 'customer', origin: 'E:\\scripts' };
  const original = { ...emptyContents, hasPosInfo: true, foreignObjects: 150, dbVersion: '6.2.0.0' };

  it('records the scripts up to its version and runs the rest', () => {
    const plan = planStoreDatabase(answers, existing({}, {}, original), customer);
    expect(plan.purpose).toBe('upgrade');
    expect(plan.actions.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'bookkeeping',
        'record:6.2.0.0/a.sql',
        'record:6.2.0.0/b.sql',
        'script:6.2.1.0/c.sql',
      ]),
    );
    const notes = plan.actions.find(({ id }) => id === 'bookkeeping');
    expect(notes?.kind === 'run-batches' && notes.batches[0]?.sql).toContain("'adopted'");
  });

  it('goes on recording after it was interrupted, instead of running old scripts on existing tables', () => {
    const [a, , c] = customer.scripts;
    const journal = [
      ...journalOf([{ ...a!, id: 'POSISINFO' }], { outcome: 'adopted', version: '6.2.0.0' }),
      ...journalOf([a!], { outcome: 'recorded' }),
    ];
    const plan = planStoreDatabase(
      answers,
      existing({ journal, bookkeeping: ['journal', 'databaseidentity'] }, {}, original),
      customer,
    );
    const scripts = plan.actions.filter(({ kind }) => kind === 'run-script' || kind === 'record-script');
    expect(scripts.map(({ id }) => id)).toEqual(['record:6.2.0.0/b.sql', `script:${c?.id}`]);
  });
});

describe('the plan is refused', () => {
  const refusalOf = (...input: Parameters<typeof planStoreDatabase>): unknown => {
    try {
      planStoreDatabase(...input);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const changedScript = {
    ...pack,
    scripts: [script('6.2.0.0/a.sql', '6.2.0.0', 'CREATE TABLE other (a int);'), ...pack.scripts.slice(1)],
  };
  const withLateScript = {
    ...pack,
    scripts: [pack.scripts[0]!, script('6.2.0.0/aa.sql', '6.2.0.0'), ...pack.scripts.slice(1)],
  };
  const { identity } = server;
  const gigabytes = 1024 ** 3;

  it.each<[string, Parameters<typeof planStoreDatabase>, string, RegExp]>([
    [
      'on SQL Server 2008',
      [answers, onServer({ identity: { ...identity, productVersion: '10.0.6000.29' } }), pack],
      'server-too-old',
      /older than SQL Server 2008 R2/,
    ],
    [
      'for a database that is restoring',
      [answers, existing({}, { state: 'RESTORING' }), pack],
      'database-not-online',
      /is RESTORING/,
    ],
    [
      'for a database that is offline',
      [answers, existing({}, { state: 'OFFLINE' }), pack],
      'database-not-online',
      /is OFFLINE/,
    ],
    [
      'for a database in single-user mode',
      [answers, existing({}, { access: 'SINGLE_USER' }), pack],
      'database-single-user',
      /single-user/,
    ],
    [
      'for a read-only database',
      [answers, existing({}, { isReadOnly: true }), pack],
      'database-read-only',
      /read-only/,
    ],
    [
      'for a database that cannot be opened',
      [answers, existing({}, { contents: unknown('no access') }), pack],
      'database-not-opened',
      /no access/,
    ],
    [
      'for a database that exists and may not be opened, without doubting that it exists',
      [answers, existing({}, { contents: unknown('It does not exist, or u may not open it. (4060)') }), pack],
      'database-not-opened',
      /exists, but this sign-in may not open it\.$/,
    ],
    [
      'for the head-office database',
      [answers, existing({ isHeadOffice: true }), pack],
      'database-of-head-office',
      /head-office/,
    ],
    [
      "for somebody else's database",
      [answers, existing({ foreignObjects: 7 }, {}, emptyContents), pack],
      'database-foreign',
      /7 objects/,
    ],
    [
      'for a database of the original utility under the built-in schema',
      [
        answers,
        existing({ hasPosInfo: true, foreignObjects: 9, dbVersion: '6.2.0.0' }, {}, emptyContents),
        pack,
      ],
      'database-of-original-utility',
      /product's own utility/,
    ],
    [
      'for a database of the original utility without version',
      [
        answers,
        existing({ hasPosInfo: true, foreignObjects: 9 }, {}, emptyContents),
        { ...pack, name: 'customer' },
      ],
      'version-missing',
      /DBVERSION/,
    ],
    [
      'for the offline database of a register',
      [answers, existing({ identity: { kind: 'offline', storeId: 'HOUSTON', dataAreaId: 'usrt' } }), pack],
      'database-of-register',
      /offline database of a register/,
    ],
    [
      'for a database of another store',
      [answers, existing({ identity: { kind: 'store', storeId: 'DALLAS', dataAreaId: 'usrt' } }), pack],
      'other-store',
      /store DALLAS, not to HOUSTON/,
    ],
    [
      'for a database of another company',
      [answers, existing({ identity: { kind: 'store', storeId: 'houston', dataAreaId: 'ceu' } }), pack],
      'other-company',
      /company ceu, not to usrt/,
    ],
    [
      'for a database newer than the pack, by its version row',
      [answers, existing({ dbVersion: '6.2.10.0' }), pack],
      'database-newer',
      /6\.2\.10\.0/,
    ],
    [
      'for a database newer than the pack, by its journal',
      [answers, existing({ journal: journalOf([...pack.scripts, script('d.sql', '6.2.1.1')]) }), pack],
      'database-newer',
      /6\.2\.1\.1/,
    ],
    [
      'for a version row that cannot be read',
      [answers, existing({ dbVersion: 'six' }), pack],
      'version-unreadable',
      /"six"/,
    ],
    [
      'for a script that changed since it ran',
      [answers, existing(), changedScript],
      'script-changed',
      /6\.2\.0\.0\/a\.sql was changed/,
    ],
    [
      'for a script that is missing since it ran',
      [answers, existing(), { ...pack, scripts: pack.scripts.slice(1) }],
      'script-missing',
      /6\.2\.0\.0\/a\.sql ran/,
    ],
    [
      'for a script that was slipped in',
      [answers, existing(), withLateScript],
      'script-out-of-order',
      /6\.2\.0\.0\/aa\.sql/,
    ],
    [
      'for a second store database of the store',
      [answers, { ...nothingThere, otherStores: known([{ database: 'OLDPOS', storeId: 'HOUSTON' }]) }, pack],
      'second-store-database',
      /OLDPOS/,
    ],
    [
      'without the right to create',
      [
        answers,
        onServer({
          rights: known({ login: 'x]y', isSysadmin: false, mayCreateDatabase: false, mayCreateLogin: false }),
        }),
        pack,
      ],
      'no-right-to-create',
      /may not create databases/,
    ],
    [
      'without the right to change',
      [answers, existing({ mayChange: known(false) }), pack],
      'no-right-to-change',
      /may not change/,
    ],
    [
      'on a full disk',
      [answers, onServer({ freeBytes: known(100 * 1024 ** 2) }), pack],
      'disk-full',
      /100 MB free/,
    ],
    [
      'near the limit of Express',
      [answers, existing({ journal: [], dbVersion: undefined }, { dataBytes: known(9.6 * gigabytes) }), pack],
      'express-full',
      /10240 MB/,
    ],
  ])('%s', (_why, input, code, message) => {
    expect(refusalOf(...input)).toMatchObject({
      code,
      exit: 'prerequisite',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/.+/),
    });
  });

  it('with the grant to hand to the administrator, quoted', () => {
    const rights = known({
      login: 'x]y',
      isSysadmin: false,
      mayCreateDatabase: false,
      mayCreateLogin: false,
    });
    expect(refusalOf(answers, onServer({ rights }), pack)).toMatchObject({
      hint: expect.stringContaining('GRANT CREATE ANY DATABASE TO [x]]y];'),
    });
  });

  it('not for a database that needs nothing, whatever the disk and Express say', () => {
    const full = onServer({ freeBytes: known(0) }, existing({}, { dataBytes: known(9.9 * gigabytes) }));
    expect(planStoreDatabase(answers, full, pack).actions).toEqual([]);
  });
});

describe('the plan warns', () => {
  const codesOf = (detected: Parameters<typeof planStoreDatabase>[1]) =>
    planStoreDatabase(answers, detected, pack).warnings.map(({ code }) => code);
  const gigabyte = 1024 ** 3;

  it.each<[string, Parameters<typeof planStoreDatabase>[1], string]>([
    [
      'from 70 % of the limit of Express',
      existing({}, { dataBytes: known(7.1 * gigabyte) }),
      'express-limit-near',
    ],
    [
      'when the database closes itself',
      existing(
        {},
        {
          options: known({
            recoveryModel: 'SIMPLE',
            snapshotIsolation: 'ON',
            pageVerify: 'CHECKSUM',
            isAutoClose: true,
            isAutoShrink: false,
          }),
        },
      ),
      'auto-close-on',
    ],
    ['when SQL logins are off', onServer({ isWindowsSignInOnly: known(true) }), 'sql-logins-off'],
    [
      'of unlimited memory on a small machine',
      onServer({ memory: known({ isUnlimited: true, physicalMegabytes: 2048 }) }),
      'memory-unlimited',
    ],
    ['when the clocks differ', onServer({ clockSkewMs: known(-90_000) }), 'clock-skew'],
    [
      'of a copy beside the recorded database',
      { ...existing(), otherStores: known([{ database: 'COPY', storeId: 'HOUSTON' }]) },
      'second-store-database',
    ],
    ['when the rights could not be checked', onServer({ rights: unknown('x') }), 'unchecked-rights'],
    [
      'when the disk could not be checked',
      onServer({ freeBytes: unknown('no VIEW SERVER STATE') }),
      'unchecked-disk',
    ],
    [
      'when other databases could not be listed',
      { ...nothingThere, otherStores: unknown('x') },
      'unchecked-other-stores',
    ],
    [
      'when other databases could not be asked',
      { ...nothingThere, unaskedDatabases: ['a', 'b'] },
      'unchecked-databases',
    ],
    ['when the options could not be read', existing({}, { options: unknown('x') }), 'unchecked-options'],
  ])('%s', (_when, detected, code) => {
    expect(codesOf(detected)).toContain(code);
  });
});

describe('the fingerprint of a plan', () => {
  const fingerprint = (detected: Parameters<typeof planStoreDatabase>[1]) =>
    planStoreDatabase(answers, detected, pack).fingerprint;

  it('stays while only sizes, clocks and free space move', () => {
    const later = onServer(
      { freeBytes: known(49 * 1024 ** 3), clockSkewMs: known(30) },
      existing({}, { dataBytes: known(90 * 1024 ** 2) }),
    );
    expect(fingerprint(later)).toBe(fingerprint(existing()));
  });

  it('changes with the state of the database and with what has to be done', () => {
    const all = [
      nothingThere,
      existing(),
      existing({}, {}, emptyContents),
      existing({ journal: journalOf(pack.scripts.slice(0, 2)), dbVersion: '6.2.0.0' }),
      onServer({ identity: { ...server.identity, productVersion: '15.0.2000.5' } }),
    ];
    expect(new Set(all.map(fingerprint)).size).toBe(all.length);
  });
});
