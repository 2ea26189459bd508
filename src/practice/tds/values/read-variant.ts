/** sql_variant as a value: its length, the base type with its facets, and the bare value ([MS-TDS] 2.2.5.5.4). */

import type { SqlType, Value, Variant } from '../../engine/types.ts';
import { ByteReader, OutOfBytes } from '../byte-reader.ts';
import { encodingOf } from '../collation.ts';
import { ProtocolProblem } from '../protocol.ts';
import { decodeText } from './code-pages.ts';
import * as bodies from './read-scalars.ts';
import { WIRE } from './wire-types.ts';

type Bare = { readonly type: SqlType; readonly value: Variant['value'] };

/** Reads the facets from `facets` and the bare value, which is all of `source`. */
function readBare(token: number, facets: ByteReader, source: ByteReader): Bare {
  const length = source.remaining;
  const as = (type: SqlType, value: Value): Bare => ({ type, value: value as Variant['value'] });
  switch (token) {
    case WIRE.bit:
      return as({ kind: 'bit' }, source.uint8() !== 0);
    case WIRE.int1:
      return as({ kind: 'tinyint' }, source.uint8());
    case WIRE.int2:
      return as({ kind: 'smallint' }, source.int16());
    case WIRE.int4:
      return as({ kind: 'int' }, source.int32());
    case WIRE.int8:
      return as({ kind: 'bigint' }, source.int64());
    case WIRE.real:
      return as({ kind: 'real' }, bodies.readReal(source, 4));
    case WIRE.float:
      return as({ kind: 'float' }, bodies.readReal(source, 8));
    case WIRE.money:
      return as({ kind: 'money' }, bodies.readMoney(source, 8));
    case WIRE.smallmoney:
      return as({ kind: 'smallmoney' }, bodies.readMoney(source, 4));
    case WIRE.datetime:
      return as({ kind: 'datetime' }, bodies.readDatetime(source));
    case WIRE.smalldatetime:
      return as({ kind: 'smalldatetime' }, bodies.readSmalldatetime(source));
    case WIRE.guid:
      return as({ kind: 'uniqueidentifier' }, bodies.readGuid(source, length));
    case WIRE.date:
      return as({ kind: 'date' }, source.uint24());
    case WIRE.time: {
      const scale = facets.uint8();
      return as({ kind: 'time', scale }, bodies.readTime(source, length, scale));
    }
    case WIRE.datetime2: {
      const scale = facets.uint8();
      return as({ kind: 'datetime2', scale }, bodies.readDatetime2(source, length, scale));
    }
    case WIRE.datetimeoffset: {
      const scale = facets.uint8();
      return as({ kind: 'datetimeoffset', scale }, bodies.readDatetimeoffset(source, length, scale));
    }
    case WIRE.decimalN:
    case WIRE.numericN: {
      const precision = facets.uint8();
      const scale = facets.uint8();
      const kind = token === WIRE.decimalN ? 'decimal' : 'numeric';
      return as({ kind, precision, scale }, bodies.readDecimal(source, length));
    }
    case WIRE.varbinary:
    case WIRE.binary:
      return as(
        { kind: token === WIRE.binary ? 'binary' : 'varbinary', length: Math.max(1, facets.uint16()) },
        Buffer.from(source.bytes(length)),
      );
    case WIRE.varchar:
    case WIRE.char: {
      const encoding = encodingOf(facets.bytes(5));
      const kind = token === WIRE.char ? 'char' : 'varchar';
      return as({ kind, length: Math.max(1, facets.uint16()) }, decodeText(source.bytes(length), encoding));
    }
    case WIRE.nvarchar:
    case WIRE.nchar: {
      facets.take(5);
      const kind = token === WIRE.nchar ? 'nchar' : 'nvarchar';
      return as({ kind, length: Math.max(1, facets.uint16() >> 1) }, source.utf16(length >> 1));
    }
    default:
      throw new ProtocolProblem(`sql_variant of the data type 0x${token.toString(16)}`);
  }
}

export function readVariant(reader: ByteReader): Variant | null {
  const total = reader.uint32();
  if (total === 0) return null;
  const source = new ByteReader(reader.bytes(total));
  try {
    const token = source.uint8();
    const facets = new ByteReader(source.bytes(source.uint8()));
    return readBare(token, facets, source);
  } catch (error) {
    // The value is here as a whole: what is missing inside it will not come with the next packet.
    if (error instanceof OutOfBytes) throw new ProtocolProblem('a sql_variant that is shorter than its type');
    throw error;
  }
}
