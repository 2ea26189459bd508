import { describe, expect, test } from 'vitest';
import {
  fromAnswers,
  problemsOf,
  problemsOfDraft,
  relevantFields,
  relevantSteps,
  setField,
  startingDraft,
  toAnswers,
  typedSecrets,
} from '../../../src/core/answers/draft.ts';
import { ExpectedError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { steps } from '../../../src/core/steps/index.ts';
import { offlineDraft, storeDraft } from './sample-drafts.ts';

const step = (id: string) => steps.find((candidate) => candidate.id === id)!;
const asked = (id: string, draft: Parameters<typeof relevantFields>[1]) =>
  relevantFields(step(id), draft).map((field) => field.key.split('.').at(-1));

describe('a draft', () => {
  test('starts with the defaults and suggestions and lacks only what nobody can guess', () => {
    const draft = setField(startingDraft(), 'task', 'store-database');
    expect(problemsOfDraft(draft).map((problem) => problem.key)).toEqual([
      'storeDatabase.server',
      'storeDatabase.auth.user',
      'storeDatabase.auth.password',
    ]);
  });

  test('becomes answers with the defaults filled in', () => {
    expect(toAnswers(storeDraft)).toEqual({
      version: 1,
      task: 'store-database',
      identification: { storeId: 'HOUSTON', dataAreaId: 'usrt' },
      storeDatabase: {
        server: 'SRV01\\RETAIL',
        name: 'AXRETAILPOS',
        auth: { kind: 'sql', user: 'setup', password: 'env:STORE_PASSWORD' },
      },
      options: {
        encryption: 'verify',
        schemaPack: 'builtin',
        offlineProfile: 'Default pr.',
        startService: true,
        replaceRegister: false,
      },
    });
  });

  test('comes back from its answers', () => {
    const answers = toAnswers(offlineDraft);
    expect(toAnswers(fromAnswers(answers))).toEqual(answers);
  });

  test('is not changed by setting a field', () => {
    const before = { ...storeDraft };
    setField(storeDraft, 'storeDatabase.name', 'OTHER');
    expect(storeDraft).toEqual(before);
  });

  test('refuses a field that no step has', () => {
    expect(() => setField(storeDraft, 'storeDatabase.sever', 'x')).toThrow('No step has a field');
  });

  test('that is incomplete does not become answers', () => {
    expect(() => toAnswers(setField(storeDraft, 'storeDatabase.server', ' '))).toThrow(ExpectedError);
  });
});

describe('what is asked', () => {
  test('depends on the task', () => {
    const ids = (task: string) => relevantSteps({ task }).map((each) => each.id);
    expect(ids('store-database')).toEqual(['task', 'store-database', 'identification', 'access', 'options']);
    expect(ids('offline-database')).toEqual([
      'task',
      'store-database',
      'identification',
      'offline-database',
      'access',
      'options',
    ]);
    expect(ids('register-connection')).toEqual(['task', 'store-database', 'identification', 'options']);
    expect(asked('identification', { task: 'store-database' })).toEqual(['storeId', 'dataAreaId']);
    expect(asked('options', { task: 'store-database' })).toEqual(['encryption', 'schemaPack', 'initialData']);
  });

  test('depends on how one signs in', () => {
    const fieldsAfterName = (kind: string) =>
      asked('store-database', { 'storeDatabase.auth.kind': kind }).slice(3);
    expect(fieldsAfterName('windows')).toEqual([]);
    expect(fieldsAfterName('sql')).toEqual(['user', 'password']);
    expect(fieldsAfterName('ntlm')).toEqual(['domain', 'user', 'password']);
  });

  test('never takes more than six fields a page', () => {
    for (const task of ['store-database', 'offline-database', 'register-connection'])
      for (const each of steps)
        expect(relevantFields(each, { ...offlineDraft, task }).length).toBeLessThanOrEqual(6);
  });

  test('keeps a user out of the answers when the Windows account signs in, and in the draft for choosing back', () => {
    const draft = setField(storeDraft, 'storeDatabase.auth.kind', 'windows');
    expect(toAnswers(draft).storeDatabase.auth).toEqual({ kind: 'windows' });
    expect(toAnswers(setField(draft, 'storeDatabase.auth.kind', 'sql'))).toEqual(toAnswers(storeDraft));
  });

  test('is all three IDs for a register and none for a store database', () => {
    const blank = { task: 'register-connection' };
    expect(problemsOf(step('identification'), blank)).toHaveLength(3);
    expect(problemsOf(step('identification'), { task: 'store-database' })).toEqual([]);
    const { identification } = toAnswers({
      ...storeDraft,
      'identification.storeId': '',
      'identification.dataAreaId': '',
    });
    expect(identification).toBeUndefined();
  });

  test('refuses the store database as offline database', () => {
    const draft = {
      ...offlineDraft,
      'offlineDatabase.server': 'srv01\\retail',
      'offlineDatabase.name': 'axretailpos',
    };
    expect(problemsOf(step('offline-database'), draft).map((problem) => problem.key)).toEqual([
      'offlineDatabase.name',
    ]);
  });
});

describe('a typed password', () => {
  const draft = setField(storeDraft, 'storeDatabase.auth.password', new Secret('canary-7'));

  test('is asked for again in the answers and handed over apart', () => {
    const { auth } = toAnswers(draft).storeDatabase;
    expect(auth).toMatchObject({ password: 'prompt:' });
    expect(typedSecrets(draft).get('storeDatabase.auth.password')?.reveal()).toBe('canary-7');
  });

  test('that is empty is missing', () => {
    const empty = setField(storeDraft, 'storeDatabase.auth.password', new Secret(''));
    expect(problemsOfDraft(empty).map((problem) => problem.key)).toEqual(['storeDatabase.auth.password']);
  });
});
