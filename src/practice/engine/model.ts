/**
 * What a practice server holds: logins, databases, and in them schemas, objects, principals and permissions.
 * Plain mutable data, changed only by the engine's statements (which log how to undo each change) and read by the
 * executor, the catalog views and the metadata functions. Names keep their written case; maps are keyed by the
 * folded name (`foldName`).
 */

import type {
  Condition,
  ConstraintDefinition,
  Expression,
  Parameter,
  Query,
  ReferentialAction,
  Statement,
} from '../language/syntax.ts';
import type { TableStorage } from './storage.ts';
import type { ResultColumn, SqlType, Value } from './types.ts';

/** The key under which a name is found: case-insensitive, as in a CI collation. */
export const foldName = (name: string): string => name.toUpperCase();

export type Server = {
  readonly name: string;
  /** '.' unless it pretends to be a named instance. */
  readonly instance: string;
  readonly productVersion: string;
  readonly edition: string;
  readonly engineEdition: number;
  readonly collation: string;
  readonly startedAt: Date;
  /** What T-SQL takes for the present time. */
  now(): Date;
  isIntegratedSecurityOnly: boolean;
  readonly databases: Map<string, Database>;
  readonly logins: Map<string, Login>;
  readonly sessions: Map<number, SessionState>;
  /** The next ids of databases, server principals and sessions. */
  readonly next: { database: number; principal: number; session: number };
  /** Held and awaited locks, for sys.dm_tran_locks and for finding who holds an application lock. */
  lockRows(): Iterable<LockRow>;
  /** MIN_ACTIVE_ROWVERSION(): the lowest rowversion of an open transaction in the database, else the next one. Set by the engine. */
  lowestActiveRowversion?: (database: Database) => bigint;
};

export type LockRow = {
  readonly sessionId: number;
  readonly databaseId: number;
  readonly resource: 'DATABASE' | 'OBJECT' | 'KEY' | 'APPLICATION';
  readonly objectId: number;
  /** As sys.dm_tran_locks.resource_description shows it. */
  readonly description: string;
  readonly mode: string;
  readonly status: 'GRANT' | 'WAIT';
  readonly owner: 'TRANSACTION' | 'SESSION';
};

export type Login = {
  name: string;
  readonly id: number;
  readonly sid: Uint8Array;
  readonly type: 'S' | 'U' | 'G' | 'R';
  /** Only SQL logins: the hash, see catalog/password-hash.ts. Never shown by a view. */
  password: string | undefined;
  isDisabled: boolean;
  defaultDatabase: string;
  defaultLanguage: string;
  readonly createdAt: Date;
  /** Folded names of the server roles it is a member of: SYSADMIN, DBCREATOR, SECURITYADMIN, ... */
  readonly roles: Set<string>;
  /** Server-level permissions, upper case, e.g. 'CREATE ANY DATABASE'. */
  readonly permissions: Map<string, 'GRANT' | 'DENY'>;
};

export type Database = {
  name: string;
  readonly id: number;
  ownerSid: Uint8Array;
  readonly createdAt: Date;
  collation: string;
  compatibilityLevel: number;
  readonly options: DatabaseOptions;
  readonly schemas: Map<string, Schema>;
  /** Every object of every schema, by object id; names are looked up in `Schema.objects`. */
  readonly objects: Map<number, SchemaObject>;
  readonly principals: Map<string, Principal>;
  readonly permissions: Permission[];
  readonly extendedProperties: ExtendedProperty[];
  readonly types: Map<string, UserType>;
  readonly next: { object: number; principal: number; schema: number };
  /** The value that the next rowversion gets. */
  rowversion: bigint;
};

export type DatabaseOptions = {
  recovery: 'SIMPLE' | 'FULL' | 'BULK_LOGGED';
  snapshotIsolation: boolean;
  readCommittedSnapshot: boolean;
  pageVerify: 'CHECKSUM' | 'TORN_PAGE_DETECTION' | 'NONE';
  autoClose: boolean;
  autoShrink: boolean;
  isReadOnly: boolean;
  userAccess: 'MULTI_USER' | 'SINGLE_USER' | 'RESTRICTED_USER';
  state: 'ONLINE' | 'OFFLINE' | 'RESTORING';
  /** Everything else that ALTER DATABASE SET accepted and recorded, upper-case names. */
  readonly recorded: Map<string, string>;
};

