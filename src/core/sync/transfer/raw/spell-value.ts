import type { ColumnMetadata } from 'tedious/lib/token/colmetadata-token-parser.js';
import { spellDate, spellDateTime, spellOffset, spellSmallDateTime, spellTime } from './spell-time.ts';
import { typeOnWire } from './wire-types.ts';

/**
 * A value as T-SQL spells it itself (CAST to varchar; CONVERT in the styles of `outgoing`), from its bytes of the wire
 * ([MS-TDS] 2.2.5.5): only so much of a table is ever read, the key of the last row of a range. undefined where the
 * bytes do not say it exactly: floats, and text of some code pages.
 */
export function spellValue(column: ColumnMetadata, bytes: Buffer): string | undefined {
  const [type = '', scale = '0'] = typeOnWire(column).split(/[(), ]+/);
  const digits = Number(scale);
  switch (type) {
    case 'bit':
    case 'tinyint':
      return String(bytes.readUInt8());
    case 'smallint':
    case 'int':
    case 'bigint':
      return String(signed(bytes));
    case 'smallmoney':
      return withPoint(signed(bytes), 4);
    case 'money':
      // The higher half comes first.
      return withPoint(signed(Buffer.concat([bytes.subarray(4), bytes.subarray(0, 4)])), 4);
    case 'numeric':
      return withPoint(
        bytes.readUInt8() === 0 ? -magnitude(bytes.subarray(1)) : magnitude(bytes.subarray(1)),
        column.scale ?? 0,
      );
    case 'datetime':
      return spellDateTime(bytes);
    case 'smalldatetime':
      return spellSmallDateTime(bytes);
    case 'date':
      return spellDate(bytes);
    case 'time':
      return spellTime(bytes, digits);
    case 'datetime2':
      return `${spellDate(bytes.subarray(-3))} ${spellTime(bytes.subarray(0, -3), digits)}`;
    case 'datetimeoffset':
      return spellOffset(bytes, digits);
    case 'uniqueidentifier':
      return spellGuid(bytes);
    case 'binary':
    case 'varbinary':
      return `0x${bytes.toString('hex').toUpperCase()}`;
    case 'nchar':
    case 'nvarchar':
      return bytes.toString('utf16le');
    case 'char':
    case 'varchar':
      return spellNarrow(column, bytes);
    default:
      return undefined;
  }
}

const magnitude = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const signed = (bytes: Buffer): bigint => BigInt.asIntN(bytes.length * 8, magnitude(bytes));

function withPoint(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** The first three groups are numbers, lowest byte first; the others are bytes. */
function spellGuid(bytes: Buffer): string {
  const hex = Buffer.from(bytes);
  hex.subarray(0, 4).swap32();
  hex.subarray(4, 8).swap16();
  return hex
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Of these, other bytes are other characters and the other way round, on Windows as in the Encoding Standard. */
const reversible: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ...[874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map(
    (page) => [`CP${page}`, `windows-${page}`] as const,
  ),
]);

function spellNarrow({ collation }: ColumnMetadata, bytes: Buffer): string | undefined {
  if (bytes.every((byte) => byte < 0x80)) return bytes.toString('latin1');
  const encoding = reversible.get(collation?.codepage ?? '');
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Bytes that are no character there.
    return undefined;
  }
}
