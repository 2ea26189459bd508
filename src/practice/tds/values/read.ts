/** Reads TYPE_INFO and the values that follow it: parameters of RPC requests and columns of bulk loads. */

import { Refusal } from '../../engine/extension.ts';
import type { SqlType, Value } from '../../engine/types.ts';
import type { ByteReader } from '../byte-reader.ts';
import { encodingOf } from '../collation.ts';
import { ProtocolProblem } from '../protocol.ts';
import { decodeText } from './code-pages.ts';
import {
  readDatetime,
  readDatetime2,
  readDatetimeoffset,
  readDecimal,
  readGuid,
  readInteger,
  readMoney,
  readReal,
  readSmalldatetime,
  readTime,
} from './read-scalars.ts';
import { readVariant } from './read-variant.ts';
import { MAX_LENGTH, PLP_NULL, WIRE } from './wire-types.ts';

export type WireType = {
  readonly type: SqlType;
  /** text, ntext and image carry their table's name in COLMETADATA, and a text pointer before values of a bulk load. */
  readonly isLegacyText: boolean;
  /** Throws OutOfBytes when the value is not all there yet. */
  read(reader: ByteReader): Value;
};

type Body = (reader: ByteReader, length: number) => Value;

function scalar(type: SqlType, read: (reader: ByteReader) => Value): WireType {
  return { type, isLegacyText: false, read };
}

/** One byte of length before the value; 0 is NULL. */
function nullable(type: SqlType, body: Body): WireType {
  return scalar(type, (reader) => {
    const length = reader.uint8();
    return length === 0 ? null : body(reader, length);
  });
}

const INTEGERS: ReadonlyMap<number, SqlType> = new Map([
  [1, { kind: 'tinyint' }],
  [2, { kind: 'smallint' }],
  [4, { kind: 'int' }],
  [8, { kind: 'bigint' }],
]);

function byLength(types: ReadonlyMap<number, SqlType>, length: number, name: string): SqlType {
  const type = types.get(length);
  if (!type) throw new ProtocolProblem(`${name} of ${length} bytes`);
  return type;
}

function scaleOf(reader: ByteReader): number {
  const scale = reader.uint8();
  if (scale > 7) throw new ProtocolProblem(`a time of scale ${scale}`);
  return scale;
}

function decimalType(reader: ByteReader, kind: 'decimal' | 'numeric'): WireType {
  reader.uint8();
  const precision = reader.uint8();
  const scale = reader.uint8();
  return nullable({ kind, precision, scale }, readDecimal);
}

/** Joins the chunks of a partially length-prefixed value. */
function readChunks(reader: ByteReader): Buffer | null {
  if (reader.uint64() === PLP_NULL) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.uint32(); length > 0; length = reader.uint32()) chunks.push(reader.bytes(length));
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function sized(
  kind: 'char' | 'varchar' | 'nchar' | 'nvarchar' | 'binary' | 'varbinary',
  byteLength: number,
  decode: (bytes: Buffer) => Value,
  read: Body = (reader, length) => decode(reader.bytes(length)),
): WireType {
  if (byteLength === MAX_LENGTH) {
    return scalar({ kind, length: 'max' }, (reader) => {
      const bytes = readChunks(reader);
      return bytes === null ? null : decode(bytes);
    });
  }
  const length = Math.max(1, kind === 'nchar' || kind === 'nvarchar' ? byteLength >> 1 : byteLength);
  return scalar({ kind, length }, (reader) => {
    const actual = reader.uint16();
    return actual === MAX_LENGTH ? null : read(reader, actual);
  });
}

/** A copy: the packet's memory is not kept alive by one value of it. */
const asBinary = (bytes: Buffer): Buffer => Buffer.from(bytes);
const asUtf16 = (bytes: Buffer): string => bytes.toString('utf16le');
/** The same without a buffer in between: most values are these. */
const readUtf16: Body = (reader, length) => reader.utf16Bytes(length);
const asTextIn =
  (encoding: string) =>
  (bytes: Buffer): string =>
    decodeText(bytes, encoding);

/** text, ntext and image as a parameter: four bytes of length. In a bulk load a text pointer and a timestamp come first. */
function legacyText(
  kind: 'text' | 'ntext' | 'image',
  decode: (bytes: Buffer) => Value,
  hasPointer: boolean,
): WireType {
  const read = (reader: ByteReader): Value => {
    if (hasPointer) {
      const pointer = reader.uint8();
      if (pointer === 0) return null;
      reader.take(pointer + 8);
    }
    const length = reader.int32();
    return length < 0 ? null : decode(reader.bytes(length));
  };
  return { type: { kind }, isLegacyText: true, read };
}

/** Types of up to 255 bytes from before SQL Server 7; FreeTDS still sends them. */
function shortSized(
  kind: 'char' | 'varchar' | 'binary' | 'varbinary',
  reader: ByteReader,
  decode: (bytes: Buffer) => Value,
): WireType {
  const length = reader.uint8();
  return nullable({ kind, length: Math.max(1, length) }, (source, actual) => decode(source.bytes(actual)));
}

/**
 * Reads TYPE_INFO. Throws Refusal for table-valued parameters and CLR types, ProtocolProblem for unknown ones.
 * `hasTextPointers` is true in a bulk load.
 */
