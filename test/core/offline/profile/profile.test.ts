import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseProfile } from '../../../../src/core/offline/profile/choose-profile.ts';
import { type OfflineProfile, storedName } from '../../../../src/core/offline/profile/profile.ts';
import { parseProfile } from '../../../../src/core/offline/profile/profile-file.ts';
import { readProfiles } from '../../../../src/core/offline/profile/read-profiles.ts';
import { validateProfile } from '../../../../src/core/offline/profile/validate-profile.ts';
import { writeProfileBatch } from '../../../../src/core/offline/profile/write-profile.ts';
import type { TableShape } from '../../../../src/core/offline/tables/table-shape.ts';
import type { SqlSession } from '../../../../src/core/sql/session.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { dropDatabase, sessionIn, shippedProfiles } from '../shop.ts';

const nothingStored = { profiles: [], ofStores: new Map<string, string>() };

describe('a file with a profile', () => {
  const valid = 'version: 1\nname: Own\nscopes:\n  - name: A\n    direction: upload\n    tables: [T1, T2]\n';

  it('is read', () => {
    expect(parseProfile(valid, 'p.yaml')).toEqual({
      name: 'Own',
      description: 'Own',
      scopes: [{ name: 'A', direction: 'upload', frequencySeconds: 0, tables: ['T1', 'T2'] }],
    });
  });

  it('may extend another one: a scope of the same name replaces the one below', () => {
    const text = valid
      .replace('name: Own', 'name: Own\nextends: default pr.')
      .replace('- name: A', '- name: tax');
    const extended = parseProfile(text, 'p.yaml', shippedProfiles);
    const names = extended.scopes.map(({ name }) => name);
    expect(names).toHaveLength(shippedProfiles[0]!.scopes.length);
    expect(names.at(-1)).toBe('tax');
    expect(names).not.toContain('Tax');
  });

  it.each([
    ['a direction that is none', valid.replace('upload', 'sideways'), 'p.yaml:5: Write download, upload'],
    ['no tables', valid.replace('[T1, T2]', '[]'), 'p.yaml:6: A scope has at least one table.'],
    ['a name of 51 characters', valid.replace('T1', 'T'.repeat(51)), 'p.yaml:6: '],
    ['a profile that is not there', `${valid}extends: Nobody\n`, 'There is no profile Nobody to extend.'],
    ['no YAML', 'version: [', 'p.yaml:1: '],
  ])('with %s is refused with its line', (_, text, message) => {
    expect(() => parseProfile(text, 'p.yaml', shippedProfiles)).toThrow(
      expect.objectContaining({ code: 'profile-invalid', message: expect.stringContaining(message) }),
    );
  });
});

describe('the profile of a register', () => {
  const file: OfflineProfile = { name: 'Default pr.', description: '', scopes: [] };

  it("is head office's where the store database has it, whose name may be cut off", () => {
    const scope = { name: 'A', direction: 'download', frequencySeconds: 0, tables: ['T'] } as const;
    const stored = {
      ...nothingStored,
      profiles: [{ name: 'Default pr', description: '', scopes: [scope] }],
    };
    const chosen = chooseProfile('Default pr.', undefined, stored, [file]);
    expect(chosen).toMatchObject({ from: 'store', profile: { name: 'Default pr.', scopes: [scope] } });
  });

  it('is the one of the file else', () => {
    expect(chooseProfile('default PR.', undefined, nothingStored, [file]).from).toBe('file');
  });

  it('comes with a warning when head office gave the store another one', () => {
    const stored = { ...nothingStored, ofStores: new Map([['houston', 'Big']]) };
    expect(chooseProfile('Default pr.', 'HOUSTON', stored, [file]).warnings[0]?.message).toContain('"Big"');
  });
});

