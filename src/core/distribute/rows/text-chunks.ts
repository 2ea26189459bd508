import type { PackFile } from '../pack/manifest.ts';
import { damaged } from '../pack/pack-refusal.ts';

/** UTF-8 as text; a byte-order mark at the beginning is dropped. Throws for bytes that are not UTF-8. */
export async function* textChunks(file: PackFile, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw damaged(file.name, 'it is not UTF-8 text.', error);
    }
  };
  for await (const chunk of bytes) yield decode(chunk);
  yield decode();
}
