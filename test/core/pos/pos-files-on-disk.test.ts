import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { posFilesOnDisk } from '../../../src/core/pos/pos-files-on-disk.ts';

let folder: string;
let path: string;
const files = posFilesOnDisk({});
const now = new Date('2026-11-23T08:09:10.123Z');
const isWindows = process.platform === 'win32';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storedb-pos-'));
  path = join(folder, 'POS.exe.config');
  await writeFile(path, 'old');
});
afterEach(() => rm(folder, { recursive: true }));

const text = (file: string) => readFile(file, 'utf8');

describe('the files of POS on disk', () => {
  it('are found in the usual folder below either Program Files', async () => {
    const usual = join(folder, 'Microsoft Dynamics AX', '60', 'Retail POS');
    await mkdir(usual, { recursive: true });
    await writeFile(join(usual, 'POS.exe.config'), '');
    const missing = join(folder, 'none');
    const look = (environment: Record<string, string>) => posFilesOnDisk(environment).findConfig();
    expect(await look({ 'ProgramFiles(x86)': folder })).toBe(join(usual, 'POS.exe.config'));
    expect(await look({ 'ProgramFiles(x86)': missing, ProgramFiles: folder })).toBeDefined();
    expect(await look({ 'ProgramFiles(x86)': missing })).toBeUndefined();
    expect(await look({})).toBeUndefined();
  });

  it('tell a missing file from one that cannot be read', async () => {
    expect(await files.read(join(folder, 'none'))).toBeUndefined();
    await expect(files.read(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('know a read-only file', async () => {
    expect(await files.read(path)).toMatchObject({ isReadOnly: false });
    await chmod(path, 0o444);
    expect(await files.read(path)).toMatchObject({ isReadOnly: true });
  });

  it('get new content, and the old one stays beside it', async () => {
    const backup = await files.replace(path, Buffer.from('new'), now);
    expect(backup.endsWith('POS.exe.config.storedb-20261123T080910Z.bak')).toBe(true);
    expect(await text(path)).toBe('new');
    expect(await text(backup)).toBe('old');
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('never write over a backup', async () => {
    const backup = await files.replace(path, Buffer.from('second'), now);
    await files.replace(path, Buffer.from('third'), now);
    expect(await text(backup)).toBe('old');
    expect(await text(path)).toBe('third');
  });

  it('keep the first backup and the latest nine', async () => {
    const foreign = `${path}.bak`;
    await writeFile(foreign, 'not ours');
    for (let hour = 0; hour < 14; hour += 1)
      await files.replace(path, Buffer.from(`${hour}`), new Date(Date.UTC(2026, 0, 1, hour)));
    const names = (await readdir(folder)).filter((name) => name.includes('.storedb-')).sort();
    expect(names).toHaveLength(10);
    expect(await text(join(folder, names[0] ?? ''))).toBe('old');
    expect(names.at(-1)).toContain('20260101T130000Z');
    expect(await text(foreign)).toBe('not ours');
  });

  it.skipIf(isWindows)('keep the rights of the file, and replace what a link leads to', async () => {
    await chmod(path, 0o666);
    const link = join(folder, 'link.config');
    await symlink(path, link);
    await files.replace(link, Buffer.from('new'), now);
    expect((await stat(path)).mode & 0o777).toBe(0o666);
    expect(await text(path)).toBe('new');
    expect(await text(link)).toBe('new');
  });

  it('leave the file alone when they cannot finish', async () => {
    await rm(path);
    await mkdir(path);
    await expect(files.replace(path, Buffer.from('new'), now)).rejects.toHaveProperty('code');
    expect(await readdir(folder)).toEqual(['POS.exe.config']);
  });
});
