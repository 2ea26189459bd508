import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Answers } from '../../../src/core/answers/answers.ts';
import { fromAnswers, problemsOfDraft, toAnswers } from '../../../src/core/answers/draft.ts';
import { parseAnswers } from '../../../src/core/answers/load.ts';
import { recordAnswers } from '../../../src/core/answers/record.ts';
import { answersTemplate } from '../../../src/core/answers/template.ts';
import { fieldOf } from '../../../src/core/steps/index.ts';

const hostile = fc.constantFrom(
  "'",
  '"',
  ']',
  ';',
  '--',
  '#',
  ': ',
  '- ',
  '\\',
  '{',
  '&',
  '*',
  '!',
  '%',
  '~',
  'no',
  '0x1',
  ' ',
  '東',
  '🛒',
  '\u00A0',
  '\u200B',
  '\uFEFF',
  '$&',
  '`',
);
const mixed = fc.oneof(
  fc.array(hostile, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
/** Texts that the field takes exactly as they are. */
const textOf = (key: string) =>
  mixed.filter((text) => {
    const result = fieldOf(key)!.schema.safeParse(text);
    return result.success && result.data === text;
  });
const reference = fc.oneof(
  fc.constantFrom('prompt:', 'stdin:', 'env:STORE_PASSWORD'),
  mixed
    .map((path) => `file:${path}`)
    .filter((text) => fieldOf('storeDatabase.auth.password')!.schema.safeParse(text).success),
);

function database(section: string) {
  const user = textOf(`${section}.auth.user`);
  const auth = fc.oneof(
    fc.record({ kind: fc.constant('windows' as const) }),
    fc.record({ kind: fc.constant('sql' as const), user, password: reference }),
    fc.record({
      kind: fc.constant('ntlm' as const),
      domain: textOf(`${section}.auth.domain`),
      user,
      password: reference,
    }),
  );
  const server = fc.constantFrom(
    'SRV01\\RETAIL',
    '.\\SQLEXPRESS',
    '(local)',
    '10.0.0.4,1433',
    '[fe80::1],1433',
    'tcp:srv',
  );
  return fc.record({ server, name: textOf(`${section}.name`), auth });
}

const options = fc.record({
  encryption: fc.constantFrom('verify' as const, 'trust' as const, 'legacy' as const, 'none' as const),
  schemaPack: textOf('options.schemaPack'),
  offlineProfile: textOf('options.offlineProfile'),
  startService: fc.boolean(),
  replaceRegister: fc.boolean(),
});
const ids = {
  storeId: textOf('identification.storeId'),
  registerId: textOf('identification.registerId'),
  dataAreaId: fc.stringMatching(/^[A-Za-z0-9]{1,4}$/),
};
const always = { version: fc.constant(1 as const), storeDatabase: database('storeDatabase'), options };
const anyAnswers: fc.Arbitrary<Answers> = fc
  .oneof(
    fc.record({ ...always, task: fc.constant('store-database' as const) }),
    fc.record({
      ...always,
      task: fc.constant('store-database' as const),
      identification: fc.record(ids, { requiredKeys: ['storeId'] }),
    }),
    fc.record({
      ...always,
      task: fc.constant('register-connection' as const),
      identification: fc.record(ids),
    }),
    fc.record({
      ...always,
      task: fc.constant('offline-database' as const),
      identification: fc.record(ids),
      offlineDatabase: database('offlineDatabase'),
    }),
  )
  .filter((answers) => problemsOfDraft(fromAnswers(answers)).length === 0);

describe('recorded answers', () => {
  test('reproduce the run, whatever the names are', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        expect(parseAnswers(recordAnswers(answers), 'a.yaml')).toEqual(answers);
      }),
    );
  });

  test('are the same as JSON', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        expect(parseAnswers(JSON.stringify(answers), 'a.json')).toEqual(answers);
      }),
    );
  });

  test('survive the draft of the wizard', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        expect(toAnswers(fromAnswers(answers))).toEqual(answers);
      }),
    );
  });

  test('take an override of any text', () => {
    fc.assert(
      fc.property(anyAnswers, textOf('storeDatabase.name'), (answers, name) => {
        const changed = { ...answers, storeDatabase: { ...answers.storeDatabase, name } };
        fc.pre(problemsOfDraft(fromAnswers(changed)).length === 0);
        expect(parseAnswers(recordAnswers(answers), 'a.yaml', [`storeDatabase.name=${name}`])).toEqual(
          changed,
        );
      }),
    );
  });

  test('no text whatever makes the reader fail with anything but a list of problems', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mixed,
          fc
            .array(fc.oneof(hostile, fc.constantFrom('\n', '\t', 'task: ', 'storeDatabase:')))
            .map((parts) => parts.join('')),
        ),
        (text) => {
          expect(() => parseAnswers(text, 'a.yaml')).toThrow(/^a\.yaml:\d+: /);
        },
      ),
    );
  });

  test('show the technician plain YAML in the order of the questions', () => {
    const answers: Answers = {
      options: {
        startService: true,
        replaceRegister: false,
        offlineProfile: 'Default pr.',
        schemaPack: 'builtin',
        encryption: 'trust',
      },
      storeDatabase: {
        auth: { kind: 'sql', user: 'setup', password: 'prompt:' },
        server: 'SRV01\\RETAIL',
        name: 'AX',
      },
      task: 'store-database',
      version: 1,
    };
    expect(recordAnswers(answers)).toMatchInlineSnapshot(`
      "# Answers of a storedb run. The same run again:  storedb apply THIS-FILE
      # Passwords are not in here, only where they come from.
      version: 1
      task: store-database
      storeDatabase:
        server: SRV01\\RETAIL
        name: AX
        auth:
          kind: sql
          user: setup
          password: 'prompt:'
      options:
        encryption: trust
        schemaPack: builtin
        offlineProfile: Default pr.
        replaceRegister: false
        startService: true
      "
    `);
  });
});

