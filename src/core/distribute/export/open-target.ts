import { access } from 'node:fs/promises';
import { ExpectedError } from '../../errors.ts';
import { diskFile } from './disk-file.ts';
import { folderTarget } from './folder-target.ts';
import type { FileWriter, PackTarget } from './pack-target.ts';
import { writeFailure } from './write-failure.ts';
import { zipTarget } from './zip-target.ts';

/** Whether a pack of that name is one zip file. */
export const isZip = (path: string): boolean => /\.zip$/i.test(path);

/**
 * A new pack at that path: a zip file where the name ends so, else a folder. Throws ExpectedError (exit `usage`) when
 * something is there already.
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
  try {
    return await (isZip(path) ? zipTarget(path, write) : folderTarget(path, write));
  } catch (error) {
    throw writeFailure(path, error);
  }
}
