import type { ConnectionPool } from 'mssql';

/** What must be equal in two databases that went different ways to the same end; nothing with a time or an id in it. */
const questions = {
  tables: `SELECT s.name AS [schema], t.name FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id ORDER BY s.name, t.name`,
  columns: `SELECT t.name AS [table], c.name, y.name AS type, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity
    FROM sys.columns c JOIN sys.tables t ON t.object_id = c.object_id JOIN sys.types y ON y.user_type_id = c.user_type_id
    ORDER BY t.name, c.column_id`,
  indexes: `SELECT t.name AS [table], i.name, i.type_desc, i.is_unique, i.is_primary_key, c.name AS [column], k.key_ordinal, k.is_included_column
    FROM sys.indexes i JOIN sys.tables t ON t.object_id = i.object_id
    JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id
    JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
    ORDER BY t.name, i.name, k.is_included_column, k.key_ordinal, c.name`,
  defaults: `SELECT d.name, d.definition FROM sys.default_constraints d WHERE d.is_system_named = 0 ORDER BY d.name`,
  principals: `SELECT name, type FROM sys.database_principals ORDER BY name`,
  members: `SELECT r.name AS role, m.name AS member FROM sys.database_role_members x
    JOIN sys.database_principals r ON r.principal_id = x.role_principal_id
    JOIN sys.database_principals m ON m.principal_id = x.member_principal_id ORDER BY r.name, m.name`,
  permissions: `SELECT p.class, p.permission_name, p.state, g.name AS grantee FROM sys.database_permissions p
    JOIN sys.database_principals g ON g.principal_id = p.grantee_principal_id ORDER BY g.name, p.class, p.permission_name`,
  modules: `SELECT OBJECT_NAME(object_id) AS name, definition FROM sys.sql_modules ORDER BY OBJECT_NAME(object_id)`,
  version: `SELECT ID, TEXT FROM dbo.POSISINFO ORDER BY ID`,
  scripts: `SELECT DISTINCT ScriptId, Sha256 FROM storedb.Journal WHERE Outcome = 'done' AND ScriptId NOT LIKE 'operation:%' ORDER BY ScriptId`,
} as const;

/** The catalog and the rows of a store database, in a form that `toEqual` can compare. */
export async function catalogOf(pool: ConnectionPool): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(questions)) {
    found[name] = (await pool.request().query(text)).recordset;
  }
  return found;
}
