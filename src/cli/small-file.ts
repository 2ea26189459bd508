import { open } from 'node:fs/promises';

/**
 * The bytes of a file that should be small, at most `limit + 1` of them: who asked for `limit` sees that there is
 * more. A backup or a device given by mistake would otherwise fill the memory before its size is known.
 */
export async function readSmallFile(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const parts: Uint8Array[] = [];
    for (let room = limit + 1; room > 0; ) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(room, 64 * 1024)));
      if (bytesRead === 0) break;
      parts.push(buffer.subarray(0, bytesRead));
      room -= bytesRead;
    }
    return Buffer.concat(parts);
  } finally {
    await file.close();
  }
}
