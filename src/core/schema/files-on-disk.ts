import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackFiles } from './pack.ts';

/** Packs as folders of this computer; `builtinFolder` is where the built-in one lies (in the executable: its assets). */
export function packFilesOnDisk(builtinFolder: string): PackFiles {
  return {
    read: (location, path) =>
      readFile(join(location === 'builtin' ? builtinFolder : location, ...path.split('/'))),
  };
}
