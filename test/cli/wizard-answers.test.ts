import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repeatCommand, wizardAnswers, writeAnswersFile } from '../../src/cli/wizard-answers.ts';
import { startingDraft } from '../../src/core/answers/draft.ts';
import { resolveSecret } from '../../src/core/answers/secrets.ts';
import { Secret } from '../../src/core/secret.ts';
import { memoryPins } from '../../src/core/sql/pins.ts';
import type { Draft } from '../../src/core/steps/index.ts';

const practice = {
  server: '127.0.0.1,5000',
  user: 'sa',
  password: new Secret('known'),
  refusals: async () => [],
  end: async () => undefined,
};

const typed: Draft = {
  task: 'store-database',
  ...startingDraft(),
  'storeDatabase.server': 'SRV01',
  'storeDatabase.auth.user': 'setup',
  'storeDatabase.auth.password': new Secret('typed'),
};

const host = { pins: memoryPins(), warn: () => undefined };
const passwordOf = async ({ secrets }: ReturnType<typeof wizardAnswers>) => {
  const request = { key: 'storeDatabase.auth.password', reference: 'prompt:', question: '' };
  return (await resolveSecret(request, secrets)).reveal();
};

it('connects with what was typed, and records it without the password', async () => {
  const used = wizardAnswers(typed, { ...host, practice: undefined });
  expect(used.answers.storeDatabase.server).toBe('SRV01');
  expect(await passwordOf(used)).toBe('typed');
  expect(JSON.stringify(used.typed)).not.toContain('"typed"');
});

it('replaces every server by the practice server while practising', async () => {
  const used = wizardAnswers(typed, { ...host, practice });
  expect(used.answers.storeDatabase).toMatchObject({ server: '127.0.0.1,5000', auth: { user: 'sa' } });
  expect(used.typed.storeDatabase.server).toBe('SRV01');
  expect(await passwordOf(used)).toBe('known');
});

it('lets a wrong password be practised on the practice server itself', async () => {
  const used = wizardAnswers({ ...typed, 'storeDatabase.server': practice.server }, { ...host, practice });
  expect(await passwordOf(used)).toBe('typed');
});

it.each([
  ['/logs/answers.yaml', false, 'storedb apply /logs/answers.yaml'],
  ['E:\\storedb-logs\\a.yaml', false, 'storedb apply E:\\storedb-logs\\a.yaml'],
  ['C:\\My logs\\a.yaml', true, 'storedb --practice apply "C:\\My logs\\a.yaml"'],
])('says how to run %s again', (path, isPractice, command) => {
  expect(repeatCommand(path, isPractice)).toBe(command);
});

it('writes the answers into a file of its own each time, without the password', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storedb-answers-'));
  const { typed: answers } = wizardAnswers(typed, { ...host, practice: undefined });
  const files = [writeAnswersFile(answers, folder), writeAnswersFile(answers, folder)];
  expect(files).toEqual([
    join(folder, 'answers_AXRETAILPOS.yaml'),
    join(folder, 'answers_AXRETAILPOS_2.yaml'),
  ]);
  for (const file of files) expect(readFileSync(file, 'utf8')).toContain("password: 'prompt:'");
  rmSync(folder, { recursive: true });
});

it('says what to do where no answers file can be written', () => {
  const { typed: answers } = wizardAnswers(typed, { ...host, practice: undefined });
  expect(() => writeAnswersFile(answers, join(tmpdir(), 'storedb-is-not-here'))).toThrow(
    expect.objectContaining({ code: 'file-unwritable', hint: expect.stringContaining('folder') }),
  );
});
