import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ExpectedError } from '../../errors.ts';
import { folderSource, shippedSource } from './folder-source.ts';
import { largestManifest, manifestName, parseManifest } from './manifest.ts';
import type { Pack, PackSource } from './pack.ts';
import { damaged } from './pack-refusal.ts';
import { zipSource } from './zip-source.ts';

/**
 * Finds a pack in a folder or a zip file and reads its manifest. Throws ExpectedError: exit `answers` when there is
 * nothing at that path, `prerequisite` when it is no pack.
 */
export async function openPack(path: string): Promise<Pack> {
  return await packOf(path, (await isFolder(path)) ? folderSource(path) : await zipSource(path));
}

/** The pack that travels with storedb, also within the executable. Throws as `openPack`. */
export async function openShippedPack(folder: string): Promise<Pack> {
  return await packOf(folder, shippedSource(folder));
}

async function packOf(path: string, source: PackSource): Promise<Pack> {
  const text = await readAll(await source.open(manifestName));
  return { place: path, manifest: parseManifest(text, path), open: source.open };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new ExpectedError({
      code: 'pack-unreadable',
      exit: 'answers',
      message: `There is no pack at ${path}.`,
      hint: 'Check the path, and that the stick or share is there.',
      cause: error,
    });
  }
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > largestManifest) {
      stream.destroy();
      throw damaged(manifestName, 'it is larger than a manifest can be.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
