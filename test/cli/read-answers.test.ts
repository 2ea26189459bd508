import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnswers } from '../../src/cli/read-answers.ts';
import type { Answers } from '../../src/core/answers/answers.ts';

let stick: string;
beforeEach(() => {
  stick = mkdtempSync(join(tmpdir(), 'storedb-stick-'));
});
afterEach(() => rmSync(stick, { recursive: true, force: true }));

const write = (password: string, pack: string): string => {
  mkdirSync(join(stick, 'shop'), { recursive: true });
  const path = join(stick, 'shop', 'a.yaml');
  writeFileSync(
    path,
    [
      'version: 1',
      'task: store-database',
      `storeDatabase: { server: X, name: A, auth: { kind: sql, user: u, password: '${password}' } }`,
      `options: { schemaPack: '${pack}' }`,
    ].join('\n'),
  );
  return path;
};
const passwordOf = ({ storeDatabase: { auth } }: Answers) =>
  auth.kind === 'windows' ? undefined : auth.password;

describe('paths in an answers file', () => {
  it('count from the folder of the file, not from the current one', async () => {
    const answers = await readAnswers(write('file:../password.txt', 'pack'), []);
    expect(passwordOf(answers)).toBe(`file:${join(stick, 'password.txt')}`);
    expect(answers.options.schemaPack).toBe(join(stick, 'shop', 'pack'));
  });

  it('stay as they are when they are absolute, and what is no path stays too', async () => {
    const pack = join(stick, 'pack');
    expect((await readAnswers(write('env:file', pack), [])).options.schemaPack).toBe(pack);
    const answers = await readAnswers(write('env:file', 'builtin'), []);
    expect(answers.options.schemaPack).toBe('builtin');
    expect(passwordOf(answers)).toBe('env:file');
  });

  it('count from the current folder when --set gives them', async () => {
    const path = write('env:P', 'builtin');
    const set = async (value: string) =>
      (await readAnswers(path, [`options.schemaPack=${value}`])).options.schemaPack;
    expect(await set('my packs/one')).toBe(resolve('my packs/one'));
    expect(await set('builtin')).toBe('builtin');
    expect(await set('')).toBe('builtin');
  });
});
