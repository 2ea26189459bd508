/** Writes TYPE_INFO and values: columns of results and output parameters. */

import type { DateTimeOffset, SqlType, Value, Variant } from '../../engine/types.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { SERVER_COLLATION, wireCollation } from '../collation.ts';
import type { Dialect } from '../protocol.ts';
import { encodeText } from './code-pages.ts';
import { dateText, datetime2Text, datetimeoffsetText, timeText } from './temporal.ts';
import { MAX_LENGTH, PLP_NULL, ROWVERSION_USER_TYPE, WIRE } from './wire-types.ts';
import { type ScalarForm, scalarForm, WrongValue } from './write-scalars.ts';

export type ColumnForm = {
  readonly userType: number;
  /** text, ntext and image are followed by a table name in COLMETADATA. */
  readonly isLegacyText: boolean;
  writeTypeInfo(out: ByteWriter): void;
  /** Throws WrongValue when the value is not of the type. */
  write(out: ByteWriter, value: Value): void;
};

/** Chunks of a large value. SQL Server sends about 8000 bytes at a time; larger ones cost clients less. */
const CHUNK = 1 << 16;
/** The longest value of sql_variant with its facets, as SQL Server announces it. */
const VARIANT_LENGTH = 8009;
const TEXT_POINTER = Buffer.alloc(16, 'practice-pointer');

type Encode = (value: Exclude<Value, null>) => Uint8Array;

function textOf(type: SqlType, value: Value): string {
  if (typeof value !== 'string') throw new WrongValue(type, value);
  return value;
}

function utf16Of(type: SqlType): Encode {
  return (value) => Buffer.from(textOf(type, value), 'utf16le');
}

function binaryOf(type: SqlType): Encode {
  return (value) => {
    if (!(value instanceof Uint8Array)) throw new WrongValue(type, value);
    return value;
  };
}

function writeChunks(out: ByteWriter, bytes: Uint8Array): void {
  out.uint64(BigInt(bytes.length));
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    out.uint32(chunk.length);
    out.bytes(chunk);
  }
  out.uint32(0);
}

/** A type of up to 8000 bytes, or max. `byteLength` is that of TYPE_INFO. */
function sizedForm(
  token: number,
  byteLength: number | 'max',
  collation: Buffer | undefined,
  encode: Encode,
  userType = 0,
): ColumnForm {
  const isMax = byteLength === 'max';
  return {
    userType,
    isLegacyText: false,
    writeTypeInfo(out) {
      out.uint8(token);
      out.uint16(isMax ? MAX_LENGTH : byteLength);
      if (collation) out.bytes(collation);
    },
    write(out, value) {
      if (isMax) {
        if (value === null) out.uint64(PLP_NULL);
        else writeChunks(out, encode(value));
        return;
      }
      if (value === null) return out.uint16(MAX_LENGTH);
      const bytes = encode(value);
      // More than the column announces would shift every byte after it: better a named bug than a garbled stream.
      if (bytes.length > byteLength)
        throw new RangeError(`a value of ${bytes.length} bytes for ${byteLength}`);
      out.uint16(bytes.length);
      out.bytes(bytes);
    },
  };
}

/** nvarchar and nchar of up to 4000: by far the most frequent, written without a buffer in between. */
function unicodeForm(token: number, type: SqlType, length: number, collation: Buffer): ColumnForm {
  return {
    userType: 0,
    isLegacyText: false,
    writeTypeInfo(out) {
      out.uint8(token);
      out.uint16(length * 2);
      out.bytes(collation);
    },
    write(out, value) {
      if (value === null) return out.uint16(MAX_LENGTH);
      const text = textOf(type, value);
      if (text.length > length) throw new RangeError(`a text of ${text.length} characters for ${length}`);
      out.uint16(text.length * 2);
      out.utf16(text);
    },
  };
}

function legacyForm(
  token: number,
  collation: Buffer | undefined,
  maxLength: number,
  encode: Encode,
): ColumnForm {
  return {
    userType: 0,
    isLegacyText: true,
    writeTypeInfo(out) {
      out.uint8(token);
      out.uint32(maxLength);
      if (collation) out.bytes(collation);
    },
    write(out, value) {
      if (value === null) return out.uint8(0);
      const bytes = encode(value);
      out.uint8(TEXT_POINTER.length);
      out.bytes(TEXT_POINTER);
      out.uint64(0n); // the text's timestamp; no client of today reads it
      out.uint32(bytes.length);
      out.bytes(bytes);
    },
  };
}

