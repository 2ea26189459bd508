/** Text in the code pages of char, varchar and text columns. */

import { Refusal } from '../../engine/extension.ts';

const SINGLE_BYTE = /^windows-(125[0-8]|874)$/;
const decoders = new Map<string, TextDecoder>();
const encoders = new Map<string, ReadonlyMap<number, number>>();

/** Bytes 0x80-0x9F, where windows-1252 and Latin-1 differ. */
const BEYOND_LATIN1 = /[\x80-\x9f]/;

function decoderOf(encoding: string): TextDecoder {
  const known = decoders.get(encoding);
  if (known) return known;
  const made = new TextDecoder(encoding, { ignoreBOM: true });
  decoders.set(encoding, made);
  return made;
}

/** The text of `bytes`; what the code page does not define becomes U+FFFD. */
export function decodeText(bytes: Buffer, encoding: string): string {
  if (encoding === 'utf-8') return bytes.toString('utf8');
  if (encoding === 'windows-1252') {
    const text = bytes.toString('latin1');
    if (!BEYOND_LATIN1.test(text)) return text;
  }
  return decoderOf(encoding).decode(bytes);
}

function encoderOf(encoding: string): ReadonlyMap<number, number> {
  const known = encoders.get(encoding);
  if (known) return known;
  const decoder = decoderOf(encoding);
  const made = new Map<number, number>();
  for (let byte = 255; byte >= 0; byte--) made.set(decoder.decode(Uint8Array.of(byte)).charCodeAt(0), byte);
  encoders.set(encoding, made);
  return made;
}

/** Text that is the same in every code page here. */
const ASCII = /^[\x00-\x7f]*$/;

/** The bytes of `text`; a character that the code page has not becomes a question mark, as SQL Server does it. */
export function encodeText(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (ASCII.test(text)) return Buffer.from(text, 'latin1');
  if (!SINGLE_BYTE.test(encoding)) throw new Refusal(`sending char and varchar in the code page ${encoding}`);
  const map = encoderOf(encoding);
  const bytes = Buffer.allocUnsafe(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = map.get(text.charCodeAt(i)) ?? 0x3f;
  return bytes;
}
