/**
 * Types and values of the practice engine. A type is known for every expression before it runs; the value alone
 * does not carry it.
 */

export type TypeKind =
  | 'bit'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'numeric'
  | 'decimal'
  | 'money'
  | 'smallmoney'
  | 'float'
  | 'real'
  | 'char'
  | 'varchar'
  | 'nchar'
  | 'nvarchar'
  | 'text'
  | 'ntext'
  | 'binary'
  | 'varbinary'
  | 'image'
  | 'rowversion'
  | 'date'
  | 'time'
  | 'smalldatetime'
  | 'datetime'
  | 'datetime2'
  | 'datetimeoffset'
  | 'uniqueidentifier'
  | 'sql_variant'
  | 'xml'
  | 'sysname'
  /** The type of a bare NULL until something gives it one. It goes to the wire as int. */
  | 'null';

/**
 * A type with its facets. `length`: characters for (n)char and (n)varchar, bytes for binary types, 'max' for the
 * large ones. `precision`/`scale`: numeric and decimal; `scale` also for time, datetime2, datetimeoffset (0-7).
 * `sysname` is resolved to nvarchar(128) before it gets here.
 */
export type SqlType = {
  readonly kind: TypeKind;
  readonly length?: number | 'max';
  readonly precision?: number;
  readonly scale?: number;
  readonly collation?: string;
};

/**
 * A value; NULL is null. By kind:
 * bit: boolean · tinyint, smallint, int, float, real: number · bigint: bigint ·
 * numeric, decimal: bigint, scaled by the type's scale · money, smallmoney: bigint, scaled by 4 ·
 * character types, uniqueidentifier (upper case, with dashes): string ·
 * binary types, rowversion (8 bytes): Uint8Array (a Buffer) ·
 * date: number of days since 0001-01-01 ·
 * time: bigint, units of 100 ns since midnight ·
 * smalldatetime: number of minutes since 1900-01-01 · datetime: number of 1/300 s since 1900-01-01 (may be negative) ·
 * datetime2: bigint, units of 100 ns since 0001-01-01 · datetimeoffset: DateTimeOffset ·
 * sql_variant: Variant.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | DateTimeOffset | Variant;
/** UTC instant in units of 100 ns since 0001-01-01, and the offset in minutes. */
export type DateTimeOffset = { readonly utc: bigint; readonly offset: number };
export type Variant = { readonly type: SqlType; readonly value: Exclude<Value, Variant> };

export type Row = readonly Value[];

/** A column of a result: `name` is '' where it has none. */
export type ResultColumn = {
  readonly name: string;
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly isIdentity?: boolean;
};