/** A column that is never NULL, of a type that has a token of its own for that: bare values without their length. */
function fixedColumn(type: SqlType, { variantToken, write }: ScalarForm): ColumnForm {
  return {
    userType: 0,
    isLegacyText: false,
    writeTypeInfo: (out) => out.uint8(variantToken),
    write(out, value) {
      if (value === null) throw new WrongValue(type, value);
      write(out, value);
    },
  };
}

function scalarColumn(type: SqlType, isNullable: boolean): ColumnForm | undefined {
  const scalar = scalarForm(type);
  if (!scalar) return undefined;
  // Microsoft.Data.SqlClient takes such a column for one of fixed length whatever its token says.
  if (!isNullable && type.kind !== 'null' && scalar.variantToken !== scalar.typeInfo[0]) {
    return fixedColumn(type, scalar);
  }
  const typeInfo = Buffer.from(scalar.typeInfo);
  return {
    userType: 0,
    isLegacyText: false,
    writeTypeInfo: (out) => out.bytes(typeInfo),
    write(out, value) {
      if (value === null) return out.uint8(0);
      out.uint8(scalar.length);
      scalar.write(out, value);
    },
  };
}

function isVariant(value: Value): value is Variant {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Token, facets and bytes of a text or binary inside a sql_variant. */
function variantBytes({ type, value }: Variant): { token: number; facets: Buffer; bytes: Uint8Array } {
  if (value === null) throw new WrongValue(type, value);
  const collation = wireCollation(type.collation ?? SERVER_COLLATION);
  const size = (bytes: number): Buffer => Buffer.from([bytes & 0xff, bytes >> 8]);
  const length = typeof type.length === 'number' ? type.length : 8000;
  switch (type.kind) {
    case 'char':
    case 'varchar':
      return {
        token: type.kind === 'char' ? WIRE.char : WIRE.varchar,
        facets: Buffer.concat([collation.bytes, size(length)]),
        bytes: encodeText(textOf(type, value), collation.encoding),
      };
    case 'nchar':
    case 'nvarchar':
    case 'sysname':
      return {
        token: type.kind === 'nchar' ? WIRE.nchar : WIRE.nvarchar,
        facets: Buffer.concat([collation.bytes, size(Math.min(length, 4000) * 2)]),
        bytes: utf16Of(type)(value),
      };
    case 'binary':
    case 'varbinary':
    case 'rowversion':
      return {
        token: type.kind === 'varbinary' ? WIRE.varbinary : WIRE.binary,
        facets: size(type.kind === 'rowversion' ? 8 : length),
        bytes: binaryOf(type)(value),
      };
    default:
      throw new TypeError(`sql_variant cannot hold ${type.kind}`);
  }
}

function writeVariant(out: ByteWriter, variant: Variant): void {
  const scalar = scalarForm(variant.type, true);
  if (!scalar) {
    const { token, facets, bytes } = variantBytes(variant);
    out.uint32(2 + facets.length + bytes.length);
    out.uint8(token);
    out.uint8(facets.length);
    out.bytes(facets);
    out.bytes(bytes);
    return;
  }
  if (variant.value === null) throw new WrongValue(variant.type, null);
  out.uint32(2 + scalar.variantFacets.length + scalar.length);
  out.uint8(scalar.variantToken);
  out.uint8(scalar.variantFacets.length);
  for (const facet of scalar.variantFacets) out.uint8(facet);
  scalar.write(out, variant.value);
}

const variantForm: ColumnForm = {
  userType: 0,
  isLegacyText: false,
  writeTypeInfo(out) {
    out.uint8(WIRE.variant);
    out.uint32(VARIANT_LENGTH);
  },
  write(out, value) {
    if (value === null) return out.uint32(0);
    if (!isVariant(value)) throw new WrongValue({ kind: 'sql_variant' }, value);
    if (value.value === null) return out.uint32(0);
    writeVariant(out, value);
  },
};

/** What a client from before SQL Server 2008 gets for a date or time: its text, as nvarchar. */
function dateAsText(type: SqlType, collation: Buffer): ColumnForm | undefined {
  const scale = type.scale ?? 7;
  const fraction = scale === 0 ? 0 : scale + 1;
  const as = (length: number, text: (value: Exclude<Value, null>) => string): ColumnForm => {
    const base = unicodeForm(WIRE.nvarchar, { kind: 'nvarchar' }, length, collation);
    return { ...base, write: (out, value) => base.write(out, value === null ? null : text(value)) };
  };
  if (type.kind === 'date') return as(10, (value) => dateText(Number(value)));
  if (type.kind === 'time') return as(8 + fraction, (value) => timeText(value as bigint, scale));
  if (type.kind === 'datetime2') return as(19 + fraction, (value) => datetime2Text(value as bigint, scale));
  if (type.kind === 'datetimeoffset') {
    return as(26 + fraction, (value) => datetimeoffsetText(value as DateTimeOffset, scale));
  }
  return undefined;
}

const xmlForm: ColumnForm = {
  userType: 0,
  isLegacyText: false,
  writeTypeInfo(out) {
    out.uint8(WIRE.xml);
    out.uint8(0); // no schema collection
  },
  write(out, value) {
    if (value === null) out.uint64(PLP_NULL);
    else writeChunks(out, utf16Of({ kind: 'xml' })(value));
  },
};

/** How columns and output parameters of `type` travel to a client of this dialect. */
export function columnForm(type: SqlType, dialect: Dialect, isNullable = true): ColumnForm {
  const collation = wireCollation(type.collation ?? SERVER_COLLATION);
  if (!dialect.hasDateTypes) {
    const text = dateAsText(type, collation.bytes);
    if (text) return text;
  }
  const scalar = scalarColumn(type, isNullable);
  if (scalar) return scalar;
  const encode: Encode = (value) => encodeText(textOf(type, value), collation.encoding);
  // Without max types they travel as the text types that came before them.
  const isMax = type.length === 'max';
  const kind = isMax && !dialect.hasMaxTypes ? (LEGACY_OF_MAX[type.kind] ?? type.kind) : type.kind;
  const length = isMax ? 'max' : (type.length ?? 1);
  switch (kind) {
    case 'char':
      return sizedForm(WIRE.char, length, collation.bytes, encode);
    case 'varchar':
      return sizedForm(WIRE.varchar, length, collation.bytes, encode);
    case 'nchar':
      return unicodeForm(WIRE.nchar, type, length === 'max' ? 4000 : length, collation.bytes);
    case 'sysname':
      return unicodeForm(WIRE.nvarchar, type, 128, collation.bytes);
    case 'nvarchar':
      return length === 'max'
        ? sizedForm(WIRE.nvarchar, 'max', collation.bytes, utf16Of(type))
        : unicodeForm(WIRE.nvarchar, type, length, collation.bytes);
    case 'binary':
      return sizedForm(WIRE.binary, length, undefined, binaryOf(type));
    case 'varbinary':
      return sizedForm(WIRE.varbinary, length, undefined, binaryOf(type));
    case 'rowversion':
      return sizedForm(WIRE.binary, 8, undefined, binaryOf(type), ROWVERSION_USER_TYPE);
    case 'text':
      return legacyForm(WIRE.text, collation.bytes, 0x7fffffff, encode);
    case 'ntext':
      return legacyForm(WIRE.ntext, collation.bytes, 0x7ffffffe, utf16Of(type));
    case 'image':
      return legacyForm(WIRE.image, undefined, 0x7fffffff, binaryOf(type));
    case 'xml':
      return dialect.hasMaxTypes
        ? xmlForm
        : legacyForm(WIRE.ntext, collation.bytes, 0x7ffffffe, utf16Of(type));
    case 'sql_variant':
      return variantForm;
    default:
      throw new TypeError(`no form on the wire for ${type.kind}`);
  }
}

const LEGACY_OF_MAX: Readonly<Partial<Record<SqlType['kind'], SqlType['kind']>>> = {
  varchar: 'text',
  nvarchar: 'ntext',
  varbinary: 'image',
};
