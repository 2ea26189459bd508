import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExpectedError } from '../errors.ts';

/** `sha256` of what lies at `to` now, for `checkPlaced`; `isNew` is false when it lay there already. */
export type Placed = { readonly sha256: string; readonly isNew: boolean };

/**
 * Copies an executable to its own folder, or replaces the one there, which may be running: Windows lets nobody write
 * over that, but lets everybody rename it. At every moment one whole executable lies there, the old or the new, but for
 * the one between two renames on Windows; a run that ends there is finished by the next.
 */
export async function placeExecutable(from: string, to: string): Promise<Placed> {
  const sha256 = await hashOf(from);
  if ((await hashIfThere(to)) === sha256) return { sha256, isNew: false };
  const fresh = `${to}.new`;
  try {
    await mkdir(dirname(to), { recursive: true });
    await removeReplaced(to);
    await copyFile(from, fresh);
    await chmod(fresh, 0o755);
    await flush(fresh);
    await checkPlaced(fresh, sha256);
    await putInPlace(fresh, to);
  } catch (error) {
    throw placingFailure(error, to);
  }
  return { sha256, isNew: true };
}

/** Throws ExpectedError `executable-lost` when the file is gone or another: antivirus programs do that, also later. */
export async function checkPlaced(path: string, sha256: string): Promise<void> {
  const found = await hashIfThere(path);
  if (found === sha256) return;
  throw new ExpectedError({
    code: 'executable-lost',
    exit: 'failedPartWay',
    message:
      found === undefined
        ? `${path} was copied there and is gone: most likely an antivirus program removed it.`
        : `${path} is not what was copied there: the medium is damaged, or a program changed it.`,
    hint: 'Allow storedb in the antivirus program, or copy it anew to the stick, and run the same command again.',
    details: { path },
  });
}

async function putInPlace(fresh: string, to: string): Promise<void> {
  try {
    await rename(fresh, to);
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'EACCES', 'EBUSY')) throw error;
    // It is running. It keeps running under its other name, which is removed by the next placing.
    await rename(to, `${to}.old-${Date.now()}`);
    await rename(fresh, to);
    await removeReplaced(to);
  }
}

/** Those that still run stay. */
async function removeReplaced(path: string): Promise<void> {
  const prefix = `${basename(path)}.old-`;
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    await rm(join(folder, name)).catch((error: unknown) => {
      if (!isErrno(error, 'EPERM', 'EACCES', 'EBUSY', 'ENOENT')) throw error;
    });
  }
}

/** So that a power cut does not leave a file with the right name and no content. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

async function hashIfThere(path: string): Promise<string | undefined> {
  try {
    return await hashOf(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function placingFailure(error: unknown, to: string): unknown {
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS'))
    return new ExpectedError({
      code: 'administrator-needed',
      exit: 'prerequisite',
      message: `storedb may not write to ${dirname(to)}.`,
      hint: 'Start storedb as an administrator (on Linux: as root) and run the same command again.',
      details: { path: to },
      cause: error,
    });
  if (isErrno(error, 'ENOSPC'))
    return new ExpectedError({
      code: 'disk-full',
      exit: 'failedPartWay',
      message: `There is no room for storedb in ${dirname(to)}.`,
      hint: 'Free some 200 MB on that disk and run the same command again.',
      details: { path: to },
      cause: error,
    });
  return error;
}
