import { createReadStream } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { PackSource } from './pack.ts';
import { damaged, packRefusal } from './pack-refusal.ts';

/** A pack that is a folder. A link that leads out of it is refused. */
export function folderSource(folder: string): PackSource {
  return {
    open: async (name) => {
      const path = join(folder, ...name.split('/'));
      try {
        const [root, real] = [await realpath(folder), await realpath(path)];
        if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
          throw packRefusal(
            'pack-unsafe',
            `${name} leads out of the pack ${folder}.`,
            'Have the pack made again: a pack holds its files itself.',
          );
        return (await open(real)).createReadStream({ highWaterMark });
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'ENOENT' || code === 'ENOTDIR') throw damaged(name, 'the file is missing.', error);
        if (code === 'EACCES' || code === 'EPERM' || code === 'EIO')
          throw damaged(name, `the file cannot be read (${code}).`, error);
        throw error;
      }
    },
  };
}

/**
 * The folder that travels with storedb: whole, and without links. Inside the executable `fs` gives no handles and
 * resolves no files; streams by path it has.
 */
export function shippedSource(folder: string): PackSource {
  return { open: async (name) => createReadStream(join(folder, ...name.split('/')), { highWaterMark }) };
}

const highWaterMark = 1 << 18;
