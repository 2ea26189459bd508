/** Conversions into the binary types and uniqueidentifier. */

import { SqlError } from '../extension.ts';
import type { SqlType, Value } from '../types.ts';
import { encodeCodePage } from './codepage.ts';
import { guidBytes, guidOfBytes, parseGuid } from './guid.ts';
import type { Conversion } from './number-conversion.ts';
import { UNITS_PER_DAY } from './temporal.ts';
import { bytesOfHex, refuseBinaryForm } from './text-conversion.ts';
import { isBinary, isCharacter, isInteger, isMoney, isUnicode, lengthOf } from './type-facts.ts';

/** The bytes in the length of the type: cut off or padded with zeros on the right. */
export function fitBytes(bytes: Uint8Array, to: SqlType): Uint8Array {
  const length = lengthOf(to);
  if (length === 'max') return bytes;
  if (bytes.length > length) return bytes.subarray(0, length);
  if (to.kind !== 'binary' && to.kind !== 'rowversion') return bytes;
  if (bytes.length === length) return bytes;
  const padded = Buffer.alloc(length);
  padded.set(bytes);
  return padded;
}

/** Numbers keep their last bytes and are padded on the left. */
function fitNumberBytes(bytes: Buffer, to: SqlType): Uint8Array {
  const length = lengthOf(to);
  if (length === 'max' || bytes.length === length) return bytes;
  if (bytes.length > length) return bytes.subarray(bytes.length - length);
  if (to.kind !== 'binary' && to.kind !== 'rowversion') return bytes;
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
}

const sizes: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  smallmoney: 4,
  money: 8,
};

/** The bytes of a (n)(var)char value as stored. */
export const textBytes = (text: string, type: SqlType): Buffer =>
  isUnicode(type) ? Buffer.from(text, 'utf16le') : encodeCodePage(text);

/** The conversion of `from` into the binary type `to`. */
export function toBinary(from: SqlType, to: SqlType, style: number | undefined): Conversion | undefined {
  if (isBinary(from)) return (value) => fitBytes(value as Uint8Array, to);
  if (isCharacter(from)) {
    if (style === 1 || style === 2)
      return (value) => fitBytes(bytesOfHex(value as string, style, from, to), to);
    return (value) => fitBytes(textBytes(value as string, from), to);
  }
  if (isInteger(from) || isMoney(from)) {
    const size = sizes[from.kind] ?? 4;
    return (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(typeof value === 'bigint' ? value : BigInt(Number(value)));
      return fitNumberBytes(bytes.subarray(8 - size), to);
    };
  }
  if (from.kind === 'uniqueidentifier') return (value) => fitBytes(guidBytes(value as string), to);
  if (from.kind === 'datetime')
    return (value) => {
      const units = value as number;
      const days = Math.floor(units / UNITS_PER_DAY);
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(days, 0);
      bytes.writeInt32BE(units - days * UNITS_PER_DAY, 4);
      return fitNumberBytes(bytes, to);
    };
  return () => {
    throw refuseBinaryForm(from);
  };
}

/** The conversion of `from` into uniqueidentifier. */
export function toGuid(from: SqlType): Conversion | undefined {
  if (isCharacter(from))
    return (value): Value => {
      const guid = parseGuid(value as string);
      if (guid === undefined)
        throw new SqlError(
          8169,
          'Conversion failed when converting from a character string to uniqueidentifier.',
          16,
          2,
        );
      return guid;
    };
  if (isBinary(from)) return (value) => guidOfBytes(value as Uint8Array);
  return undefined;
}
