/**
 * The register of what the practice server does not have: one name for each feature, in the words of its refusal.
 * `*` stands for what the statement named itself. `Refusal`, `refusedOption` and `refusedStatement` take only names
 * that stand here (the compiler checks it); `storedb practice --features` and docs/practice-server.md are made of it.
 * The features that the parser refuses under numbers of their own are in language/refusals.ts.
 */

/** Refused while a statement runs, or when a client's request is read: number 50100. */
export const refusals = {
  'Queries and expressions': [
    'AT TIME ZONE',
    'the function *',
    'the function * in FROM',
    'the data type *',
    'the collation *',
    'comparing values of type *',
    'conversion from * to *',
    'converting binary to *',
    'the binary form of *',
    'date style * (Hijri calendar)',
    '* with OVER',
    'WITHIN GROUP',
    'ORDER BY on VALUES',
    'SYNONYM',
    'DEFAULT for a parameter without one',
    'a view with a star over tables that have new columns',
    'a SELECT that assigns a variable and reads it in another assignment',
    "FOR XML other than PATH('') of one column without a name",
    'FOR XML PATH of *',
    'FORMATMESSAGE with a message number',
    'HASHBYTES with *',
    '* of anything but one int',
    'SQL_VARIANT_PROPERTY TotalBytes',
    'an application lock owner *',
  ],
  'Changes of data': [
    'TOP PERCENT in UPDATE and DELETE',
    '* through a view',
    '* of a common table expression',
    '* of a derived table, view or common table expression',
    'OUTPUT INTO a table with constraints',
    'the bulk option *',
  ],
  Definitions: [
    'CREATE TYPE',
    'DROP *',
    'ALTER TABLE SET *',
    'the global temporary table',
    'a temporary procedure',
    'a trigger on a view',
    'INSTEAD OF triggers',
    'the index option *',
    'IGNORE_DUP_KEY',
    'sp_rename of a *',
  ],
  'Databases and sessions': [
    'ending the sessions of others (WITH ROLLBACK IMMEDIATE)',
    'a read-only database',
    'RECURSIVE_TRIGGERS ON',
    'ALTER DATABASE SET EMERGENCY',
    'SET *',
    '* under SET FMTONLY ON',
    'DBCC *',
    'this form of DBCC CHECKIDENT',
    'DBCC CHECKIDENT without a new seed',
  ],
  'Control of flow and procedures': [
    'this statement',
    'RAISERROR with a message number',
    'RAISERROR of severity 20 and more',
    'such a long loop in a function',
    '* in a scalar function',
    'EXEC of a scalar function',
    'the procedure *',
    'the server cursor',
    'sp_helptext of a column',
    'sp_configure with a new value',
  ],
  Permissions: [
    'ENABLE TRIGGER as a security statement',
    'WITH GRANT OPTION for server permissions',
    'REVOKE and DENY CASCADE of permissions that were passed on',
    'column permissions',
    'permissions on *',
    'PASSWORD with HASHED',
    'PASSWORD with MUST_CHANGE',
    'ALTER AUTHORIZATION ON *',
  ],
  'What clients send': [
    'sending char and varchar in the code page *',
    'a table-valued parameter',
    'a parameter of a CLR type',
    'an xml schema collection',
    'an encrypted parameter (Always Encrypted)',
    'a distributed transaction',
    'Windows authentication other than NTLM of known users',
    'federated authentication',
  ],
} as const;

/** Options and hints that are not on the list of those understood: number 50190, found while the text is parsed. */
export const refusedOptions = [
  'SET *',
  'OPTION (*)',
  'The option *',
  'The table hint *',
  'The file option *',
  'The login option *',
  'The user option *',
  'The securable class *',
  'A module WITH *',
  'INSERT BULK WITH *',
  'RAISERROR WITH *',
  'DBCC WITH *',
  'CREATE DATABASE WITH *',
  'CONTAINMENT other than NONE',
  'ALTER DATABASE SET *',
  'ALTER LOGIN CREDENTIAL',
] as const;

/** Whole statements that begin with such a word. https://learn.microsoft.com/sql/t-sql/statements/statements */
export const refusedWords = [
  'BACKUP',
  'RESTORE',
  'KILL',
  'SHUTDOWN',
  'RECONFIGURE',
  'READTEXT',
  'WRITETEXT',
  'UPDATETEXT',
  'LINENO',
  'DUMP',
  'LOAD',
  'SETUSER',
  'DISK',
] as const;

/** Whole statements, named by their first words: number 50191, found while the text is parsed. */
export const refusedStatements = [
  ...refusedWords,
  'PARSE',
  'TRY_PARSE',
  'CREATE *',
  'ALTER *',
  'DROP *',
  'DBCC *',
] as const;

/** A name of the register with something in the place of each `*`. */
type Named<Name extends string> = Name extends `${infer Before}*${infer After}`
  ? `${Before}${string}${Named<After>}`
  : Name;

export type RefusedFeatureName = Named<(typeof refusals)[keyof typeof refusals][number]>;
export type RefusedOptionName = Named<(typeof refusedOptions)[number]>;
export type RefusedStatementName = Named<(typeof refusedStatements)[number]>;