export type Schema = {
  name: string;
  readonly id: number;
  ownerId: number;
  readonly objects: Map<string, SchemaObject>;
};

type ObjectBase = {
  name: string;
  readonly id: number;
  schema: Schema;
  readonly createdAt: Date;
  modifiedAt: Date /** The table of a constraint or trigger, else 0. */;
  readonly parentId: number;
};

export type SchemaObject =
  | Table
  | View
  | Procedure
  | ScalarFunction
  | TableFunction
  | Trigger
  | Constraint
  | Synonym;

export type Table = ObjectBase & {
  readonly kind: 'table';
  columns: Column[];
  /** Column ids are never used again after DROP COLUMN. */
  nextColumnId: number;
  nextIndexId: number;
  /** In creation order; primary key and unique constraints own their index. */
  readonly indexes: Index[];
  readonly constraints: Constraint[];
  readonly triggers: Trigger[];
  identity:
    | {
        readonly columnId: number;
        readonly seed: bigint;
        readonly increment: bigint /** undefined until the first row. */;
        last: bigint | undefined;
      }
    | undefined;
  readonly storage: TableStorage;
};

export type Column = {
  name: string;
  readonly id: number;
  type: SqlType;
  /** The declared type name where it was a user type or sysname/timestamp, for sys.types joins. */
  declaredType: string;
  isNullable: boolean;
  readonly isIdentity: boolean;
  isRowGuid: boolean;
  default: (Constraint & { readonly definition: { readonly kind: 'default' } }) | undefined;
  readonly computed:
    | { readonly expression: Expression; readonly text: string; readonly isPersisted: boolean }
    | undefined;
};

export type Index = {
  name: string;
  /** 1 = clustered; 0 does not occur here (a heap has no Index). */
  readonly id: number;
  readonly isUnique: boolean;
  readonly isClustered: boolean;
  readonly isPrimaryKey: boolean;
  readonly isUniqueConstraint: boolean;
  isDisabled: boolean;
  readonly columns: readonly { readonly columnId: number; readonly descending: boolean }[];
  readonly include: readonly number[];
  readonly filter: { readonly condition: Condition; readonly text: string } | undefined;
  readonly options: Readonly<Record<string, string | number | boolean>>;
};

export type Constraint = ObjectBase & {
  readonly kind: 'constraint';
  /** PK, UQ, C (check), D (default), F (foreign key): sys.objects.type. */
  readonly type: 'PK' | 'UQ' | 'C' | 'D' | 'F';
  readonly isSystemNamed: boolean;
  isDisabled: boolean;
  isTrusted: boolean;
  readonly definition: ConstraintDefinition;
  /** PK and UQ: their index. F: the resolved columns. D: the column. */
  readonly index?: Index;
  readonly foreignKey?: {
    readonly columnIds: readonly number[];
    readonly referencedTable: Table;
    readonly referencedColumnIds: readonly number[];
    readonly onDelete: ReferentialAction;
    readonly onUpdate: ReferentialAction;
  };
  readonly columnId?: number;
};

export type View = ObjectBase & {
  readonly kind: 'view';
  /** WITH SCHEMABINDING: what it names cannot be dropped. */
  readonly isSchemaBound?: boolean;
  text: string;
  query: Query;
  columns: readonly ResultColumn[];
  columnNames: readonly string[] | undefined;
};
export type Procedure = ObjectBase & {
  readonly kind: 'procedure';
  /** The user that it runs as; its caller where nothing is said. */
  runAs?: string | undefined;
  text: string;
  parameters: readonly Parameter[];
  body: readonly Statement[];
};
export type ScalarFunction = ObjectBase & {
  readonly kind: 'scalar-function';
  /** WITH SCHEMABINDING: what it names cannot be dropped. */
  readonly isSchemaBound?: boolean;
  text: string;
  parameters: readonly Parameter[];
  returns: SqlType;
  body: readonly Statement[];
};
export type TableFunction = ObjectBase & {
  readonly kind: 'table-function';
  /** WITH SCHEMABINDING: what it names cannot be dropped. */
  readonly isSchemaBound?: boolean;
  text: string;
  parameters: readonly Parameter[];
  query: Query;
  columns: readonly ResultColumn[];
};
export type Trigger = ObjectBase & {
  readonly kind: 'trigger';
  /** The user that it runs as; its caller where nothing is said. */
  runAs?: string | undefined;
  text: string;
  readonly timing: 'after' | 'instead-of';
  events: readonly ('insert' | 'update' | 'delete')[];
  body: readonly Statement[];
  isDisabled: boolean;
};
export type Synonym = ObjectBase & { readonly kind: 'synonym'; readonly target: string };