describe('a profile that cannot be provisioned', () => {
  const shape = (change: Partial<TableShape> = {}): TableShape => ({
    schema: 'dbo',
    name: 'T',
    columns: [
      {
        name: 'ID',
        type: 'int',
        maxLength: 4,
        precision: 10,
        scale: 0,
        isNullable: false,
        isIdentity: false,
        isComputed: false,
        collation: undefined,
        isDatabaseCollation: false,
      },
    ],
    primaryKey: ['ID'],
    isClusteredOnKey: true,
    ...change,
  });
  const [column] = shape().columns;
  const problemsOf = (tables: readonly string[], found?: TableShape) =>
    validateProfile(
      {
        name: 'P',
        description: '',
        scopes: [{ name: 'S', direction: 'download', frequencySeconds: 0, tables }],
      },
      new Map(found === undefined ? [] : [['t', found]]),
    ).map(({ message }) => message);

  it.each<[string, readonly string[], TableShape | undefined, RegExp]>([
    ['a table that is missing', ['T'], undefined, /is not in the store database/],
    ['a table that stands twice', ['T', 't'], shape(), /stands twice/],
    ['a table without a key', ['T'], shape({ primaryKey: [] }), /has no primary key/],
    ['a heap', ['T'], shape({ isClusteredOnKey: false }), /is not clustered on its primary key/],
    [
      'an identity in the key',
      ['T'],
      shape({ columns: [{ ...column!, isIdentity: true }] }),
      /identity column ID/,
    ],
    [
      'a type that cannot travel',
      ['T'],
      shape({ columns: [column!, { ...column!, name: 'X', type: 'xml' }] }),
      /column X of type xml/,
    ],
    ['a tracking table', ['T_tracking'], undefined, /is a tracking table itself/],
    ['no tables', [], undefined, /has no tables/],
  ])('is one with %s', (_, tables, found, message) => {
    expect(problemsOf(tables, found)).toEqual([expect.stringMatching(message)]);
  });

  it('is not one whose table is all right', () => {
    expect(problemsOf(['T'], shape())).toEqual([]);
  });
});

describe('a profile in the store database', () => {
  let server: Awaited<ReturnType<typeof startTestServer>>;
  let session: SqlSession;
  const database = `storedb-profile-${process.pid}`;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    server = await startTestServer();
    const master = await sessionIn(server, 'master');
    await master.batch(`CREATE DATABASE [${database}]`);
    await master.close();
    session = await sessionIn(server, database);
    const script = readFileSync(new URL('../../../../sql/6.2.0.0/130-sync.sql', import.meta.url), 'utf8');
    for (const batch of script.split(/^GO$/m)) await session.batch(batch);
  });

  afterAll(async () => {
    await session.close();
    const master = await sessionIn(server, 'master');
    await dropDatabase(master, database);
    await master.close();
    await server.stop();
  });

  const tables = ['PROFILE', 'PROFILESCOPES', 'SCOPE', 'SCOPETABLES', 'TABLE'];
  const clear = () => session.batch(tables.map((name) => `DELETE FROM dbo.RETAILOFFLINE${name};`).join('\n'));

  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
    .filter((text) => /^\w+$/.test(text));
  const scopes = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("It's", '東京 ]', 'A', 'B; DROP', 'C--'),
      direction: fc.constantFrom('download' as const, 'upload' as const, 'bidirectional' as const),
      frequencySeconds: fc.integer({ min: 0, max: 86_400 }),
      count: fc.integer({ min: 1, max: 5 }),
    }),
    { selector: (scope) => scope.name, minLength: 1 },
  );

  it('is read back as it was written, in its order, and writing it again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(name, scopes, async (profileName, described) => {
        await clear();
        const profile: OfflineProfile = {
          name: storedName(profileName),
          description: 'x',
          scopes: described.map(({ count, ...scope }, at) => ({
            ...scope,
            tables: Array.from({ length: count }, (_, index) => `T'${at}_${index}`),
          })),
        };
        const { sql } = writeProfileBatch(profile);
        await session.batch(sql);
        expect((await readProfiles(session, signal)).profiles).toEqual([profile]);
        const counts = () =>
          session.query(
            tables.map((each) => `SELECT COUNT(*) AS n FROM dbo.RETAILOFFLINE${each}`).join(' UNION ALL '),
          );
        const before = await counts();
        await session.batch(sql);
        expect(await counts()).toEqual(before);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('takes up rows of head office and changes none of them', async () => {
    await clear();
    await session.batch(
      `INSERT INTO dbo.RETAILOFFLINESCOPE (RECID, DESCRIPTION, SYNCDIRECTION) VALUES (5637144576, N'A', 2);
INSERT INTO dbo.RETAILOFFLINETABLE (RECID, TABLENAME) VALUES (5637144577, N'T1');`,
    );
    const scope = { name: 'A', direction: 'download', frequencySeconds: 9, tables: ['T1', 'T2'] } as const;
    await session.batch(writeProfileBatch({ name: 'P', description: '', scopes: [scope] }).sql);
    const [read] = (await readProfiles(session, signal)).profiles;
    expect(read?.scopes[0]).toMatchObject({
      direction: 'bidirectional',
      frequencySeconds: 0,
      tables: ['T1', 'T2'],
    });
  });
});
