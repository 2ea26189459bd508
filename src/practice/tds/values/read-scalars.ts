/** Bodies of values whose length says all: what follows the length byte, and what sql_variant wraps. */

import type { Value } from '../../engine/types.ts';
import type { ByteReader } from '../byte-reader.ts';
import { ProtocolProblem } from '../protocol.ts';
import { guidText } from './guid.ts';
import { DATETIME_UNITS_PER_DAY, MINUTES_PER_DAY, TICKS_PER_DAY, ticksPerUnit } from './temporal.ts';

export function readInteger(reader: ByteReader, length: number): Value {
  if (length === 4) return reader.int32();
  if (length === 2) return reader.int16();
  if (length === 1) return reader.uint8();
  if (length === 8) return reader.int64();
  throw new ProtocolProblem(`an integer of ${length} bytes`);
}

export function readReal(reader: ByteReader, length: number): number {
  if (length === 4) return reader.buffer.readFloatLE(reader.take(4));
  if (length === 8) return reader.buffer.readDoubleLE(reader.take(8));
  throw new ProtocolProblem(`a float of ${length} bytes`);
}

/** Eight bytes are two halves, the high one first. */
export function readMoney(reader: ByteReader, length: number): bigint {
  if (length === 4) return BigInt(reader.int32());
  if (length !== 8) throw new ProtocolProblem(`money of ${length} bytes`);
  const high = BigInt(reader.int32());
  return (high << 32n) | BigInt(reader.uint32());
}

/** A sign byte (1 is positive), then the magnitude, little-endian, of any length up to 16 bytes. */
export function readDecimal(reader: ByteReader, length: number): bigint {
  if (length < 2 || length > 17) throw new ProtocolProblem(`a decimal of ${length} bytes`);
  const isPositive = reader.uint8() !== 0;
  const size = length - 1;
  const from = reader.take(size);
  const { buffer, view } = reader;
  let magnitude = 0n;
  let at = size;
  for (; at % 8 !== 0; at--) magnitude = (magnitude << 8n) | BigInt(buffer.readUInt8(from + at - 1));
  // By halves of 64 bits, of which the upper one is mostly empty: a row of amounts is read in a third of the time.
  for (; at > 0; at -= 8) {
    const part = view.getBigUint64(from + at - 8, true);
    magnitude = magnitude === 0n ? part : (magnitude << 64n) | part;
  }
  return isPositive ? magnitude : -magnitude;
}

export function readGuid(reader: ByteReader, length: number): string {
  if (length !== 16) throw new ProtocolProblem(`a uniqueidentifier of ${length} bytes`);
  return guidText(reader.bytes(16));
}

export function readDatetime(reader: ByteReader): number {
  const days = reader.int32();
  return days * DATETIME_UNITS_PER_DAY + reader.uint32();
}

export function readSmalldatetime(reader: ByteReader): number {
  const days = reader.uint16();
  return days * MINUTES_PER_DAY + reader.uint16();
}

/** 100 ns units since midnight; `length` is 3, 4 or 5. */
export function readTime(reader: ByteReader, length: number, scale: number): bigint {
  if (length < 3 || length > 5) throw new ProtocolProblem(`a time of ${length} bytes`);
  return BigInt(reader.buffer.readUIntLE(reader.take(length), length)) * ticksPerUnit(scale);
}

export function readDatetime2(reader: ByteReader, length: number, scale: number): bigint {
  const time = readTime(reader, length - 3, scale);
  return BigInt(reader.uint24()) * TICKS_PER_DAY + time;
}

export function readDatetimeoffset(reader: ByteReader, length: number, scale: number): Value {
  const utc = readDatetime2(reader, length - 2, scale);
  return { utc, offset: reader.int16() };
}
