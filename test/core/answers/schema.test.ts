import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseAnswers } from '../../../src/core/answers/load.ts';
import { answersJsonSchema, answersSchema } from '../../../src/core/answers/schema.ts';

const assets = new URL('../../../assets/', import.meta.url);
const accepts = (value: unknown) => answersSchema().safeParse(value).success;
const store = {
  version: 1,
  task: 'store-database',
  storeDatabase: { server: '.', name: 'AX', auth: { kind: 'sql', user: 'sa', password: 'env:P' } },
};

test('the published JSON Schema is the one of the steps (else run node scripts/generate-assets.ts)', async () => {
  const published: unknown = JSON.parse(await readFile(new URL('answers.schema.json', assets), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(answersJsonSchema())));
});

test('the JSON Schema explains each key', () => {
  const text = JSON.stringify(answersJsonSchema());
  expect(text).toContain('Different for each register of the store');
  expect(text).toContain('"default":"Default pr."');
});

test('every example answers file is valid', async () => {
  const folder = new URL('example-answers/', assets);
  const names = await readdir(folder);
  expect(names.sort()).toEqual(['offline-database.yaml', 'store-database.yaml']);
  for (const name of names) {
    const answers = parseAnswers(await readFile(new URL(name, folder), 'utf8'), name);
    expect(`${answers.task}.yaml`).toBe(name);
  }
});

test('the schema demands what the task needs and refuses what it does not use', () => {
  expect(accepts(store)).toBe(true);
  expect(accepts({ ...store, task: 'register-connection' })).toBe(false);
  const identification = { storeId: 'H', registerId: 'H-1', dataAreaId: 'usrt' };
  expect(accepts({ ...store, task: 'register-connection', identification })).toBe(true);
  expect(accepts({ ...store, task: 'offline-database', identification })).toBe(false);
  expect(accepts({ ...store, offlineDatabase: store.storeDatabase })).toBe(false);
  expect(
    accepts({ ...store, storeDatabase: { ...store.storeDatabase, auth: { kind: 'windows', user: 'x' } } }),
  ).toBe(false);
  expect(accepts({ ...store, more: 1 })).toBe(false);
});
