import { createHash } from 'node:crypto';

/**
 * The SID of the account `NT SERVICE\NAME`: S-1-5-80 and the SHA-1 of the upper-cased name in UTF-16 as five numbers.
 * It can be computed before the service is there (`sc showsid` does the same).
 */
export function serviceSid(name: string): string {
  const hash = createHash('sha1').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest();
  const numbers = [0, 4, 8, 12, 16].map((offset) => hash.readUInt32LE(offset));
  return `S-1-5-80-${numbers.join('-')}`;
}
