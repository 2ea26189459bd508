import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { FileWriter, PackTarget } from './pack-target.ts';

/** A pack as a folder; files whose names end in .gz are compressed. */
export async function folderTarget(folder: string, write: FileWriter): Promise<PackTarget> {
  const unfinished = `${folder}.unfinished`;
  // Of an export that was killed.
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, 'tables'), { recursive: true });
  let done: Promise<void> = Promise.resolve();
  let open: Writable | undefined;
  return {
    place: folder,
    begin: async (name) => {
      const path = join(unfinished, ...name.split('/'));
      await mkdir(dirname(path), { recursive: true });
      const file = write(path);
      open = file;
      done = finished(file);
      // Awaited by `end`; until then a failure must not count as nobody's.
      done.catch(() => undefined);
      if (!name.endsWith('.gz')) return file;
      const gzip = createGzip();
      gzip.pipe(file);
      // A full disk ends the whole file, also for who writes into the front of it.
      file.once('error', (error) => gzip.destroy(error));
      gzip.on('error', () => undefined);
      return gzip as Writable;
    },
    end: () => done,
    finish: () => rename(unfinished, folder),
    abandon: async () => {
      open?.destroy();
      await done.catch(() => undefined);
      await rm(unfinished, { recursive: true, force: true });
    },
  };
}
