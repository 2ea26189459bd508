/** The types of sys.types and what the catalog says of a column's type. */

import type { Column, Database, UserType } from '../engine/model.ts';
import type { SqlType } from '../engine/types.ts';

export type TypeRow = {
  readonly name: string;
  readonly systemTypeId: number;
  readonly userTypeId: number;
  readonly schemaId: number;
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly isNullable: boolean;
  readonly isUserDefined: boolean;
  readonly hasCollation: boolean;
};

/** name, system_type_id, max_length, precision, scale. https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-types-transact-sql */
const list: readonly (readonly [string, number, number, number, number])[] = [
  ['image', 34, 16, 0, 0],
  ['text', 35, 16, 0, 0],
  ['uniqueidentifier', 36, 16, 0, 0],
  ['date', 40, 3, 10, 0],
  ['time', 41, 5, 16, 7],
  ['datetime2', 42, 8, 27, 7],
  ['datetimeoffset', 43, 10, 34, 7],
  ['tinyint', 48, 1, 3, 0],
  ['smallint', 52, 2, 5, 0],
  ['int', 56, 4, 10, 0],
  ['smalldatetime', 58, 4, 16, 0],
  ['real', 59, 4, 24, 0],
  ['money', 60, 8, 19, 4],
  ['datetime', 61, 8, 23, 3],
  ['float', 62, 8, 53, 0],
  ['sql_variant', 98, 8016, 0, 0],
  ['ntext', 99, 16, 0, 0],
  ['bit', 104, 1, 1, 0],
  ['decimal', 106, 17, 38, 38],
  ['numeric', 108, 17, 38, 38],
  ['smallmoney', 122, 4, 10, 4],
  ['bigint', 127, 8, 19, 0],
  ['varbinary', 165, 8000, 0, 0],
  ['varchar', 167, 8000, 0, 0],
  ['binary', 173, 8000, 0, 0],
  ['char', 175, 8000, 0, 0],
  ['timestamp', 189, 8, 0, 0],
  ['nvarchar', 231, 8000, 0, 0],
  ['nchar', 239, 8000, 0, 0],
  ['xml', 241, -1, 0, 0],
];

const characterNames = new Set(['text', 'ntext', 'varchar', 'char', 'nvarchar', 'nchar', 'sysname']);

const systemTypes: readonly TypeRow[] = [
  ...list.map(([name, id, maxLength, precision, scale]) => ({
    name,
    systemTypeId: id,
    userTypeId: id,
    schemaId: 4,
    maxLength,
    precision,
    scale,
    isNullable: name !== 'timestamp',
    isUserDefined: false,
    hasCollation: characterNames.has(name),
  })),
  {
    name: 'sysname',
    systemTypeId: 231,
    userTypeId: 256,
    schemaId: 4,
    maxLength: 256,
    precision: 0,
    scale: 0,
    isNullable: false,
    isUserDefined: false,
    hasCollation: true,
  },
];

const byName = new Map(systemTypes.map((row) => [row.name, row]));

/** The types of a database: those of the system, then its own. */
export const typesOf = (database: Database): readonly TypeRow[] => [
  ...systemTypes,
  ...[...database.types.values()].map(userTypeRow),
];

const userTypeRow = (type: UserType): TypeRow => ({
  name: type.name,
  systemTypeId: systemTypeId(type.base),
  userTypeId: type.id,
  schemaId: type.schema.id,
  ...facetsOf(type.base),
  isNullable: type.isNullable,
  isUserDefined: true,
  hasCollation: isCharacterType(type.base),
});

/** The catalog's name of a type: 'timestamp' for rowversion. */
export const catalogName = (type: SqlType): string =>
  type.kind === 'rowversion' ? 'timestamp' : type.kind === 'null' ? 'int' : type.kind;

export const systemTypeId = (type: SqlType): number => byName.get(catalogName(type))?.systemTypeId ?? 0;

/** sys.columns.user_type_id: that of the alias or of sysname where the column was declared so. */
export function userTypeId(column: Pick<Column, 'type' | 'declaredType'>, database: Database): number {
  const declared = column.declaredType.toLowerCase();
  if (declared === 'sysname') return 256;
  const own = declared === '' ? undefined : database.types.get(column.declaredType.toUpperCase());
  return own?.id ?? systemTypeId(column.type);
}

export const isCharacterType = (type: SqlType): boolean => characterNames.has(type.kind);

/** Bytes, digits and decimal places as sys.columns counts them; max_length -1 for (max) types. */
export function facetsOf(type: SqlType): { maxLength: number; precision: number; scale: number } {
  const row = byName.get(catalogName(type));
  const plain = { maxLength: row?.maxLength ?? 0, precision: row?.precision ?? 0, scale: row?.scale ?? 0 };
  const scale = type.scale ?? 7;
  // One byte more above 2 and above 4 fractional digits; a point and the digits in the text form.
  const fraction = scale <= 2 ? 0 : scale <= 4 ? 1 : 2;
  const digits = scale === 0 ? 0 : scale + 1;
  switch (type.kind) {
    case 'nchar':
    case 'nvarchar':
      return { ...plain, maxLength: type.length === 'max' ? -1 : (type.length ?? 1) * 2 };
    case 'char':
    case 'varchar':
    case 'binary':
    case 'varbinary':
      return { ...plain, maxLength: type.length === 'max' ? -1 : (type.length ?? 1) };
    case 'numeric':
    case 'decimal': {
      const precision = type.precision ?? 18;
      const maxLength = precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
      return { maxLength, precision, scale: type.scale ?? 0 };
    }
    case 'time':
      return { maxLength: 3 + fraction, precision: 8 + digits, scale };
    case 'datetime2':
      return { maxLength: 6 + fraction, precision: 19 + digits, scale };
    case 'datetimeoffset':
      return { maxLength: 8 + fraction, precision: 26 + digits, scale };
    default:
      return plain;
  }
}
