import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filePins } from '../../../src/core/sql/file-pins.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storedb-pins-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the list of accepted certificates', () => {
  it('outlives the process, and its folder is made when it is missing', async () => {
    const path = join(folder, 'new', 'certificates.json');
    expect(await filePins(path).find('srv01,1433')).toBeUndefined();
    await filePins(path).keep('srv01,1433', '4F:19');
    expect(await filePins(path).find('srv01,1433')).toBe('4F:19');
  });

  it('keeps all of several that are accepted at once', async () => {
    const path = join(folder, 'certificates.json');
    const pins = filePins(path);
    await Promise.all(['a', 'b', 'c'].map((key) => pins.keep(key, `of ${key}`)));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ a: 'of a', b: 'of b', c: 'of c' });
  });

  it('does not take the names of built-in properties for servers', async () => {
    expect(await filePins(join(folder, 'x')).find('constructor')).toBeUndefined();
  });

  it.each(['{', '[]', '{"srv01":5}'])('is never taken for empty when it is damaged: %s', async (text) => {
    const path = join(folder, 'certificates.json');
    await writeFile(path, text);
    await expect(filePins(path).find('srv01')).rejects.toMatchObject({ code: 'pins-unreadable' });
    await expect(filePins(path).keep('srv01', 'x')).rejects.toMatchObject({ code: 'pins-unreadable' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
