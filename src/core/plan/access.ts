/** Who may do what in a store database: everything is granted to roles, never to a person. */

/** May execute every procedure and function: what POS calls. The name is the field's own. */
export const executorRole = 'db_executor';

/** What a register and the sync service need at run time: read, write, execute; never db_owner. */
export const registerRole = 'storedb_register';

/** The roles that `registerRole` belongs to. */
export const registerMemberships = ['db_datareader', 'db_datawriter', executorRole] as const;

/** A user without a login that has `registerRole`, so that its rights can be asked for as somebody who has them. */
export const checkUser = 'storedb_check';

/** The user tables on which the register role lacks one of the four rights as a grant of its own. */
export const missingTableGrants = `SELECT t.object_id, t.schema_id, t.name
FROM sys.tables AS t
WHERE t.is_ms_shipped = 0 AND LOWER(SCHEMA_NAME(t.schema_id)) <> N'storedb' AND 4 > (
  SELECT COUNT(DISTINCT p.type)
  FROM sys.database_permissions AS p JOIN sys.database_principals AS g ON g.principal_id = p.grantee_principal_id
  WHERE p.class = 1 AND p.major_id = t.object_id AND p.minor_id = 0 AND p.state IN ('G', 'W')
    AND p.type IN ('SL', 'IN', 'UP', 'DL') AND LOWER(g.name) = N'${registerRole}')`;
