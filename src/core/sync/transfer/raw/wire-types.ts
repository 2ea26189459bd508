import type { ColumnMetadata } from 'tedious/lib/token/colmetadata-token-parser.js';

/**
 * How a type's values stand in a row ([MS-TDS] 2.2.5.4): of a fixed size; behind one byte of length, 0 = NULL; behind
 * two, 0xFFFF = NULL; or in chunks, the (max) types.
 */
export type Layout = 'fixed' | 'byte' | 'short' | 'chunked';

type WireType = {
  readonly layout: Layout;
  /** Bytes of a fixed one. */
  readonly size: number;
  /** What a bulk load declares: fixed types have a nullable sibling, which is the one that all servers take. */
  readonly nullable: number;
  readonly name: (column: ColumnMetadata) => string;
};

const fixed = (size: number, nullable: number, name: string): WireType => ({
  layout: 'fixed',
  size,
  nullable,
  name: () => name,
});
const behindByte = (name: WireType['name']): Omit<WireType, 'nullable'> => ({
  layout: 'byte',
  size: 0,
  name,
});
const bySize =
  (names: Readonly<Record<number, string>>) =>
  ({ dataLength }: ColumnMetadata): string =>
    names[dataLength ?? 0] ?? '?';
const exact = ({ precision, scale }: ColumnMetadata): string => `numeric(${precision}, ${scale})`;
const fractional =
  (name: string) =>
  ({ scale }: ColumnMetadata): string =>
    `${name}(${scale})`;
const sized = (name: string, unit: number): Omit<WireType, 'nullable'> => ({
  layout: 'short',
  size: 0,
  name: ({ dataLength = 0 }) => `${name}(${dataLength === isMax ? 'max' : dataLength / unit})`,
});

/** The length that stands for (max). */
const isMax = 0xffff;

const siblings: Readonly<Record<number, WireType>> = {
  48: fixed(1, 0x26, 'tinyint'),
  50: fixed(1, 0x68, 'bit'),
  52: fixed(2, 0x26, 'smallint'),
  56: fixed(4, 0x26, 'int'),
  58: fixed(4, 0x6f, 'smalldatetime'),
  59: fixed(4, 0x6d, 'real'),
  60: fixed(8, 0x6e, 'money'),
  61: fixed(8, 0x6f, 'datetime'),
  62: fixed(8, 0x6d, 'float(53)'),
  122: fixed(4, 0x6e, 'smallmoney'),
  127: fixed(8, 0x26, 'bigint'),
};
const others: Readonly<Record<number, Omit<WireType, 'nullable'>>> = {
  36: behindByte(() => 'uniqueidentifier'),
  38: behindByte(bySize({ 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' })),
  40: behindByte(() => 'date'),
  41: behindByte(fractional('time')),
  42: behindByte(fractional('datetime2')),
  43: behindByte(fractional('datetimeoffset')),
  104: behindByte(() => 'bit'),
  106: behindByte(exact),
  108: behindByte(exact),
  109: behindByte(bySize({ 4: 'real', 8: 'float(53)' })),
  110: behindByte(bySize({ 4: 'smallmoney', 8: 'money' })),
  111: behindByte(bySize({ 4: 'smalldatetime', 8: 'datetime' })),
  165: sized('varbinary', 1),
  167: sized('varchar', 1),
  173: sized('binary', 1),
  175: sized('char', 1),
  231: sized('nvarchar', 2),
  239: sized('nchar', 2),
};

function wireType(column: ColumnMetadata): WireType {
  const { id } = column.type;
  const sibling = siblings[id];
  if (sibling !== undefined) return sibling;
  const other = others[id];
  if (other === undefined)
    throw new Error(`A column of the wire type 0x${id.toString(16)} cannot be passed on.`);
  return { ...other, nullable: id };
}

export type ColumnLayout = { readonly layout: Layout; readonly size: number };

export function layoutOf(column: ColumnMetadata): ColumnLayout {
  const { layout, size } = wireType(column);
  return { layout: layout === 'short' && column.dataLength === isMax ? 'chunked' : layout, size };
}

/** The type as T-SQL declares it; decimal is numeric. */
export const typeOnWire = (column: ColumnMetadata): string => wireType(column).name(column);

/** TYPE_INFO of the nullable sibling, for the columns of a bulk load ([MS-TDS] 2.2.5.6). */
export function typeInfo(column: ColumnMetadata): Buffer {
  const { nullable, layout, size } = wireType(column);
  const { dataLength = 0, precision = 0, scale = 0, collation } = column;
  if (layout === 'fixed') return Buffer.from([nullable, size]);
  if (layout === 'short') {
    const type = Buffer.from([nullable, dataLength & 0xff, dataLength >> 8]);
    return collation === undefined ? type : Buffer.concat([type, collation.toBuffer().subarray(0, 5)]);
  }
  if (nullable === 0x28) return Buffer.from([nullable]);
  if (nullable >= 0x29 && nullable <= 0x2b) return Buffer.from([nullable, scale]);
  // decimal as numeric, which is what bulk loads of Microsoft's own clients send for both.
  if (nullable === 0x6a || nullable === 0x6c) return Buffer.from([0x6c, dataLength, precision, scale]);
  return Buffer.from([nullable, dataLength]);
}
