import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type { PackSource } from './pack.ts';
import { damaged, packRefusal } from './pack-refusal.ts';

/**
 * The most that a file may be larger than its share of the zip. Rows of a shop shrink to between a fifth and a
 * fiftieth; a file made of nothing reaches a thousandth.
 */
const largestRatio = 250;
/** Bytes below which nobody cares. */
const harmless = 16 * 1024 * 1024;
/** A pack has a file for each table. */
const mostEntries = 10_000;

/**
 * A pack that is a zip file. yauzl refuses names that lead out of it, and ends an entry that is larger than the zip
 * says. Entries that the manifest does not name are never read.
 */
export async function zipSource(path: string): Promise<PackSource> {
  const zip = await openZip(path);
  const entries = await readEntries(zip, path).finally(() => zip.close());
  return {
    open: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw damaged(name, 'the file is missing in the zip.');
      if (entry.isEncrypted())
        throw packRefusal(
          'pack-encrypted',
          `${path} is encrypted.`,
          'Have the pack zipped without a password.',
        );
      // Opened for each file: a pack is a place, and nobody has to close it.
      const again = await openZip(path);
      try {
        return (await again.openReadStreamPromise(entry)).once('close', () => again.close());
      } catch (error) {
        again.close();
        throw zipDamaged(path, error);
      }
    },
  };
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  } catch (error) {
    throw zipDamaged(path, error);
  }
}

async function readEntries(zip: ZipFile, path: string): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > mostEntries) throw bomb(path, `it has ${zip.entryCount} files`);
  const entries = new Map<string, Entry>();
  let compressed = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      compressed += entry.compressedSize;
      if (entry.uncompressedSize > harmless && entry.uncompressedSize > entry.compressedSize * largestRatio)
        throw bomb(path, `${entry.fileName} grows to ${entry.uncompressedSize} bytes`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    throw zipDamaged(path, error);
  }
  // Files that lie over each other: every byte of the zip would be read many times.
  if (compressed > zip.fileSize) throw bomb(path, 'its files lie over each other');
  return entries;
}

const bomb = (path: string, what: string) =>
  packRefusal(
    'pack-unsafe',
    `${path} is no pack of a shop's rows: ${what}.`,
    'Find out where this file comes from; have the pack made again.',
  );

function zipDamaged(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'ExpectedError') return error;
  // yauzl's words for names that are absolute, hold '..' or a backslash.
  if (/^(?:invalid relative path|absolute path|invalid characters in fileName)/.test(error.message))
    return packRefusal(
      'pack-unsafe',
      `${path} holds a file that would leave the pack (${error.message}).`,
      'Find out where this file comes from; have the pack made again.',
      {},
      error,
    );
  return damaged(path, `the zip file is not whole (${error.message}).`, error);
}
