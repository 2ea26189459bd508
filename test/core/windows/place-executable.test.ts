import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkPlaced, placeExecutable } from '../../../src/core/windows/place-executable.ts';

/** Windows lets nobody put a file over a running one; Linux does. */
const windows = vi.hoisted(() => ({
  running: undefined as string | undefined,
  copyError: undefined as string | undefined,
}));
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof files>();
  const refuse = (path: unknown) => {
    if (path === windows.running) throw Object.assign(new Error('in use'), { code: 'EPERM' });
  };
  return {
    ...actual,
    copyFile: async (from: string, to: string) => {
      if (windows.copyError) throw Object.assign(new Error('refused'), { code: windows.copyError });
      await actual.copyFile(from, to);
    },
    rename: async (from: string, to: string) => {
      refuse(to);
      await actual.rename(from, to);
      if (from === windows.running) windows.running = to;
    },
    rm: async (path: string) => {
      refuse(path);
      await actual.rm(path);
    },
  };
});

const sum = (text: string) => createHash('sha256').update(text).digest('hex');

describe('placing an executable', () => {
  let folder: string;
  let from: string;
  let to: string;
  beforeEach(async () => {
    folder = await files.mkdtemp(join(tmpdir(), 'storedb-place-'));
    from = join(folder, 'storedb-on-a-stick');
    to = join(folder, 'programs', 'storedb');
    await files.writeFile(from, 'version 1');
  });
  afterEach(async () => {
    windows.running = undefined;
    windows.copyError = undefined;
    const { rm } = await vi.importActual<typeof files>('node:fs/promises');
    await rm(folder, { recursive: true });
  });
  const placed = () => files.readdir(join(folder, 'programs'));

  it('copies it, and does nothing the second time', async () => {
    expect(await placeExecutable(from, to)).toEqual({ sha256: sum('version 1'), isNew: true });
    expect((await files.stat(to)).mode & 0o777).toBe(0o755);
    expect(await placeExecutable(from, to)).toEqual({ sha256: sum('version 1'), isNew: false });
    expect(await placed()).toEqual(['storedb']);
  });

  it('finishes what a killed run left', async () => {
    await files.mkdir(join(folder, 'programs'));
    await files.writeFile(`${to}.new`, 'half of vers');
    await files.writeFile(`${to}.old-17`, 'version 0');
    await placeExecutable(from, to);
    expect(await files.readFile(to, 'utf8')).toBe('version 1');
    expect(await placed()).toEqual(['storedb']);
  });

  it('replaces one that runs, and removes that when it has ended', async () => {
    await placeExecutable(from, to);
    windows.running = to;
    await files.writeFile(from, 'version 2');
    await placeExecutable(from, to);
    expect(await files.readFile(to, 'utf8')).toBe('version 2');
    expect(await placed()).toEqual(['storedb', expect.stringMatching(/^storedb\.old-\d+$/)]);
    windows.running = undefined;
    await files.writeFile(from, 'version 3');
    await placeExecutable(from, to);
    expect(await placed()).toEqual(['storedb']);
  });

  it('replaces a program that really runs here', async () => {
    await files.copyFile('/bin/sleep', from);
    await placeExecutable(from, to);
    const program = spawn(to, ['600']);
    try {
      await once(program, 'spawn');
      await files.writeFile(from, 'version 2');
      await placeExecutable(from, to);
      expect(await files.readFile(to, 'utf8')).toBe('version 2');
      expect(program.exitCode).toBeNull();
    } finally {
      program.kill();
      await once(program, 'exit');
    }
  });

  it('says what has become of it when it is checked later', async () => {
    const { sha256 } = await placeExecutable(from, to);
    await checkPlaced(to, sha256);
    await files.writeFile(to, 'changed');
    await expect(checkPlaced(to, sha256)).rejects.toMatchObject({
      code: 'executable-lost',
      message: expect.stringContaining('is not what was copied'),
    });
    await files.rm(to);
    await expect(checkPlaced(to, sha256)).rejects.toMatchObject({
      code: 'executable-lost',
      message: expect.stringContaining('antivirus'),
    });
  });

  it.each([
    ['EACCES', 'administrator-needed'],
    ['EROFS', 'administrator-needed'],
    ['ENOSPC', 'disk-full'],
  ])('that ends with %s says %s', async (error, code) => {
    windows.copyError = error;
    await expect(placeExecutable(from, to)).rejects.toMatchObject({ code });
  });

  it('that fails otherwise is a bug, and thrown as it is', async () => {
    windows.copyError = 'EIO';
    await expect(placeExecutable(from, to)).rejects.toMatchObject({ code: 'EIO', name: 'Error' });
  });
});
