import { fold } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';

type ColumnRow = {
  readonly tableName: string;
  readonly columnName: string;
  readonly typeName: string;
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly isNullable: boolean;
  readonly isIdentity: boolean;
  readonly isComputed: boolean;
  readonly collation: string | null;
  readonly isDatabaseCollation: number;
  readonly keyOrdinal: number | null;
  readonly clusteredIsKey: number;
};

/**
 * The shapes of all user tables of the schema dbo, by folded name: one statement, whatever their number. A register's
 * profile names most of them, and a filter of hundreds of names costs more than it saves.
 */
export async function readTableShapes(
  session: SqlSession,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TableShape>> {
  const rows = await session.query<ColumnRow>(shapesQuery, {}, signal);
  const byTable = Map.groupBy(rows, ({ tableName }) => fold(tableName));
  return new Map([...byTable].map(([name, columns]) => [name, shapeOf(columns)]));
}

/** User types are resolved to the system type below them (system_type_id = user_type_id names it). */
const shapesQuery = `SELECT t.name AS tableName, c.name AS columnName, y.name AS typeName, c.max_length AS maxLength,
  c.precision AS [precision], c.scale AS scale, c.is_nullable AS isNullable, c.is_identity AS isIdentity,
  c.is_computed AS isComputed, c.collation_name AS collation, k.key_ordinal AS keyOrdinal,
  CASE WHEN c.collation_name = CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128)) THEN 1 ELSE 0 END AS isDatabaseCollation,
  CASE WHEN EXISTS (
    SELECT 1 FROM sys.indexes AS i WHERE i.object_id = t.object_id AND i.type = 1 AND i.is_primary_key = 1
  ) THEN 1 ELSE 0 END AS clusteredIsKey
FROM sys.tables AS t
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
JOIN sys.columns AS c ON c.object_id = t.object_id
JOIN sys.types AS y ON y.user_type_id = c.system_type_id
LEFT JOIN sys.indexes AS p ON p.object_id = t.object_id AND p.is_primary_key = 1
LEFT JOIN sys.index_columns AS k ON k.object_id = t.object_id AND k.index_id = p.index_id AND k.column_id = c.column_id AND k.key_ordinal > 0
WHERE t.is_ms_shipped = 0 AND LOWER(s.name) = N'dbo'
ORDER BY t.name, c.column_id`;

function shapeOf(rows: readonly ColumnRow[]): TableShape {
  const key = rows
    .flatMap(({ columnName, keyOrdinal }) => (keyOrdinal === null ? [] : [{ columnName, keyOrdinal }]))
    .sort((left, right) => left.keyOrdinal - right.keyOrdinal);
  return {
    schema: 'dbo',
    name: rows[0]?.tableName ?? '',
    columns: rows.map(columnOf),
    primaryKey: key.map(({ columnName }) => columnName),
    isClusteredOnKey: rows[0]?.clusteredIsKey === 1,
  };
}

function columnOf(row: ColumnRow): ColumnShape {
  return {
    name: row.columnName,
    type: fold(row.typeName),
    maxLength: row.maxLength,
    precision: row.precision,
    scale: row.scale,
    isNullable: Boolean(row.isNullable),
    isIdentity: Boolean(row.isIdentity),
    isComputed: Boolean(row.isComputed),
    collation: row.collation ?? undefined,
    isDatabaseCollation: row.isDatabaseCollation === 1,
  };
}