export function readTypeInfo(reader: ByteReader, hasTextPointers = false): WireType {
  const token = reader.uint8();
  switch (token) {
    case WIRE.null:
      return scalar({ kind: 'null' }, () => null);
    case WIRE.bit:
      return scalar({ kind: 'bit' }, (source) => source.uint8() !== 0);
    case WIRE.int1:
      return scalar({ kind: 'tinyint' }, (source) => source.uint8());
    case WIRE.int2:
      return scalar({ kind: 'smallint' }, (source) => source.int16());
    case WIRE.int4:
      return scalar({ kind: 'int' }, (source) => source.int32());
    case WIRE.int8:
      return scalar({ kind: 'bigint' }, (source) => source.int64());
    case WIRE.real:
      return scalar({ kind: 'real' }, (source) => readReal(source, 4));
    case WIRE.float:
      return scalar({ kind: 'float' }, (source) => readReal(source, 8));
    case WIRE.money:
      return scalar({ kind: 'money' }, (source) => readMoney(source, 8));
    case WIRE.smallmoney:
      return scalar({ kind: 'smallmoney' }, (source) => readMoney(source, 4));
    case WIRE.datetime:
      return scalar({ kind: 'datetime' }, readDatetime);
    case WIRE.smalldatetime:
      return scalar({ kind: 'smalldatetime' }, readSmalldatetime);
    case WIRE.intN:
      return nullable(byLength(INTEGERS, reader.uint8(), 'an integer'), readInteger);
    case WIRE.bitN:
      reader.uint8();
      return nullable({ kind: 'bit' }, (source) => source.uint8() !== 0);
    case WIRE.floatN:
      return nullable({ kind: reader.uint8() === 4 ? 'real' : 'float' }, readReal);
    case WIRE.moneyN:
      return nullable({ kind: reader.uint8() === 4 ? 'smallmoney' : 'money' }, readMoney);
    case WIRE.datetimeN:
      return reader.uint8() === 4
        ? nullable({ kind: 'smalldatetime' }, readSmalldatetime)
        : nullable({ kind: 'datetime' }, readDatetime);
    case WIRE.decimalN:
    case WIRE.legacyDecimal:
      return decimalType(reader, 'decimal');
    case WIRE.numericN:
    case WIRE.legacyNumeric:
      return decimalType(reader, 'numeric');
    case WIRE.guid:
      reader.uint8();
      return nullable({ kind: 'uniqueidentifier' }, readGuid);
    case WIRE.date:
      return nullable({ kind: 'date' }, (source) => source.uint24());
    case WIRE.time: {
      const scale = scaleOf(reader);
      return nullable({ kind: 'time', scale }, (source, length) => readTime(source, length, scale));
    }
    case WIRE.datetime2: {
      const scale = scaleOf(reader);
      return nullable({ kind: 'datetime2', scale }, (source, length) => readDatetime2(source, length, scale));
    }
    case WIRE.datetimeoffset: {
      const scale = scaleOf(reader);
      return nullable({ kind: 'datetimeoffset', scale }, (source, length) =>
        readDatetimeoffset(source, length, scale),
      );
    }
    case WIRE.varbinary:
      return sized('varbinary', reader.uint16(), asBinary);
    case WIRE.binary:
      return sized('binary', reader.uint16(), asBinary);
    case WIRE.varchar:
    case WIRE.char: {
      const length = reader.uint16();
      return sized(token === WIRE.char ? 'char' : 'varchar', length, asTextIn(encodingOf(reader.bytes(5))));
    }
    case WIRE.nvarchar:
    case WIRE.nchar: {
      const length = reader.uint16();
      reader.take(5);
      return sized(token === WIRE.nchar ? 'nchar' : 'nvarchar', length, asUtf16, readUtf16);
    }
    case WIRE.legacyChar:
    case WIRE.legacyVarchar:
      return shortSized(token === WIRE.legacyChar ? 'char' : 'varchar', reader, asTextIn('windows-1252'));
    case WIRE.legacyBinary:
    case WIRE.legacyVarbinary:
      return shortSized(token === WIRE.legacyBinary ? 'binary' : 'varbinary', reader, asBinary);
    case WIRE.text:
      reader.take(4);
      return legacyText('text', asTextIn(encodingOf(reader.bytes(5))), hasTextPointers);
    case WIRE.ntext:
      reader.take(9);
      return legacyText('ntext', asUtf16, hasTextPointers);
    case WIRE.image:
      reader.take(4);
      return legacyText('image', asBinary, hasTextPointers);
    case WIRE.xml:
      return xmlType(reader);
    case WIRE.variant:
      reader.take(4);
      return scalar({ kind: 'sql_variant' }, readVariant);
    case WIRE.table:
      throw new Refusal('a table-valued parameter');
    case WIRE.udt:
      throw new Refusal('a parameter of a CLR type');
    default:
      throw new ProtocolProblem(`the unknown data type 0x${token.toString(16)}`);
  }
}

function xmlType(reader: ByteReader): WireType {
  if (reader.uint8() === 1) throw new Refusal('an xml schema collection');
  return scalar({ kind: 'xml' }, (source) => {
    const bytes = readChunks(source);
    if (bytes === null) return null;
    // Clients may begin with a byte order mark; the value begins after it.
    return asUtf16(bytes.length >= 2 && bytes.readUInt16LE(0) === 0xfeff ? bytes.subarray(2) : bytes);
  });
}
