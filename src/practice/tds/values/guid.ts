/** uniqueidentifier: the first three groups are little-endian on the wire, the last two are not. */

const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** Upper case with dashes, from 16 bytes of the wire. */
export function guidText(bytes: Buffer): string {
  const ordered = Buffer.from(ORDER.map((index) => bytes.readUInt8(index)));
  const hex = ordered.toString('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 16 bytes for the wire. Throws RangeError for what is no uniqueidentifier: the engine checked it before. */
export function guidBytes(text: string): Buffer {
  const hex = Buffer.from(text.replaceAll('-', ''), 'hex');
  if (hex.length !== 16) throw new RangeError(`not a uniqueidentifier: ${text}`);
  return Buffer.from(ORDER.map((index) => hex.readUInt8(index)));
}
