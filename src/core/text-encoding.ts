import { isUtf8 } from 'node:buffer';

/**
 * The text of a file: UTF-8 with or without mark, or UTF-16 with its mark (Notepad's "Unicode" and the `>` of
 * Windows PowerShell). undefined when it is neither; a NUL means binary, or UTF-16 without a mark.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes);
  return text === undefined || text.includes('\0') ? undefined : text.replace(/^\uFEFF/, '');
}

function decoded(bytes: Uint8Array): string | undefined {
  const isLittleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!isLittleEndian && !isBigEndian) return isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : undefined;
  if (bytes.length % 2 !== 0) return undefined;
  // Node decodes only one of the two orders without its full language data.
  const ordered = isBigEndian ? Buffer.from(bytes).swap16() : Buffer.from(bytes);
  const text = ordered.toString('utf16le');
  return text.isWellFormed() ? text : undefined;
}
