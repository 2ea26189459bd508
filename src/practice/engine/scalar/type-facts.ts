/** Facts about the data types: families, precedence, sizes, names in messages. */

import type { SqlType, TypeKind } from '../types.ts';

/** Highest first: https://learn.microsoft.com/sql/t-sql/data-types/data-type-precedence-transact-sql */
const precedence: readonly TypeKind[] = [
  'sql_variant',
  'xml',
  'datetimeoffset',
  'datetime2',
  'datetime',
  'smalldatetime',
  'date',
  'time',
  'float',
  'real',
  'decimal',
  'numeric',
  'money',
  'smallmoney',
  'bigint',
  'int',
  'smallint',
  'tinyint',
  'bit',
  'ntext',
  'text',
  'image',
  'rowversion',
  'uniqueidentifier',
  'nvarchar',
  'sysname',
  'nchar',
  'varchar',
  'char',
  'varbinary',
  'binary',
  'null',
];
const ranks = new Map(precedence.map((kind, index) => [kind, index]));

/** Place in the precedence of types; a smaller number wins. */
export const rank = (kind: TypeKind): number => ranks.get(kind) ?? precedence.length;

const kinds = (...list: TypeKind[]): ((type: SqlType) => boolean) => {
  const set = new Set(list);
  return (type) => set.has(type.kind);
};

export const isInteger = kinds('bit', 'tinyint', 'smallint', 'int', 'bigint');
export const isDecimal = kinds('numeric', 'decimal');
export const isMoney = kinds('money', 'smallmoney');
export const isApproximate = kinds('float', 'real');
export const isCharacter = kinds('char', 'varchar', 'nchar', 'nvarchar', 'sysname', 'text', 'ntext');
export const isUnicode = kinds('nchar', 'nvarchar', 'sysname', 'ntext');
export const isBinary = kinds('binary', 'varbinary', 'image', 'rowversion');
/** datetime and smalldatetime, which add and subtract and convert to numbers. */
export const isLegacyDate = kinds('datetime', 'smalldatetime');
export const isModernDate = kinds('date', 'time', 'datetime2', 'datetimeoffset');
export const isTemporal = (type: SqlType): boolean => isLegacyDate(type) || isModernDate(type);
export const isNumber = (type: SqlType): boolean =>
  isInteger(type) || isDecimal(type) || isMoney(type) || isApproximate(type);
/** Exact numbers kept as scaled bigints. */
export const isScaled = (type: SqlType): boolean => isDecimal(type) || isMoney(type);
/** Types of fixed length, whose values are padded. */
export const isFixedCharacter = kinds('char', 'nchar');

/** Digits that hold every value of an exact type. */
export const precisionOf = (type: SqlType): number => {
  switch (type.kind) {
    case 'bit':
      return 1;
    case 'tinyint':
      return 3;
    case 'smallint':
      return 5;
    case 'int':
      return 10;
    case 'bigint':
      return 19;
    case 'smallmoney':
      return 10;
    case 'money':
      return 19;
    default:
      return type.precision ?? 18;
  }
};

/** Digits after the point of an exact number; fractional seconds of a date type. */
export const scaleOf = (type: SqlType): number => {
  if (isMoney(type)) return 4;
  if (type.kind === 'datetime') return 3;
  if (type.kind === 'time' || type.kind === 'datetime2' || type.kind === 'datetimeoffset')
    return type.scale ?? 7;
  return type.scale ?? 0;
};

/** Length facet with 'max' for the types that have none. */
export const lengthOf = (type: SqlType): number | 'max' => {
  if (type.kind === 'text' || type.kind === 'ntext' || type.kind === 'image') return 'max';
  if (type.kind === 'rowversion') return 8;
  return type.length ?? 1;
};

/** The name that messages and the catalog use. */
export const typeName = (type: SqlType): string => {
  if (type.kind === 'null') return 'NULL';
  if (type.kind === 'rowversion') return 'timestamp';
  return type.kind;
};

/** Characters that the text form of any value of the type needs, as CONCAT and + count them. */
export const displayLength = (type: SqlType): number | 'max' => {
  if (isCharacter(type) || isBinary(type)) return lengthOf(type);
  switch (type.kind) {
    case 'bit':
      return 1;
    case 'tinyint':
      return 3;
    case 'smallint':
      return 6;
    case 'int':
      return 12;
    case 'bigint':
      return 24;
    case 'numeric':
    case 'decimal':
      return 41;
    case 'money':
    case 'smallmoney':
      return 30;
    case 'uniqueidentifier':
      return 36;
    case 'date':
      return 10;
    case 'null':
      return 1;
    default:
      return 40;
  }
};

export const INT: SqlType = { kind: 'int' };
export const BIGINT: SqlType = { kind: 'bigint' };
export const FLOAT: SqlType = { kind: 'float' };
export const DATETIME: SqlType = { kind: 'datetime' };
export const varchar = (length: number | 'max'): SqlType => ({ kind: 'varchar', length });
export const nvarchar = (length: number | 'max'): SqlType => ({ kind: 'nvarchar', length });
export const numeric = (precision: number, scale: number): SqlType => ({ kind: 'numeric', precision, scale });
