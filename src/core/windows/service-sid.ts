import { createHash } from 'node:crypto';

/** The five numbers that stand for a service. */
function numbersOf(name: string): readonly number[] {
  const hash = createHash('sha1').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest();
  return [0, 4, 8, 12, 16].map((offset) => hash.readUInt32LE(offset));
}

/**
 * The SID of the account `NT SERVICE\NAME`: S-1-5-80 and the SHA-1 of the upper-cased name in UTF-16 as five numbers.
 * It can be computed before the service is there (`sc showsid` does the same).
 */
export function serviceSid(name: string): string {
  return `S-1-5-80-${numbersOf(name).join('-')}`;
}

/** The same as Windows keeps it: revision 1, six numbers, authority 5 ([MS-DTYP] 2.4.2.2). */
export function serviceSidBytes(name: string): Buffer {
  const numbers = [80, ...numbersOf(name)];
  const bytes = Buffer.alloc(8 + numbers.length * 4);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(numbers.length, 1);
  bytes.writeUInt8(5, 7);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, 8 + index * 4);
  return bytes;
}
