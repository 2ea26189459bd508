import { rename, rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { FileWriter, PackTarget } from './pack-target.ts';

/**
 * The time of every file in a zip, so that the same rows make the same bytes. Zip has the time of the wall clock
 * without a zone, hence the local midnight; 1980 is the first year that it can write.
 */
const entryOptions = {
  mtime: new Date(1980, 0, 1),
  mode: 0o100644,
  compress: true,
  forceDosTimestamp: true,
} as const;

/** A pack as a zip file. */
export async function zipTarget(path: string, write: FileWriter): Promise<PackTarget> {
  const unfinished = `${path}.unfinished`;
  // Of an export that was killed.
  await rm(unfinished, { force: true });
  const zip = new ZipFile();
  const file = write(unfinished);
  let entry: PassThrough | undefined;
  let failure: unknown;
  const written = pipeline(zip.outputStream, file).catch((error: unknown) => {
    failure = error;
    entry?.destroy(error as Error);
  });
  return {
    place: path,
    begin: async (name) => {
      if (failure !== undefined) throw failure;
      entry = new PassThrough();
      // Whoever writes next is told, and `finish`.
      entry.on('error', () => undefined);
      zip.addReadStream(entry, name, entryOptions);
      return entry;
    },
    end: async () => {
      if (failure !== undefined) throw failure;
    },
    finish: async () => {
      zip.end();
      await written;
      if (failure !== undefined) throw failure;
      await rename(unfinished, path);
    },
    abandon: async () => {
      entry?.destroy();
      file.destroy();
      await written;
      await rm(unfinished, { force: true });
    },
  };
}
