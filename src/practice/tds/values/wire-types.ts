/** Data type tokens of TYPE_INFO, [MS-TDS] 2.2.5.4. */
export const WIRE = {
  null: 0x1f,
  image: 0x22,
  guid: 0x24,
  text: 0x23,
  legacyVarbinary: 0x25,
  intN: 0x26,
  legacyVarchar: 0x27,
  date: 0x28,
  time: 0x29,
  datetime2: 0x2a,
  datetimeoffset: 0x2b,
  legacyBinary: 0x2d,
  legacyChar: 0x2f,
  int1: 0x30,
  bit: 0x32,
  int2: 0x34,
  legacyDecimal: 0x37,
  int4: 0x38,
  smalldatetime: 0x3a,
  real: 0x3b,
  money: 0x3c,
  datetime: 0x3d,
  float: 0x3e,
  legacyNumeric: 0x3f,
  variant: 0x62,
  ntext: 0x63,
  bitN: 0x68,
  decimalN: 0x6a,
  numericN: 0x6c,
  floatN: 0x6d,
  moneyN: 0x6e,
  datetimeN: 0x6f,
  smallmoney: 0x7a,
  int8: 0x7f,
  varbinary: 0xa5,
  varchar: 0xa7,
  binary: 0xad,
  char: 0xaf,
  nvarchar: 0xe7,
  nchar: 0xef,
  udt: 0xf0,
  xml: 0xf1,
  table: 0xf3,
} as const;

/** The length that stands for max in TYPE_INFO, and for NULL in a value of up to 8000 bytes. */
export const MAX_LENGTH = 0xffff;
/** A partially length-prefixed value (PLP) that is NULL. */
export const PLP_NULL = 0xffffffffffffffffn;

/** UserType of a timestamp (rowversion) column; drivers tell it from binary(8) by this alone. */
export const ROWVERSION_USER_TYPE = 0x50;
