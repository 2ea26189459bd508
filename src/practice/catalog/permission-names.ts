/**
 * The permissions of SQL Server 2012: their short codes and what covers them.
 * Source: https://learn.microsoft.com/sql/relational-databases/security/permissions-database-engine
 */

/** Where a permission is held. */
export type PermissionClass = 'server' | 'database' | 'schema' | 'object' | 'principal';

export type PermissionName = {
  readonly name: string;
  /** The four characters of sys.database_permissions.type, without padding. */
  readonly code: string;
  /** The permission of the same securable that includes this one. */
  readonly coveredBy: string | undefined;
  /** The permission of the securable above that includes this one. */
  readonly coveredAbove: string | undefined;
};

/** Lines of `NAME|CODE|covered by|covered above`. */
const read = (lines: string): ReadonlyMap<string, PermissionName> =>
  new Map(
    lines
      .trim()
      .split('\n')
      .map((line): [string, PermissionName] => {
        const [name = '', code = '', coveredBy, coveredAbove] = line.trim().split('|');
        return [
          name,
          { name, code, coveredBy: coveredBy || undefined, coveredAbove: coveredAbove || undefined },
        ];
      }),
  );

const server = read(`
  CONTROL SERVER|CL
  ADMINISTER BULK OPERATIONS|ADBO|CONTROL SERVER
  ALTER ANY CONNECTION|ALCO|CONTROL SERVER
  ALTER ANY CREDENTIAL|ALCD|CONTROL SERVER
  ALTER ANY DATABASE|ALDB|CONTROL SERVER
  ALTER ANY ENDPOINT|ALHE|CONTROL SERVER
  ALTER ANY EVENT NOTIFICATION|ALES|CONTROL SERVER
  ALTER ANY LINKED SERVER|ALLS|CONTROL SERVER
  ALTER ANY LOGIN|ALLG|CONTROL SERVER
  ALTER ANY SERVER AUDIT|ALAA|CONTROL SERVER
  ALTER ANY SERVER ROLE|ALSR|CONTROL SERVER
  ALTER RESOURCES|ALRS|CONTROL SERVER
  ALTER SERVER STATE|ALSS|CONTROL SERVER
  ALTER SETTINGS|ALST|CONTROL SERVER
  ALTER TRACE|ALTR|CONTROL SERVER
  AUTHENTICATE SERVER|AUTH|CONTROL SERVER
  CONNECT SQL|COSQ|CONTROL SERVER
  CREATE ANY DATABASE|CRDB|ALTER ANY DATABASE
  CREATE DDL EVENT NOTIFICATION|CRDE|ALTER ANY EVENT NOTIFICATION
  CREATE ENDPOINT|CRHE|ALTER ANY ENDPOINT
  CREATE SERVER ROLE|CRSR|ALTER ANY SERVER ROLE
  CREATE TRACE EVENT NOTIFICATION|CRTE|ALTER ANY EVENT NOTIFICATION
  EXTERNAL ACCESS ASSEMBLY|XA|CONTROL SERVER
  SHUTDOWN|SHDN|CONTROL SERVER
  UNSAFE ASSEMBLY|XU|CONTROL SERVER
  VIEW ANY DATABASE|VWDB|ALTER ANY DATABASE
  VIEW ANY DEFINITION|VWAD|CONTROL SERVER
  VIEW SERVER STATE|VWSS|ALTER SERVER STATE
`);

const database = read(`
  CONTROL|CL||CONTROL SERVER
  ALTER|AL|CONTROL|ALTER ANY DATABASE
  ALTER ANY APPLICATION ROLE|ALAR|ALTER
  ALTER ANY ASSEMBLY|ALAS|ALTER
  ALTER ANY DATABASE DDL TRIGGER|ALTG|ALTER
  ALTER ANY DATASPACE|ALDS|ALTER
  ALTER ANY ROLE|ALRL|ALTER
  ALTER ANY SCHEMA|ALSM|ALTER
  ALTER ANY USER|ALUS|ALTER
  AUTHENTICATE|AUTH|CONTROL|AUTHENTICATE SERVER
  BACKUP DATABASE|BADB|CONTROL
  BACKUP LOG|BALO|CONTROL
  CHECKPOINT|CP|CONTROL
  CONNECT|CO|CONNECT REPLICATION
  CONNECT REPLICATION|CORP|CONTROL
  CREATE DATABASE|CRDB|CONTROL|CREATE ANY DATABASE
  CREATE DEFAULT|CRDF|ALTER
  CREATE FUNCTION|CRFN|ALTER
  CREATE PROCEDURE|CRPR|ALTER
  CREATE ROLE|CRRL|ALTER ANY ROLE
  CREATE RULE|CRRU|ALTER
  CREATE SCHEMA|CRSM|ALTER ANY SCHEMA
  CREATE SYNONYM|CRSN|ALTER
  CREATE TABLE|CRTB|ALTER
  CREATE TYPE|CRTY|ALTER
  CREATE VIEW|CRVW|ALTER
  DELETE|DL|CONTROL
  EXECUTE|EX|CONTROL
  INSERT|IN|CONTROL
  REFERENCES|RF|CONTROL
  SELECT|SL|CONTROL
  SHOWPLAN|SPLN|CONTROL|ALTER TRACE
  SUBSCRIBE QUERY NOTIFICATIONS|SUQN|CONTROL
  TAKE OWNERSHIP|TO|CONTROL
  UPDATE|UP|CONTROL
  VIEW DATABASE STATE|VWDS|CONTROL|VIEW SERVER STATE
  VIEW DEFINITION|VW|CONTROL|VIEW ANY DEFINITION
`);

