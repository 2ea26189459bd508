import { describe, expect, test } from 'vitest';
import { parseAnswers } from '../../../src/core/answers/load.ts';
import { ExpectedError } from '../../../src/core/errors.ts';

const good = `version: 1
task: store-database
identification: { storeId: 0012, dataAreaId: usrt }
storeDatabase:
  server: 'SRV01\\RETAIL'
  name: AXRETAILPOS
  auth:
    kind: sql
    user: setup
    password: env:STORE_PASSWORD
`;

function refusal(text: string, overrides: readonly string[] = []): ExpectedError {
  try {
    parseAnswers(text, 'a.yaml', overrides);
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error('The answers were accepted');
}
const problems = (text: string) => refusal(text).message.split('\n');

describe('an answers file', () => {
  test('gives its values as they were written, with the defaults', () => {
    expect(parseAnswers(good, 'a.yaml')).toMatchObject({
      identification: { storeId: '0012', dataAreaId: 'usrt' },
      storeDatabase: { server: 'SRV01\\RETAIL' },
      options: { encryption: 'verify', schemaPack: 'builtin', startService: true },
    });
  });

  test('may be JSON, with tabs and a schema for the editor', () => {
    const { version, ...rest } = parseAnswers(good, 'a.yaml');
    const json = JSON.stringify({ $schema: './answers.schema.json', version, ...rest }, undefined, '\t');
    expect(parseAnswers(json, 'a.json')).toEqual({ version, ...rest });
  });

  test.each(['no', 'null-1', '1e3', 'true'])('keeps the store ID %s as text', (storeId) => {
    const answers = parseAnswers(good.replace('0012', storeId), 'a.yaml');
    expect(answers.identification?.storeId).toBe(storeId);
  });

  test.each(['prompt:', 'stdin:', "'prompt:'", 'prompt: # asks', 'file:C:\\keys\\store.txt'])(
    'may give the password as %s, without quotes',
    (reference) => {
      const { auth } = parseAnswers(good.replace('env:STORE_PASSWORD', reference), 'a.yaml').storeDatabase;
      expect(auth).toMatchObject({ password: reference.replace(/'| #.*/g, '') });
    },
  );

  test('may give the password by prompt inside braces', () => {
    const text = good.replace(/auth:.*/s, 'auth: { kind: sql, password: prompt:, user: setup }\n');
    expect(parseAnswers(text, 'a.yaml').storeDatabase.auth).toMatchObject({
      password: 'prompt:',
      user: 'setup',
    });
  });

  test('may leave groups and values blank that are not needed', () => {
    const text = `${good}offlineDatabase: { server: , name: '' }\noptions:\n  schemaPack: ~\n`;
    expect(parseAnswers(text, 'a.yaml')).toEqual(parseAnswers(good, 'a.yaml'));
  });
});

describe('a wrong answers file', () => {
  test('gets all its problems at once, each with its line', () => {
    const text = `version: 1
task: offline-database
identification: { storeId: HOUSTON-CENTRAL, dataAreaId: usrt }
storeDatabase:
  server: "SRV01\\new"
  name: AX
  auth: { kind: sql, user: setup, pasword: env:X }
offlineDatabase:
  server: .
  name: OFF
  auth: { kind: windows, user: anna }
optoins: { startService: false }
options: { startService: perhaps, server: . }
`;
    expect(problems(text)).toEqual([
      'a.yaml:3: identification.storeId: The store ID is too long: write at most 10 characters.',
      'a.yaml:3: identification.registerId: Register ID is missing: write it, for example HOUSTON-1',
      'a.yaml:5: storeDatabase.server: The server contains a line break or another control character: remove it. In double quotes a backslash is written twice; in single quotes once.',
      'a.yaml:7: storeDatabase.auth.pasword: Unknown key. Did you mean password?',
      'a.yaml:7: storeDatabase.auth.password: Password is missing: write it, for example env:STORE_PASSWORD',
      'a.yaml:11: offlineDatabase.auth.user: Not used with offlineDatabase.auth.kind windows: remove it.',
      'a.yaml:12: optoins: Unknown key. Did you mean options?',
      'a.yaml:13: options.server: Unknown key here. It belongs to storeDatabase.',
      'a.yaml:13: options.startService: Write true or false.',
    ]);
  });

  test('is told what the task does not use', () => {
    expect(problems(`${good}offlineDatabase: { server: . }\n`)).toEqual([
      'a.yaml:11: offlineDatabase.server: Not used with task store-database: remove it.',
    ]);
  });

  test.each([
    ['', 'a.yaml:1: This is not an answers file'],
    ['- a', 'a.yaml:1: This is not an answers file'],
    ['task:\n\tx: 1', 'a.yaml:2: The line begins with a tab'],
    ['version: 1\n---\nversion: 1', 'a.yaml:2: A second document begins here'],
    ['a: "SRV01\\RETAIL"', 'a.yaml:1: A single backslash in double quotes'],
    ['a: "SRV01', 'a.yaml:1: A quote or a bracket is not closed'],
    ['version: 1\nx: a: b', 'a.yaml:2: A second colon in the line'],
    ['x: @home', 'a.yaml:1: The value begins with a special character'],
    [`${good}version: 1\n`, 'a.yaml:11: version: Written twice'],
    [good.replace('version: 1\n', ''), 'a.yaml:1: version: The version is missing'],
    [good.replace('version: 1', 'version: 2'), 'a.yaml:1: version: This storedb knows version 1 only'],
    [good.replace('name: AXRETAILPOS', 'name: [a]'), 'a.yaml:6: storeDatabase.name: Write one value'],
    [
      good.replace('auth:', 'auth: sql\n  auth2:'),
      'a.yaml:7: storeDatabase.auth: A group: write kind, domain, user, password',
    ],
    [
      good.replace('name: AXRETAILPOS', 'name: &n A\n  server: *n'),
      'a.yaml:7: storeDatabase.server: Written twice',
    ],
    [
      good.replace('name: AXRETAILPOS', 'name: *n'),
      'a.yaml:6: storeDatabase.name: A reference to another value',
    ],
    [
      good.replace('task: store-database', 'task: store'),
      'a.yaml:2: task: Not one of the choices: write store-database,',
    ],
  ])('is told why: %j', (text, message) => {
    expect(refusal(text)).toMatchObject({ exit: 'answers', code: 'answers-invalid' });
    expect(refusal(text).message).toContain(message);
  });
});

describe('--set', () => {
  const set = (...overrides: string[]) => parseAnswers(good, 'a.yaml', overrides);

  test('changes one answer before the rest is checked', () => {
    expect(set('storeDatabase.name=A=B', 'identification.storeId=S2').storeDatabase.name).toBe('A=B');
    expect(set('options.startService=false').options.startService).toBe(false);
    expect(set('storeDatabase.name=X', 'storeDatabase.name=Y').storeDatabase.name).toBe('Y');
  });

  test('takes an answer away with an empty value', () => {
    expect(set('identification.storeId=').identification).toEqual({ dataAreaId: 'usrt' });
    const windows = ['kind=windows', 'user=', 'kind=sql', 'user=setup'].map(
      (text) => `storeDatabase.auth.${text}`,
    );
    expect(set(...windows)).toEqual(parseAnswers(good, 'a.yaml'));
  });

  test('is named where its value is wrong', () => {
    expect(refusal(good, ['options.encryption=ssl']).message).toBe(
      '--set: options.encryption: Not one of the choices: write verify, trust, legacy or none.',
    );
  });

  test.each([
    [
      'identification.registerid=A',
      '--set identification.registerid: unknown key.',
      'Did you mean identification.registerId?',
    ],
    ['registerId=A', '--set registerId: unknown key.', 'Did you mean identification.registerId?'],
    [
      'storeDatabase=A',
      '--set storeDatabase: unknown key.',
      'It is a group. Write one of storeDatabase.server,',
    ],
    ['version=2', '--set version: unknown key.', 'Known keys: task,'],
    ['nonsense', '--set needs KEY=VALUE.', 'Write for example'],
    [
      'storeDatabase.auth.password=env:X',
      '--set storeDatabase.auth.password: passwords are not given',
      'Write env:NAME',
    ],
    ['password=x', '--set password: passwords are not given', 'Write env:NAME'],
  ])('refuses %s', (override, message, hint) => {
    const error = refusal(good, [override]);
    expect(error).toMatchObject({ exit: 'usage', code: 'set-refused' });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});
