import { access } from 'node:fs/promises';
import { ExpectedError } from '../../errors.ts';
import { diskFile } from './disk-file.ts';
import { folderTarget } from './folder-target.ts';
import type { FileWriter, PackTarget } from './pack-target.ts';
import { zipTarget } from './zip-target.ts';

/** Whether a pack of that name is one zip file. */
export const isZip = (path: string): boolean => /\.zip$/i.test(path);

/**
 * A new pack at that path: a zip file where the name ends so, else a folder. Throws ExpectedError (exit `usage`) when
 * something is there already; what disks do wrong is explained (`writeFailure`).
 */
export async function openTarget(path: string, write: FileWriter = diskFile): Promise<PackTarget> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new ExpectedError({
      code: 'pack-exists',
      exit: 'usage',
      message: `There is something at ${path} already.`,
      hint: 'Give another name, or move that away first.',
    });
  const target = await explained(path, isZip(path) ? zipTarget(path, write) : folderTarget(path, write));
  return {
    begin: (name) => explained(path, target.begin(name)),
    end: () => explained(path, target.end()),
    finish: () => explained(path, target.finish()),
    abandon: () => target.abandon(),
  };
}

async function explained<Value>(path: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw writeFailure(path, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this account is used up',
  EFBIG: 'the file system takes no file of this size',
  EROFS: 'it is write-protected',
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  ENOENT: 'its folder is not there',
  EIO: 'the disk reports an error',
};

/** A disk that does not take the pack, as something a technician can act on; anything else stays as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new ExpectedError({
    code: code === 'ENOSPC' ? 'disk-full' : 'pack-unwritable',
    exit: 'prerequisite',
    message: `The pack ${path} cannot be written: ${reason} (${code}). Nothing was left there.`,
    hint: 'Make room, or give another place.',
    cause: error,
  });
}
