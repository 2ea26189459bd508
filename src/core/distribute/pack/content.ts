import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Manifest, PackFile } from './manifest.ts';
import type { Pack } from './pack.ts';
import { damaged } from './pack-refusal.ts';

/**
 * The text of a file, uncompressed, as chunks. Ends with an ExpectedError (`pack-damaged`) when there is less or more
 * of it than the manifest says, or something else: whoever has read to the end has read what was packed.
 */
export async function* contentOf(pack: Pack, file: PackFile): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  const stored = await pack.open(file.name);
  const text = file.name.endsWith('.gz')
    ? pipeline(stored, createGunzip({ chunkSize: 1 << 18 }), () => undefined)
    : stored;
  try {
    for await (const chunk of text) {
      size += chunk.length;
      if (size > file.bytes)
        throw damaged(file.name, `it has more than the ${file.bytes} bytes of the manifest.`);
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw readFailure(file, error);
  } finally {
    text.destroy();
    stored.destroy();
  }
  if (size < file.bytes)
    throw damaged(file.name, `it is cut off: ${size} of the ${file.bytes} bytes of the manifest.`);
  if (hash.digest('hex') !== file.sha256)
    throw damaged(file.name, 'its SHA-256 is not the one of the manifest.');
}

/** Reads the files to their end and throws the first thing that is wrong with one. */
export async function checkContents(
  pack: Pack,
  files: Manifest['files'],
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) for await (const _ of contentOf(pack, file)) signal.throwIfAborted();
}

/** Nothing but a broken file or a stick that is gone ends a read. */
function readFailure(file: PackFile, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'ExpectedError') return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_'))
    return damaged(file.name, `its compression is damaged or cut off (${code}).`, error);
  if (code === 'ABORT_ERR' || error.name === 'AbortError') return error;
  return damaged(file.name, `it cannot be read to its end (${error.message}).`, error);
}