export type UserType = {
  readonly name: string;
  readonly schema: Schema;
  readonly id: number;
  readonly base: SqlType;
  readonly isNullable: boolean;
};

/** A database principal. Fixed roles (db_owner, ...), public, dbo, guest, sys and INFORMATION_SCHEMA exist from the start. */
export type Principal = {
  name: string;
  readonly id: number;
  /** S SQL user, U Windows user, G Windows group, R database role. */
  readonly type: 'S' | 'U' | 'G' | 'R';
  /** Of the login it belongs to; undefined for roles and users without login. */
  sid: Uint8Array | undefined;
  defaultSchema: string | undefined;
  readonly isFixedRole: boolean;
  ownerId: number;
  readonly createdAt: Date;
  /** Principal ids of the roles that it is a direct member of. */
  readonly memberOf: Set<number>;
};

/** A row of sys.database_permissions. class 0 database, 1 object or column, 3 schema, 4 principal. */
export type Permission = {
  readonly class: 0 | 1 | 3 | 4 | 6;
  readonly majorId: number;
  readonly minorId: number;
  readonly granteeId: number;
  readonly grantorId: number;
  readonly permission: string;
  readonly state: 'GRANT' | 'DENY' | 'GRANT_WITH_GRANT_OPTION';
};

export type ExtendedProperty = {
  readonly class: number;
  readonly majorId: number;
  readonly minorId: number;
  readonly name: string;
  value: Value;
};

/** The state of a session that functions (@@ROWCOUNT, SUSER_SNAME, ...) and views (sys.dm_exec_sessions) read. */
export type SessionState = {
  readonly id: number;
  readonly server: Server;
  /** Who acts: the login of the connection, or the one that EXECUTE AS put in its place. */
  login: Login;
  /** The connection's own login while EXECUTE AS has another one act. */
  originalLogin?: Login | undefined;
  database: Database;
  /** The user of `login` in `database`. */
  user: Principal;
  readonly host: string;
  readonly application: string;
  readonly processId: number;
  readonly isEncrypted: boolean;
  readonly connectedAt: Date;
  lastRequestAt: Date;
  status: 'running' | 'sleeping';
  rowCount: bigint;
  /** Number of the last statement's error, 0 if none: @@ERROR. */
  lastError: number;
  /** @@IDENTITY and SCOPE_IDENTITY() of the current scope. */
  lastIdentity: bigint | undefined;
  scopeIdentity: bigint | undefined;
  transactionCount: number;
  /** XACT_STATE(): 0 none, 1 open, -1 doomed. */
  transactionState: 0 | 1 | -1;
  contextInfo: Uint8Array;
  language: string;
  dateFirst: number;
  dateFormat: string;
  textSize: number;
  /** Milliseconds, -1 = wait for ever. */
  lockTimeout: number;
  isolation: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable' | 'snapshot';
  /** SET options that are on, lower case: nocount, xact_abort, ansi_nulls, quoted_identifier, arithabort, ... */
  readonly options: Set<string>;
  /** Temporary tables that the running scope sees, by folded name with #. They are objects of tempdb under a longer name. */
  readonly temporaryTables?: ReadonlyMap<string, Table>;
  /** Nesting of procedures and triggers: @@NESTLEVEL, TRIGGER_NESTLEVEL(). */
  nestLevel: number;
  triggerNestLevel: number;
  /** The module that runs (@@PROCID), or 0. */
  moduleId: number;
  /** The error that a CATCH block handles: ERROR_NUMBER() and its kin. */
  caught:
    | {
        readonly number: number;
        readonly text: string;
        readonly severity: number;
        readonly state: number;
        readonly line: number;
        readonly procedure: string | undefined;
      }
    | undefined;
};