const schema = read(`
  CONTROL|CL||CONTROL
  ALTER|AL|CONTROL|ALTER ANY SCHEMA
  CREATE SEQUENCE|CRSO|ALTER
  DELETE|DL|CONTROL|DELETE
  EXECUTE|EX|CONTROL|EXECUTE
  INSERT|IN|CONTROL|INSERT
  REFERENCES|RF|CONTROL|REFERENCES
  SELECT|SL|CONTROL|SELECT
  TAKE OWNERSHIP|TO|CONTROL
  UPDATE|UP|CONTROL|UPDATE
  VIEW CHANGE TRACKING|VWCT|CONTROL
  VIEW DEFINITION|VW|CONTROL|VIEW DEFINITION
`);

const object = read(`
  CONTROL|CL||CONTROL
  ALTER|AL|CONTROL|ALTER
  DELETE|DL|CONTROL|DELETE
  EXECUTE|EX|CONTROL|EXECUTE
  INSERT|IN|CONTROL|INSERT
  REFERENCES|RF|CONTROL|REFERENCES
  SELECT|SL|CONTROL|SELECT
  TAKE OWNERSHIP|TO|CONTROL
  UPDATE|UP|CONTROL|UPDATE
  VIEW CHANGE TRACKING|VWCT|CONTROL|VIEW CHANGE TRACKING
  VIEW DEFINITION|VW|CONTROL|VIEW DEFINITION
`);

const principal = read(`
  CONTROL|CL||CONTROL
  ALTER|AL|CONTROL|ALTER
  IMPERSONATE|IM|CONTROL
  TAKE OWNERSHIP|TO|CONTROL
  VIEW DEFINITION|VW|CONTROL|VIEW DEFINITION
`);

export const permissionNames: Readonly<Record<PermissionClass, ReadonlyMap<string, PermissionName>>> = {
  server,
  database,
  schema,
  object,
  principal,
};

/** The securable class above, whose permissions reach down. */
export const classAbove: Readonly<Record<PermissionClass, PermissionClass | undefined>> = {
  server: undefined,
  database: 'server',
  schema: 'database',
  object: 'schema',
  principal: 'database',
};

/** What membership of a fixed server role gives; sysadmin is asked apart, it passes every check. */
export const serverRolePermissions: ReadonlyMap<string, readonly string[]> = new Map([
  ['SECURITYADMIN', ['ALTER ANY LOGIN']],
  [
    'SERVERADMIN',
    ['ALTER ANY ENDPOINT', 'ALTER RESOURCES', 'ALTER SERVER STATE', 'ALTER SETTINGS', 'SHUTDOWN'],
  ],
  ['SETUPADMIN', ['ALTER ANY LINKED SERVER']],
  ['PROCESSADMIN', ['ALTER ANY CONNECTION', 'ALTER SERVER STATE']],
  ['DISKADMIN', ['ALTER RESOURCES']],
  ['DBCREATOR', ['ALTER ANY DATABASE', 'CREATE ANY DATABASE']],
  ['BULKADMIN', ['ADMINISTER BULK OPERATIONS']],
]);

type FixedRolePermissions = {
  readonly grant: readonly string[];
  readonly deny?: readonly string[];
};

/** What membership of a fixed database role gives, at the level of the database, by the role's principal id. */
export const databaseRolePermissions: ReadonlyMap<number, FixedRolePermissions> = new Map([
  [16384, { grant: ['CONTROL'] }],
  [16385, { grant: ['ALTER ANY USER', 'CREATE SCHEMA', 'CONNECT'] }],
  [16386, { grant: ['ALTER ANY APPLICATION ROLE', 'ALTER ANY ROLE', 'CREATE SCHEMA', 'VIEW DEFINITION'] }],
  [
    16387,
    {
      grant: [
        'ALTER ANY ASSEMBLY',
        'ALTER ANY DATABASE DDL TRIGGER',
        'ALTER ANY DATASPACE',
        'ALTER ANY SCHEMA',
        'CHECKPOINT',
        'CREATE DEFAULT',
        'CREATE FUNCTION',
        'CREATE PROCEDURE',
        'CREATE RULE',
        'CREATE SYNONYM',
        'CREATE TABLE',
        'CREATE TYPE',
        'CREATE VIEW',
        'REFERENCES',
      ],
    },
  ],
  [16389, { grant: ['BACKUP DATABASE', 'BACKUP LOG', 'CHECKPOINT'] }],
  [16390, { grant: ['SELECT'] }],
  [16391, { grant: ['DELETE', 'INSERT', 'UPDATE'] }],
  [16392, { grant: [], deny: ['SELECT'] }],
  [16393, { grant: [], deny: ['DELETE', 'INSERT', 'UPDATE'] }],
]);