describe('the template', () => {
  const blank = (text: string) =>
    text
      .split('\n')
      .filter(
        (line) =>
          /^ *[a-z]\w*:$/i.test(line) && !/(identification|Database|auth|serviceAccount|options):/.test(line),
      );

  test.each([
    [undefined, ['server', 'user', 'storeId', 'dataAreaId', 'user', 'initialData']],
    ['store-database', ['server', 'user', 'storeId', 'dataAreaId', 'user', 'initialData']],
    ['register-connection', ['server', 'user', 'storeId', 'registerId', 'dataAreaId', 'posConfig']],
    [
      'offline-database',
      ['server', 'user', 'storeId', 'registerId', 'dataAreaId', 'server', 'user', 'posConfig'],
    ],
  ] as const)('for %s leaves blank only what nobody can guess', (task, keys) => {
    expect(blank(answersTemplate(task)).map((line) => line.trim().slice(0, -1))).toEqual(keys);
  });

  test.each([undefined, 'store-database', 'register-connection', 'offline-database'] as const)(
    'for %s is valid after it was filled in',
    (task) => {
      const values: Record<string, string> = {
        storeId: 'HOUSTON',
        registerId: 'HOUSTON-1',
        dataAreaId: 'usrt',
        server: 'SRV01',
        user: 'setup',
      };
      const filled = answersTemplate(task).replace(
        /^( *)(storeId|registerId|dataAreaId|server|user):$/gm,
        (_, indent, key) => `${indent}${key}: ${values[key]}`,
      );
      expect(parseAnswers(filled, 'a.yaml').task).toBe(task ?? 'store-database');
    },
  );

  test('is valid YAML with its commented lines too', () => {
    const everything = answersTemplate().replace(/^( *)#(?=[a-z])/gim, '$1');
    expect(Object.keys(parse(everything).offlineDatabase.auth)).toEqual([
      'kind',
      'domain',
      'user',
      'password',
    ]);
  });
});
