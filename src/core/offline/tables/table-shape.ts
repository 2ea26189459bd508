/** What the catalog says about a table; everything that synchronisation needs to know of it. */

export type ColumnShape = {
  /** As the server writes it. */
  readonly name: string;
  /** The system type, folded: 'nvarchar', 'numeric', 'timestamp' (rowversion), ... */
  readonly type: string;
  /** Bytes as in sys.columns: nvarchar(10) = 20, (max) = -1. */
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly isNullable: boolean;
  readonly isIdentity: boolean;
  readonly isComputed: boolean;
  /** Of text columns. */
  readonly collation: string | undefined;
  /** Whether it is the database's own, which the same script gives another name in another database. */
  readonly isDatabaseCollation: boolean;
};

export type TableShape = {
  readonly schema: string;
  /** As the server writes it, which may differ in case from the profile. */
  readonly name: string;
  /** In the order of their column ids. */
  readonly columns: readonly ColumnShape[];
  /** Names of the key's columns in the order of the key; empty where there is no primary key. */
  readonly primaryKey: readonly string[];
  /** Whether the clustered index is the one of the primary key. */
  readonly isClusteredOnKey: boolean;
};

/** The columns that travel: all but computed ones, rowversions, and identities outside the key. */
export function travellingColumns(shape: TableShape): readonly ColumnShape[] {
  const key = new Set(shape.primaryKey);
  return shape.columns.filter(
    ({ name, type, isComputed, isIdentity }) =>
      !isComputed && type !== 'timestamp' && (!isIdentity || key.has(name)),
  );
}
